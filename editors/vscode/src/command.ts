/** Which hardcut is started, and how it is run once. */

import { execFile } from "node:child_process";
import { access, constants } from "node:fs/promises";
import * as path from "node:path";
import * as vscode from "vscode";

/** A program with its first arguments. */
export type Command = readonly [string, ...string[]];

export interface Outcome {
  /** The exit code, or null if the program could not be started. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

const WINDOWS = process.platform === "win32";
const LONGEST_OUTPUT = 64 * 1024 * 1024;

/**
 * The command that starts hardcut in a folder: the setting, the selected interpreter's environment, the folder's
 * `.venv`, or what the PATH has.
 */
export async function findCommand(folder: vscode.Uri): Promise<Command> {
  const setting = vscode.workspace.getConfiguration("hardcut", folder).get<string[]>("command", []);
  const [program, ...rest] = setting;
  if (program) {
    return [program, ...rest];
  }
  const interpreter = await selectedInterpreter(folder);
  const candidates = [interpreter && besides(interpreter), inEnvironment(path.join(folder.fsPath, ".venv"))];
  for (const candidate of candidates) {
    if (candidate && (await isExecutable(candidate))) {
      return [candidate];
    }
  }
  return ["hardcut"];
}

/** Runs hardcut once, without a shell; never rejects. */
export function run(command: Command, args: readonly string[], folder: vscode.Uri): Promise<Outcome> {
  const [program, ...first] = command;
  return new Promise((resolve) => {
    const options = { cwd: folder.fsPath, maxBuffer: LONGEST_OUTPUT };
    const child = execFile(program, [...first, ...args], options, (error, stdout, stderr) => {
      const code = error === null ? 0 : typeof error.code === "number" ? error.code : null;
      resolve({ code, stdout, stderr: stderr || (code === null ? String(error?.message) : "") });
    });
    child.stdin?.end();
  });
}

/** The script that an environment has beside its interpreter. */
function besides(interpreter: string): string {
  return path.join(path.dirname(interpreter), WINDOWS ? "hardcut.exe" : "hardcut");
}

function inEnvironment(environment: string): string {
  return path.join(environment, WINDOWS ? "Scripts\\hardcut.exe" : "bin/hardcut");
}

/** The interpreter that the Python extension has selected, if that extension is there. */
async function selectedInterpreter(folder: vscode.Uri): Promise<string | undefined> {
  const extension = vscode.extensions.getExtension("ms-python.python");
  if (extension === undefined) {
    return undefined;
  }
  try {
    const api = await extension.activate();
    const environment = await api.environments.resolveEnvironment(
      api.environments.getActiveEnvironmentPath(folder),
    );
    return environment?.executable.uri?.fsPath;
  } catch {
    return undefined; // Another version of that extension: the other places are tried.
  }
}

async function isExecutable(file: string): Promise<boolean> {
  try {
    await access(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
