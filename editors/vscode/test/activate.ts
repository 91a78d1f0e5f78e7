// Activates the bundled extension, with something in the place of VS Code that says yes to everything, and the real server.
// Prints `ok`, or throws.

import * as assert from "node:assert/strict";
import Module from "node:module";
import * as path from "node:path";

const said: string[] = [];
const complaints: string[] = [];
const commands = new Map<string, (...args: unknown[]) => unknown>();

const settings: Record<string, unknown> = { interpreter: [process.env.DRIVEN_PYTHON ?? "python3"], config: [] };

/** What can be called, constructed, extended and read, and gives the like. */
function anything(): any {
  class Thing {
    dispose(): void {}
  }
  return new Proxy(Thing, {
    get: (target, key) => {
      if (key === "prototype" || key === "dispose") {
        return Reflect.get(target, key);
      }
      return anythingBut(key);
    },
    apply: () => new Proxy(new Thing(), { get: (made, key) => Reflect.get(made, key) ?? anythingBut(key) }),
  });
}

function anythingBut(key: string | symbol): any {
  return key === "then" || typeof key === "symbol" ? undefined : anything();
}

function instead(known: Record<string, unknown>): any {
  return new Proxy(known, { get: (target, key) => (Reflect.has(target, key) ? Reflect.get(target, key) : anything()) });
}

class EventEmitter {
  event = () => ({ dispose() {} });
  fire(): void {}
  dispose(): void {}
}

const channel = { append: (text: string) => said.push(text), appendLine: (text: string) => said.push(text), dispose() {}, show() {} };
const listed = { version: "1.82.0", Uri: { file: (fsPath: string) => ({ fsPath, toString: () => `file://${fsPath}` }) } };
const vscode = instead({
  ...listed,
  EventEmitter,
  env: { language: "en", appName: "nobody" },
  extensions: { getExtension: () => undefined },
  commands: instead({
    registerCommand: (name: string, run: (...args: unknown[]) => unknown) => {
      commands.set(name, run);
      return { dispose: () => commands.delete(name) };
    },
  }),
  window: instead({
    createOutputChannel: () => channel,
    visibleTextEditors: [],
    tabGroups: { all: [], onDidChangeTabs: () => ({ dispose() {} }) },
    showErrorMessage: async (message: string) => void complaints.push(message),
  }),
  workspace: instead({
    isTrusted: true,
    textDocuments: [],
    notebookDocuments: [],
    workspaceFolders: [{ uri: listed.Uri.file(process.cwd()), name: "here", index: 0 }],
    getConfiguration: () => ({ get: (key: string, otherwise: unknown) => settings[key] ?? otherwise }),
  }),
});

const load = (Module as any)._load;
(Module as any)._load = (name: string, ...more: unknown[]) => (name === "vscode" ? vscode : load(name, ...more));

async function main(): Promise<void> {

  const extension = require(path.resolve("dist/extension.js"));
  await extension.activate({ subscriptions: [], extensionPath: path.resolve("dist") });
  assert.match(said[0], /^nemo-run-lint \d+\.\d+\.\d+.*: .*-m nemo_run_lint$/);
  assert.deepEqual([...commands.keys()].filter((name) => name.startsWith("nemoRunLint.")).sort(), [
    "nemoRunLint.fixAll",
    "nemoRunLint.restart",
    "nemoRunLint.showOutput",
  ]);
  await commands.get("nemoRunLint.restart")?.();
  assert.equal(said.filter((line) => line.startsWith("nemo-run-lint ")).length, 2);
  assert.deepEqual(complaints, []);
  settings.path = ["/no/such/nemo-run-lint"];
  await commands.get("nemoRunLint.restart")?.();
  assert.equal(complaints.length, 1);
  await extension.deactivate();
  console.log("ok");
}

main().then(
  () => process.exit(0),
  (error) => {
    console.error(error, said);
    process.exit(1);
  },
);
