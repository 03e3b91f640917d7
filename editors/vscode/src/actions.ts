/** The commands of the palette. Each runs hardcut once and shows what it says. */

import * as vscode from "vscode";
import { run, type Outcome } from "./command";
import type { Server } from "./server";
import { label, wavesOf, type Wave } from "./waves";

/** Commands that need a running server's folder and command. */
export class Actions {
  constructor(
    private readonly server: Server,
    private readonly output: vscode.LogOutputChannel,
  ) {}

  /** Shows how far each wave is. */
  async status(): Promise<void> {
    await this.show(["status"], "plaintext");
  }

  /** Asks for a name, by default the one at the cursor, and shows what the plan says about it. */
  async why(): Promise<void> {
    const name = await vscode.window.showInputBox({
      title: "Module, symbol or path",
      value: wordAtCursor(),
      placeHolder: "shop.legacy_cart",
    });
    if (name) {
      await this.show(["why", "--", name], "plaintext");
    }
  }

  /** Shows the edits as a diff, and makes them once they are confirmed. */
  async fix(): Promise<void> {
    const planned = await this.run(["fix", "--diff"]);
    if (planned === undefined) {
      return;
    }
    if (planned.stdout === "") {
      void vscode.window.showInformationMessage(lastLine(planned.stderr) || "Nothing to fix.");
      return;
    }
    await open(planned.stdout, "diff");
    const make = "Make These Edits";
    const answer = await vscode.window.showInformationMessage(lastLine(planned.stderr), { modal: true }, make);
    if (answer === make) {
      const done = await this.run(["fix"]);
      void vscode.window.showInformationMessage(lastLine(done?.stdout ?? ""));
    }
  }

  /** Asks for a wave that has not landed, and lands it if nothing is missing. */
  async land(): Promise<void> {
    const wave = await this.pick();
    if (wave === undefined) {
      return;
    }
    const done = await this.run(["land", "--", wave.id]);
    if (done === undefined) {
      return;
    }
    if (done.code === 0) {
      void vscode.window.showInformationMessage(lastLine(done.stdout));
    } else {
      await open(done.stdout || done.stderr, "plaintext");
    }
  }

  private async pick(): Promise<Wave | undefined> {
    const status = await this.run(["status", "--format", "json"]);
    if (status === undefined) {
      return undefined;
    }
    if (status.code !== 0) {
      void vscode.window.showErrorMessage(lastLine(status.stderr));
      return undefined;
    }
    const waves = wavesOf(status.stdout).filter((wave) => wave.state !== "landed");
    if (waves.length === 0) {
      void vscode.window.showInformationMessage("Every wave has landed.");
      return undefined;
    }
    const items = waves.map((wave) => ({
      label: label(wave),
      description: `${wave.state}, ${wave.remaining} left`,
      wave,
    }));
    return (await vscode.window.showQuickPick(items, { title: "Which wave lands?" }))?.wave;
  }

  private async show(args: string[], language: string): Promise<void> {
    const done = await this.run(args);
    if (done !== undefined) {
      await open(done.stdout || done.stderr, language);
    }
  }

  /** Runs hardcut in the server's folder; undefined, and a message, if there is no server or no program. */
  private async run(args: string[]): Promise<Outcome | undefined> {
    const current = this.server.current;
    if (current === undefined) {
      void vscode.window.showErrorMessage("The hardcut server is not running. See its output.");
      return undefined;
    }
    const saved = await vscode.workspace.saveAll(false);
    if (!saved) {
      void vscode.window.showErrorMessage("hardcut reads files on disk, and some could not be saved.");
      return undefined;
    }
    const done = await vscode.window.withProgress(
      { location: vscode.ProgressLocation.Window, title: `hardcut ${args[0]}` },
      () => run(current.command, args, current.folder),
    );
    if (done.code === null) {
      this.output.error(done.stderr);
      void vscode.window.showErrorMessage(`hardcut cannot be run: ${lastLine(done.stderr)}`);
      return undefined;
    }
    return done;
  }
}

async function open(content: string, language: string): Promise<void> {
  const document = await vscode.workspace.openTextDocument({ content, language });
  await vscode.window.showTextDocument(document, { preview: true });
}

function wordAtCursor(): string {
  const editor = vscode.window.activeTextEditor;
  const range = editor?.document.getWordRangeAtPosition(editor.selection.active, /[\w.]+/);
  return editor && range ? editor.document.getText(range) : "";
}

function lastLine(text: string): string {
  return text.trimEnd().split("\n").at(-1) ?? "";
}
