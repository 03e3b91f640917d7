/** A stand-in for the `vscode` module: what the extension uses is recorded, everything else exists and does nothing. */

import Module from "node:module";
import { pathToFileURL } from "node:url";

const disposable = () => ({ dispose() {} });

/** An object whose unknown members are classes that can be called, extended and constructed. */
function lenient(known) {
  const made = new Map();
  return new Proxy(known, {
    get(target, name) {
      if (name in target || typeof name === "symbol") {
        return target[name];
      }
      if (!made.has(name)) {
        const isEvent = /^on(Did|Will)/.test(name) || /^(register|create)/.test(name);
        made.set(name, isEvent ? disposable : class {});
      }
      return made.get(name);
    },
  });
}

class Kind {
  append = () => this;
  static Empty = new Kind();
  static QuickFix = new Kind();
  static Refactor = new Kind();
  static RefactorExtract = new Kind();
  static RefactorInline = new Kind();
  static RefactorMove = new Kind();
  static RefactorRewrite = new Kind();
  static Source = new Kind();
  static SourceOrganizeImports = new Kind();
  static SourceFixAll = new Kind();
  static Notebook = new Kind();
}

function uri(path) {
  return {
    scheme: "file",
    fsPath: path,
    path,
    toString: () => pathToFileURL(path).href,
    with: () => uri(path),
  };
}

/**
 * Makes a stand-in.
 * @param {{ folder?: string, settings?: Record<string, unknown> }} options The open folder, and settings by name.
 */
export function makeVscode({ folder, settings = {} }) {
  const record = { commands: new Map(), status: [], messages: [], log: [], documents: [], answers: [] };
  const folders = folder ? [{ uri: uri(folder), name: "project", index: 0 }] : undefined;
  const log = (...words) => record.log.push(words.join(" "));
  const item = {
    show() {
      record.status.push(`${item.text} | ${item.tooltip}`);
    },
    dispose() {},
  };
  const vscode = lenient({
    workspace: lenient({
      workspaceFolders: folders,
      textDocuments: [],
      notebookDocuments: [],
      getConfiguration: () => ({ get: (name, otherwise) => settings[name] ?? otherwise }),
      getWorkspaceFolder: () => folders?.[0],
      saveAll: async () => true,
      openTextDocument: async (document) => (record.documents.push(document.content), document),
    }),
    window: lenient({
      visibleTextEditors: [],
      tabGroups: lenient({ all: [] }),
      activeTextEditor: undefined,
      createOutputChannel: () =>
        lenient({ append: log, appendLine: log, info: log, warn: log, error: log, trace: log, debug: log, show() {}, dispose() {} }),
      createStatusBarItem: () => item,
      showInformationMessage: async (message) => (record.messages.push(message), record.answers.shift()),
      showErrorMessage: async (message) => void record.messages.push(message),
      showInputBox: async () => record.answers.shift(),
      showQuickPick: async (items) => (record.documents.push(JSON.stringify(items)), items[0]),
      showTextDocument: async () => undefined,
      withProgress: async (_options, task) => task({ report() {} }, { isCancellationRequested: false, onCancellationRequested: disposable }),
    }),
    commands: lenient({
      registerCommand: (name, action) => (record.commands.set(name, action), disposable()),
      executeCommand: async () => undefined,
    }),
    languages: lenient({
      createDiagnosticCollection: () => lenient({ set() {}, delete() {}, clear() {}, dispose() {} }),
      match: () => 10,
    }),
    extensions: lenient({ getExtension: () => undefined }),
    env: lenient({ language: "en", appName: "stand-in", clipboard: {} }),
    version: "1.91.0",
    CodeActionKind: Kind,
    Uri: { file: uri, parse: (text) => uri(new URL(text).pathname), joinPath: (base, ...rest) => uri([base.fsPath, ...rest].join("/")) },
    StatusBarAlignment: { Left: 1, Right: 2 },
    ProgressLocation: { Window: 10, Notification: 15 },
    TextDocumentSaveReason: { Manual: 1, AfterDelay: 2, FocusOut: 3 },
    EventEmitter: class {
      listeners = [];
      event = (listener) => (this.listeners.push(listener), disposable());
      fire(value) {
        this.listeners.forEach((listener) => listener(value));
      }
      dispose() {}
    },
    Disposable: class {
      constructor(action) {
        this.dispose = action;
      }
      static from = disposable;
    },
  });
  return { vscode, record };
}

/** Lets `require("vscode")` give the stand-in. */
export function install(vscode) {
  const load = Module._load;
  Module._load = (request, ...rest) => (request === "vscode" ? vscode : load(request, ...rest));
}
