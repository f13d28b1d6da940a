// Shared by the scripts: the repository's root, running a program, numbered steps with times, and one way to fail. A Failure has a message
// and its remedy; any other exception is a bug in the scripts and shows its stack.
import { spawn } from "node:child_process";
import { realpathSync } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

export const root = dirname(dirname(fileURLToPath(import.meta.url)));

export class Failure extends Error {
  constructor(message, remedy) {
    super(message);
    this.remedy = remedy;
  }
}

/**
 * Runs a program in the root with its output shown, at its end if `held`; a non-zero exit becomes a Failure with the remedy. It is killed after `timeout` (ms).
 */
export async function run(program, args, { remedy, env = process.env, timeout, held = false } = {}) {
  const stdio = ["ignore", held ? "pipe" : "inherit", "inherit"];
  const child = spawn(program, args, { cwd: root, env, timeout, stdio, shell: needsShell(program) });
  const text = [];
  child.stdout?.on("data", (chunk) => text.push(chunk));
  const end = await ending(child);
  process.stdout.write(Buffer.concat(text));
  if (end !== 0) throw new Failure(`\`${[program, ...args].join(" ")}\` ended with ${end}`, remedy);
}

/** A program's output, or null if it is missing or failed. */
export async function read(program, args) {
  const { text, end } = await output(program, args, { stdio: ["ignore", "pipe", "ignore"] });
  return end === 0 ? text.trim() : null;
}

/** A program's output and its exit code, or why there is none. It is killed after `timeout` (ms). */
export async function output(program, args, { stdio = ["ignore", "pipe", "pipe"], timeout } = {}) {
  const child = spawn(program, args, { cwd: root, stdio, timeout, shell: needsShell(program) });
  let text = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on("data", (chunk) => {
      text += chunk;
    });
  }
  const end = await ending(child);
  return { text, end };
}

/** Runs the JavaScript program of an installed npm package with this Node. */
export function runPackage(path, args, options) {
  return run(process.execPath, [join(root, "node_modules", path), ...args], options);
}

function ending(child) {
  return new Promise((resolve) => {
    child.on("error", (error) => resolve(error.code));
    child.on("close", (code, signal) => resolve(code ?? signal));
  });
}

// npm is a batch file on Windows, which only a shell can run.
function needsShell(program) {
  return process.platform === "win32" && program === "npm";
}

/** The command line's options, each with a value: `--name VALUE`. */
export function readOptions(...names) {
  const options = Object.fromEntries(names.map((name) => [name, { type: "string" }]));
  try {
    return parseArgs({ options }).values;
  } catch (error) {
    throw new Failure(error.message, `the options are ${names.map((name) => `--${name} VALUE`).join(", ")}`);
  }
}

/** Numbered steps: `await step("title", work)` prints a heading, then the time the work took. */
export function steps(total) {
  let number = 0;
  return async (title, work) => {
    number += 1;
    console.log(`[${number}/${total}] ${title}`);
    const started = performance.now();
    const result = await work();
    console.log(`[${number}/${total}] ${title}: ${duration(performance.now() - started)}`);
    return result;
  };
}

export function duration(milliseconds) {
  const seconds = milliseconds / 1000;
  return seconds < 60 ? `${seconds.toFixed(1)} s` : `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`;
}

/** The time of the last change to a file or anywhere in a folder, including removals; 0 if missing. */
export async function newest(path) {
  const about = await stat(path).catch(() => null);
  if (about === null) return 0;
  if (!about.isDirectory()) return about.mtimeMs;
  const inside = (await readdir(path)).map((name) => newest(join(path, name)));
  return Math.max(about.mtimeMs, ...(await Promise.all(inside)));
}

/** Runs a script's main function if the script was started directly, and reports a Failure in two lines. */
export async function main(url, work) {
  if (process.argv[1] === undefined || fileURLToPath(url) !== realpathSync(process.argv[1])) return;
  try {
    await work();
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    console.error(`\nfailed: ${error.message}`);
    if (error.remedy) console.error(`remedy: ${error.remedy}`);
    process.exitCode = 1;
  }
}
