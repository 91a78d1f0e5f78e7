// Which nemo-run-lint to start: of several commands the first that works. Knows nothing of VS Code.
// Nothing is started in the workspace itself: there `python -m` would import the modules that lie in it.

import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { homedir } from "node:os";
import * as path from "node:path";

/** A command, and the arguments that come before those of nemo-run-lint. */
export interface Command {
  command: string;
  args: string[];
}

/** What decides which server is started; `chosen` is the interpreter that was chosen for the workspace. */
export interface Wanted {
  isTrusted: boolean;
  importStrategy: string;
  path: string[];
  interpreter: string[];
  chosen?: string;
  folder?: string;
}

const NAME = "nemo-run-lint";

/** How long a command may take to tell its version, in milliseconds. */
const PATIENCE = 30_000;

/** The commands to try, in their order. */
export function candidates(wanted: Wanted): Command[] {
  const onPath = { command: NAME, args: [] };
  if (!wanted.isTrusted) {
    return [onPath];
  }
  const filledIn = (text: string) => filled(text, wanted.folder);
  const named = wanted.path.map(filledIn).map((command) => ({ command, args: [] }));
  if (named.length > 0) {
    return named;
  }
  if (wanted.importStrategy === "fromPath") {
    return [onPath];
  }
  const interpreters = wanted.interpreter.map(filledIn);
  if (interpreters.length > 0) {
    return interpreters.map(ofInterpreter);
  }
  const found = [...(wanted.chosen ? [filledIn(wanted.chosen)] : []), ...environments(wanted.folder)];
  return [...found.map(ofInterpreter), onPath];
}

/** The first of the commands that works in `directory`, and its version; or what each of them said. */
export async function working(
  commands: Command[],
  directory: string,
): Promise<{ command: Command; version: string } | { problems: string[] }> {
  const problems: string[] = [];
  for (const each of commands) {
    const answer = await told(each, directory);
    if (answer.version !== undefined) {
      return { command: each, version: answer.version };
    }
    problems.push(`${[each.command, ...each.args].join(" ")}: ${answer.problem}`);
  }
  return { problems };
}

function ofInterpreter(interpreter: string): Command {
  return { command: interpreter, args: ["-m", "nemo_run_lint"] };
}

/** The interpreters of the environments that lie in a folder. */
function environments(folder: string | undefined): string[] {
  if (folder === undefined) {
    return [];
  }
  const inside = process.platform === "win32" ? ["Scripts", "python.exe"] : ["bin", "python"];
  return [".venv", "venv"].map((name) => path.join(folder, name, ...inside)).filter((each) => existsSync(each));
}

function filled(text: string, folder: string | undefined): string {
  const whole = text.replace(/^~(?=$|[\\/])/, homedir());
  return folder === undefined ? whole : whole.replace(/\$\{workspaceFolder\}/g, folder);
}

function told(each: Command, directory: string): Promise<{ version?: string; problem?: string }> {
  return new Promise((resolve) => {
    const options = { cwd: directory, timeout: PATIENCE, windowsHide: true };
    execFile(each.command, [...each.args, "--version"], options, (error, stdout, stderr) => {
      const version = /nemo-run-lint (\S+)/.exec(stdout)?.[1];
      if (error === null && version !== undefined) {
        resolve({ version });
      } else {
        resolve({ problem: lastLine(stderr) || error?.message || "it is not nemo-run-lint" });
      }
    });
  });
}

function lastLine(text: string): string {
  return text.trim().split(/\r?\n/).pop() ?? "";
}
