/** The extension's life: what is started and registered, and when the server starts anew. */

import * as vscode from "vscode";
import { Actions } from "./actions";
import { Server } from "./server";

let server: Server | undefined;

/** Starts the server and registers the commands. Only trusted workspaces get here. */
export async function activate(context: vscode.ExtensionContext): Promise<void> {
  const output = vscode.window.createOutputChannel("hardcut", { log: true });
  const item = vscode.window.createStatusBarItem("hardcut", vscode.StatusBarAlignment.Right);
  item.command = "hardcut.showOutput";
  item.name = "hardcut";
  const running = new Server(output, item);
  server = running;
  const actions = new Actions(running, output);
  context.subscriptions.push(
    output,
    item,
    vscode.commands.registerCommand("hardcut.restart", () => running.restart()),
    vscode.commands.registerCommand("hardcut.showOutput", () => output.show()),
    vscode.commands.registerCommand("hardcut.status", () => actions.status()),
    vscode.commands.registerCommand("hardcut.why", () => actions.why()),
    vscode.commands.registerCommand("hardcut.fix", () => actions.fix()),
    vscode.commands.registerCommand("hardcut.land", () => actions.land()),
    vscode.workspace.onDidChangeConfiguration((change) => {
      if (change.affectsConfiguration("hardcut")) {
        void running.restart();
      }
    }),
    vscode.workspace.onDidChangeWorkspaceFolders(() => void running.restart()),
  );
  await running.restart();
}

/** Stops the server. */
export async function deactivate(): Promise<void> {
  await server?.dispose();
  server = undefined;
}
