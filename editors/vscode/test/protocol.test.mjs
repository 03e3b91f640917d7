/** The server, asked as an editor asks it: diagnostics of an open file, hover, and the quick fix. */

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { pathToFileURL } from "node:url";

const require = createRequire(import.meta.url);
const { createProtocolConnection, StreamMessageReader, StreamMessageWriter } = require(
  "vscode-languageserver-protocol/node",
);
const examples = join(import.meta.dirname, "..", "..", "..", "examples");
const folder = mkdtempSync(join(tmpdir(), "hardcut-protocol-"));
const text = "from shop.legacy_cart import total\n";
const uri = pathToFileURL(join(folder, "src", "shop", "late.py")).href;
let server;
let connection;

before(async () => {
  cpSync(join(examples, "tiny"), folder, { recursive: true });
  server = spawn(process.env.HARDCUT ?? "hardcut", ["server"], { cwd: folder, stdio: ["pipe", "pipe", "inherit"] });
  connection = createProtocolConnection(
    new StreamMessageReader(server.stdout),
    new StreamMessageWriter(server.stdin),
  );
  connection.listen();
  const root = pathToFileURL(folder).href;
  await connection.sendRequest("initialize", {
    processId: process.pid,
    rootUri: root,
    workspaceFolders: [{ uri: root, name: "project" }],
    capabilities: { textDocument: { publishDiagnostics: {}, codeAction: { codeActionLiteralSupport: { codeActionKind: { valueSet: ["quickfix"] } } } } },
    initializationOptions: { wholeProject: false },
  });
  await connection.sendNotification("initialized", {});
});

after(async () => {
  await connection.sendRequest("shutdown");
  await connection.sendNotification("exit");
  connection.dispose();
  rmSync(folder, { recursive: true });
});

test("a violation in an open file is shown, explained and fixed", async () => {
  const published = new Promise((resolve) => {
    connection.onNotification("textDocument/publishDiagnostics", (params) => {
      if (params.uri === uri && params.diagnostics.length > 0) {
        resolve(params.diagnostics);
      }
    });
  });
  await connection.sendNotification("textDocument/didOpen", {
    textDocument: { uri, languageId: "python", version: 1, text },
  });
  const diagnostics = await published;
  assert.deepEqual(diagnostics.map((diagnostic) => diagnostic.code), ["CUT101"]);

  const hover = await connection.sendRequest("textDocument/hover", {
    textDocument: { uri },
    position: { line: 0, character: 10 },
  });
  assert.match(JSON.stringify(hover), /shop\.cart/);

  const actions = await connection.sendRequest("textDocument/codeAction", {
    textDocument: { uri },
    range: diagnostics[0].range,
    context: { diagnostics },
  });
  assert.match(JSON.stringify(actions), /shop\.cart/);
});

test("the extension's settings are those that the server knows", () => {
  const manifest = JSON.parse(readFileSync(join(import.meta.dirname, "..", "package.json"), "utf8"));
  const source = readFileSync(
    join(import.meta.dirname, "..", "..", "..", "plugins", "hardcut", "integrations", "server", "settings.py"),
    "utf8",
  );
  const known = [...source.matchAll(/^ {4}(\w+): (?:Literal|str|bool)/gm)].map((match) =>
    match[1].replace(/_(\w)/g, (_, letter) => letter.toUpperCase()),
  );
  const own = ["command", "trace.server"];
  const settings = Object.keys(manifest.contributes.configuration.properties).map((name) => name.slice("hardcut.".length));
  assert.deepEqual(settings.filter((name) => !own.includes(name)).sort(), known.sort());
});
