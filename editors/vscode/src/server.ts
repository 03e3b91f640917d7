/** The language server of each folder that has a plan, and its state in the status bar. */

import * as vscode from "vscode";
import { LanguageClient, State, type LanguageClientOptions } from "vscode-languageclient/node";
import { findCommand, type Command } from "./command";

const LANGUAGES = ["python", "toml", "markdown", "restructuredtext", "yaml", "ini", "properties", "dockerfile"];
const SETTINGS = ["planned", "remaining", "contested", "wholeProject", "docs"] as const;

/** One running server. */
interface Running {
  readonly folder: vscode.Uri;
  readonly command: Command;
  readonly client: LanguageClient;
}

/** Starts, restarts and stops the server of the workspace. */
export class Server implements vscode.Disposable {
  private running: Running | undefined;
  private queue: Promise<void> = Promise.resolve();

  constructor(
    private readonly output: vscode.LogOutputChannel,
    private readonly item: vscode.StatusBarItem,
  ) {}

  /** The folder and the command of the running server. */
  get current(): { folder: vscode.Uri; command: Command } | undefined {
    return this.running;
  }

  /** Starts the server anew, with the command and the settings of now. Calls wait for each other. */
  restart(): Promise<void> {
    this.queue = this.queue.then(async () => {
      await this.stop();
      await this.start();
    });
    return this.queue;
  }

  async dispose(): Promise<void> {
    await this.queue;
    await this.stop();
  }

  private async start(): Promise<void> {
    const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
    if (folder === undefined) {
      this.show("$(circle-slash) hardcut", "No folder is open.");
      return;
    }
    const command = await findCommand(folder);
    const [program, ...args] = command;
    const client = new LanguageClient(
      "hardcut",
      "hardcut",
      { command: program, args: [...args, "server"], options: { cwd: folder.fsPath } },
      this.options(folder),
    );
    client.onDidChangeState((change) => {
      if (change.newState === State.Running) {
        this.show("$(check) hardcut", command.join(" "));
      } else if (change.newState === State.Stopped) {
        this.show("$(error) hardcut", "The server has stopped. Select to see its output.");
      }
    });
    this.show("$(loading~spin) hardcut", command.join(" "));
    try {
      await client.start();
      this.running = { folder, command, client };
    } catch (error) {
      this.output.error(`cannot start ${command.join(" ")}: ${String(error)}`);
      this.output.error('Install it in the project\'s environment: pip install "hardcut[server]"');
      this.show("$(error) hardcut", `Cannot start ${command.join(" ")}. Select to see the output.`);
    }
  }

  private async stop(): Promise<void> {
    const client = this.running?.client;
    this.running = undefined;
    await client?.dispose().catch((error: unknown) => this.output.error(String(error)));
  }

  private options(folder: vscode.Uri): LanguageClientOptions {
    const configuration = vscode.workspace.getConfiguration("hardcut", folder);
    return {
      documentSelector: LANGUAGES.map((language) => ({ scheme: "file", language })),
      initializationOptions: Object.fromEntries(SETTINGS.map((name) => [name, configuration.get(name)])),
      outputChannel: this.output,
      traceOutputChannel: this.output,
    };
  }

  private show(text: string, tooltip: string): void {
    this.item.text = text;
    this.item.tooltip = tooltip;
    this.item.show();
  }
}
