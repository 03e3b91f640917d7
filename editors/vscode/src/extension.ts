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
    vscode.commands.registerCommand("hardcut.references", showReferences),
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

/** Shows the locations of a code lens, which come as the protocol writes them. */
async function showReferences(uri: string, at: Place, found: { uri: string; range: Span }[]): Promise<void> {
  const locations = found.map(
    (one) => new vscode.Location(vscode.Uri.parse(one.uri), new vscode.Range(place(one.range.start), place(one.range.end))),
  );
  await vscode.commands.executeCommand("editor.action.showReferences", vscode.Uri.parse(uri), place(at), locations);
}

interface Place {
  readonly line: number;
  readonly character: number;
}

interface Span {
  readonly start: Place;
  readonly end: Place;
}

function place(at: Place): vscode.Position {
  return new vscode.Position(at.line, at.character);
}

/** Stops the server. */
export async function deactivate(): Promise<void> {
  await server?.dispose();
  server = undefined;
}
