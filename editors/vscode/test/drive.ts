// Drives the real server with the parts of vscode-languageclient that run without VS Code, as VS Code would: starts what
// `server.ts` finds, pulls diagnostics, fixes, completes. Prints `ok`, or throws.

import * as assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { pathToFileURL } from "node:url";
import {
  CodeAction,
  createProtocolConnection,
  DidChangeTextDocumentNotification,
  InitializeRequest,
  StreamMessageReader,
  StreamMessageWriter,
  TextDocumentEdit,
  TextEdit,
} from "vscode-languageserver-protocol/node";
import { candidates, working } from "../src/server";

const MODELS = "def train(model, steps: int = 1): ...\n";
const EXPERIMENT =
  "import nemo_run as run\nfrom models import train\n\ntask = run.Partial(train, stpes=10)\nother = run.Partial(train, ";

async function main(): Promise<void> {
  const elsewhere = mkdtempSync(path.join(tmpdir(), "elsewhere-"));
  const folder = mkdtempSync(path.join(tmpdir(), "workspace-"));
  writeFileSync(path.join(folder, "models.py"), MODELS);
  const file = path.join(folder, "experiment.py");
  writeFileSync(file, EXPERIMENT);
  const uri = pathToFileURL(file).toString();
  const configuration = JSON.parse(readFileSync("package.json", "utf-8")).contributes.configuration.properties;

  const nothing = { isTrusted: true, importStrategy: "fromEnvironment", path: [], interpreter: [], folder };
  const python = process.env.DRIVEN_PYTHON ?? "python3";
  assert.deepEqual(candidates({ ...nothing, isTrusted: false, chosen: python })[0].command, "nemo-run-lint");
  assert.deepEqual(candidates({ ...nothing, path: ["${workspaceFolder}/x"] })[0].command, `${folder}/x`);
  assert.deepEqual(candidates({ ...nothing, importStrategy: "fromPath", chosen: python }).length, 1);
  const failed = await working([{ command: path.join(folder, "missing"), args: [] }], elsewhere);
  assert.ok("problems" in failed && failed.problems.length === 1);
  const found = await working(candidates({ ...nothing, interpreter: ["/no/such/python", python] }), elsewhere);
  assert.ok("version" in found, JSON.stringify(found));

  const server = spawn(found.command.command, [...found.command.args, "server"], { cwd: elsewhere });
  const connection = createProtocolConnection(
    new StreamMessageReader(server.stdout),
    new StreamMessageWriter(server.stdin),
  );
  // what VS Code answers when it is asked for settings: the defaults of package.json
  connection.onRequest("workspace/configuration", ({ items }) =>
    items.map(({ section }: { section: string }) =>
      Object.fromEntries(
        Object.entries<{ default: unknown }>(configuration)
          .filter(([key]) => key.startsWith(`${section}.`) && !key.includes("trace"))
          .map(([key, value]) => [key.slice(section.length + 1), value.default]),
      ),
    ),
  );
  const watched = new Promise<string[]>((resolve) =>
    connection.onRequest("client/registerCapability", ({ registrations }) => {
      resolve(registrations.map((each: { method: string }) => each.method));
    }),
  );
  const messages: string[] = [];
  connection.onNotification("window/showMessage", ({ message }) => messages.push(message));
  connection.onRequest("workspace/diagnostic/refresh", () => null);
  connection.listen();
  const { capabilities } = await connection.sendRequest(InitializeRequest.type, {
    processId: process.pid,
    rootUri: pathToFileURL(folder).toString(),
    workspaceFolders: [{ uri: pathToFileURL(folder).toString(), name: "workspace" }],
    capabilities: {
      general: { positionEncodings: ["utf-16"] },
      workspace: {
        configuration: true,
        workspaceFolders: true,
        workspaceEdit: { documentChanges: true },
        didChangeWatchedFiles: { dynamicRegistration: true },
        didChangeConfiguration: { dynamicRegistration: true },
        diagnostics: { refreshSupport: true },
      },
      textDocument: {
        diagnostic: { dynamicRegistration: true, relatedDocumentSupport: true },
        codeAction: { dataSupport: true, resolveSupport: { properties: ["edit"] } },
      },
      notebookDocument: { synchronization: { dynamicRegistration: true } },
    },
  });
  assert.ok(capabilities.notebookDocumentSync);
  await connection.sendNotification("initialized", {});
  assert.deepEqual((await watched).sort(), ["workspace/didChangeConfiguration", "workspace/didChangeWatchedFiles"]);

  const textDocument = { uri };
  await connection.sendNotification("textDocument/didOpen", {
    textDocument: { uri, languageId: "python", version: 1, text: EXPERIMENT },
  });
  const broken: any = await connection.sendRequest("textDocument/diagnostic", { textDocument });
  assert.deepEqual(broken.items.map((each: any) => each.code), ["NRL001"]);
  const position = { line: 4, character: EXPERIMENT.split("\n")[4].length };
  const completed: any = await connection.sendRequest("textDocument/completion", { textDocument, position });
  assert.deepEqual(completed.items.map((each: any) => each.label), ["model=", "steps="]);

  const whole = `${EXPERIMENT}steps=2)\n`;
  await connection.sendNotification(DidChangeTextDocumentNotification.type, {
    textDocument: { uri, version: 2 },
    contentChanges: [{ range: { start: position, end: position }, text: "steps=2)\n" }],
  });
  const report: any = await connection.sendRequest("textDocument/diagnostic", { textDocument });
  assert.deepEqual(report.items.map((each: any) => [each.code, each.range.start.line]), [["NRL804", 3]]);

  const range = { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } };
  const context = { diagnostics: [], only: ["source.fixAll.nemoRunLint"] };
  const [action]: CodeAction[] = await connection.sendRequest("textDocument/codeAction", { textDocument, range, context });
  const resolved: CodeAction = await connection.sendRequest("codeAction/resolve", action);
  const [change] = resolved.edit?.documentChanges as TextDocumentEdit[];
  assert.equal(change.textDocument.version, 2);
  assert.equal(edited(whole, change), whole.replace("stpes", "steps"));
  assert.deepEqual(messages, []);

  await connection.sendRequest("shutdown");
  const ended = new Promise((resolve) => server.on("exit", resolve));
  await connection.sendNotification("exit");
  assert.equal(await ended, 0);
  console.log("ok");
}

/** A text after edits that lie on one line each. */
function edited(text: string, change: TextDocumentEdit): string {
  const lines = text.split("\n");
  for (const { range, newText } of [...(change.edits as TextEdit[])].reverse()) {
    const line = lines[range.start.line];
    lines[range.start.line] = line.slice(0, range.start.character) + newText + line.slice(range.end.character);
  }
  return lines.join("\n");
}

main().then(
  () => process.exit(0),
  (error) => {
    console.error(error);
    process.exit(1);
  },
);
