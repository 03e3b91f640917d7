/**
 * The extension under a stand-in for VS Code: that it activates, starts the real server, and that its commands do
 * what they say. It is no test inside VS Code.
 */

import assert from "node:assert/strict";
import { cpSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { install, makeVscode } from "./stub.mjs";

const require = createRequire(import.meta.url);
const here = join(import.meta.dirname, "..");
const manifest = JSON.parse(readFileSync(join(here, "package.json"), "utf8"));
const bundle = join(here, manifest.main);
const hardcut = process.env.HARDCUT ?? "hardcut";
const folder = mkdtempSync(join(tmpdir(), "hardcut-vscode-"));
cpSync(join(here, "..", "..", "examples", "tiny"), folder, { recursive: true });
after(() => rmSync(folder, { recursive: true }));

/** Activates the extension anew, in a stand-in of its own. */
async function activated(options) {
  const { vscode, record } = makeVscode(options);
  install(vscode);
  delete require.cache[bundle];
  const extension = require(bundle);
  const context = { subscriptions: [] };
  await extension.activate(context);
  return { extension, record, context };
}

test("every command of the manifest is registered", async () => {
  const { extension, record } = await activated({});
  const contributed = manifest.contributes.commands.map((command) => command.command);
  assert.deepEqual([...record.commands.keys()].sort(), [...contributed, "hardcut.references"].sort());
  assert.match(record.status.at(-1), /No folder is open/);
  await extension.deactivate();
});

test("a program that is not there is reported with how to install it", async () => {
  const { extension, record } = await activated({ folder, settings: { command: [join(folder, "nothing")] } });
  assert.match(record.status.at(-1), /\$\(error\)/);
  assert.ok(record.log.some((line) => line.includes('pip install "hardcut[server]"')), record.log.join("\n"));
  await record.commands.get("hardcut.status")();
  assert.match(record.messages.at(-1), /not running/);
  await extension.deactivate();
});

test("the commands run hardcut and show what it says", async () => {
  const { extension, record } = await activated({ folder, settings: { command: [hardcut] } });
  assert.match(record.status.at(-1), /\$\(check\) hardcut/);

  await record.commands.get("hardcut.status")();
  assert.match(record.documents.at(-1), /One cart, in one place/);

  record.answers.push("shop.legacy_cart");
  await record.commands.get("hardcut.why")();
  assert.match(record.documents.at(-1), /shop\.legacy_cart {2}deleted in wave 0/);

  await record.commands.get("hardcut.land")();
  assert.match(record.messages.at(-1), /Every wave has landed/);

  record.answers.push("Make These Edits");
  await record.commands.get("hardcut.fix")();
  assert.match(record.documents.at(-1), /^--- a\//);
  assert.match(record.messages.at(-1), /fixed in \d+ file/);

  await record.commands.get("hardcut.restart")();
  assert.match(record.status.at(-1), /\$\(check\) hardcut/);
  await extension.deactivate();
});
