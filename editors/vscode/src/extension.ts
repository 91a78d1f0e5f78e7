// The extension: starts the server that `server.ts` finds, and starts it anew when its settings change.

import * as vscode from "vscode";
import { LanguageClient, LanguageClientOptions, ServerOptions } from "vscode-languageclient/node";
import { candidates, Wanted, working } from "./server";

const SECTION = "nemoRunLint";
const FIX_ALL = "source.fixAll.nemoRunLint";

/** The settings that decide which server runs; the others are told to the server that runs already. */
const OF_THE_SERVER = ["path", "interpreter", "importStrategy", "args"];

/** The settings that the server itself reads. */
const OF_LINTING = ["enable", "run", "diagnosticMode", "config", "isolated"];

let client: LanguageClient | undefined;
let starting: Promise<void> = Promise.resolve();

export async function activate(context: vscode.ExtensionContext): Promise<void> {
  const output = vscode.window.createOutputChannel("nemo-run-lint");
  const restart = () => {
    // one after the other, however fast the settings change
    starting = starting.then(() => started(context, output)).catch((error) => complain(output, String(error)));
    return starting;
  };
  context.subscriptions.push(
    output,
    vscode.commands.registerCommand("nemoRunLint.restart", restart),
    vscode.commands.registerCommand("nemoRunLint.showOutput", () => output.show()),
    vscode.commands.registerCommand("nemoRunLint.fixAll", () =>
      vscode.commands.executeCommand("editor.action.codeAction", { kind: FIX_ALL, apply: "first" }),
    ),
    vscode.workspace.onDidGrantWorkspaceTrust(restart),
    vscode.workspace.onDidChangeConfiguration((event) => {
      const concerned = [...OF_THE_SERVER.map((key) => `${SECTION}.${key}`), "python.defaultInterpreterPath"];
      if (concerned.some((key) => event.affectsConfiguration(key))) {
        void restart();
      }
    }),
  );
  await watchInterpreter(context, restart);
  await restart();
}

export async function deactivate(): Promise<void> {
  await starting;
  await stopped();
}

/** Stop the server that runs; one that never came up is not there to be stopped. */
async function stopped(): Promise<void> {
  const before = client;
  client = undefined;
  if (before?.needsStop()) {
    await before.stop();
  }
}

async function started(context: vscode.ExtensionContext, output: vscode.OutputChannel): Promise<void> {
  await stopped();
  const settings = vscode.workspace.getConfiguration(SECTION);
  const directory = context.extensionPath;
  const found = await working(candidates(await wanted(settings)), directory);
  if ("problems" in found) {
    output.appendLine(["No nemo-run-lint was found:", ...found.problems].join("\n  "));
    complain(output, "nemo-run-lint was not found: pip install 'nemo-run-lint[server]'");
    return;
  }
  const { command, args } = found.command;
  output.appendLine(`nemo-run-lint ${found.version}: ${[command, ...args].join(" ")}`);
  const serverOptions: ServerOptions = {
    command,
    args: [...args, "server", ...settings.get<string[]>("args", [])],
    options: { cwd: directory },
  };
  const clientOptions: LanguageClientOptions = {
    documentSelector: [
      { scheme: "file", language: "python" },
      { scheme: "untitled", language: "python" },
      { scheme: "vscode-notebook-cell", language: "python" },
    ],
    initializationOptions: Object.fromEntries(OF_LINTING.map((key) => [key, settings.get(key)])),
    outputChannel: output,
    diagnosticPullOptions: { onChange: true, onSave: true },
  };
  client = new LanguageClient(SECTION, "nemo-run-lint", serverOptions, clientOptions);
  await client.start();
}

async function wanted(settings: vscode.WorkspaceConfiguration): Promise<Wanted> {
  return {
    isTrusted: vscode.workspace.isTrusted,
    importStrategy: settings.get("importStrategy", "fromEnvironment"),
    path: settings.get("path", []),
    interpreter: settings.get("interpreter", []),
    chosen: await chosenInterpreter(),
    folder: vscode.workspace.workspaceFolders?.[0]?.uri.fsPath,
  };
}

/** The part of the API of the Python extension that is used here. */
interface PythonApi {
  environments?: {
    getActiveEnvironmentPath(resource?: vscode.Uri): { path: string };
    resolveEnvironment(path: { path: string }): Promise<{ executable: { uri?: vscode.Uri } } | undefined>;
    onDidChangeActiveEnvironmentPath: vscode.Event<unknown>;
  };
}

async function pythonApi(): Promise<PythonApi | undefined> {
  try {
    return await vscode.extensions.getExtension<PythonApi>("ms-python.python")?.activate();
  } catch {
    return undefined;
  }
}

/** The interpreter that the Python extension, or the setting without it, has for the workspace. */
async function chosenInterpreter(): Promise<string | undefined> {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  const environments = (await pythonApi())?.environments;
  if (environments !== undefined) {
    const active = environments.getActiveEnvironmentPath(folder);
    return (await environments.resolveEnvironment(active))?.executable.uri?.fsPath;
  }
  const named = vscode.workspace.getConfiguration("python", folder).get<string>("defaultInterpreterPath");
  return named === "python" ? undefined : named;
}

async function watchInterpreter(context: vscode.ExtensionContext, restart: () => Promise<void>): Promise<void> {
  const changed = (await pythonApi())?.environments?.onDidChangeActiveEnvironmentPath;
  if (changed !== undefined) {
    context.subscriptions.push(changed(() => void restart()));
  }
}

function complain(output: vscode.OutputChannel, message: string): void {
  output.appendLine(message);
  void vscode.window.showErrorMessage(message, "Show output").then((chosen) => chosen && output.show());
}
