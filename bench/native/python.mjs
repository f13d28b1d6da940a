// The Python side of `npm run bench -- --native`: its own virtual environment with pinned packages, and a program in it that answers
// requests, one JSON value per line.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { copyFile, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { Failure, output, read, root, run } from "../../scripts/tools.mjs";

const here = join(root, "bench", "native");
const venv = join(here, "venv");
const python = process.platform === "win32" ? join(venv, "Scripts", "python.exe") : join(venv, "bin", "python");
const wanted = join(here, "requirements.txt");
/** The list of installed packages, written last: an interrupted installation is redone. */
const installed = join(venv, "installed.txt");
const OLDEST = 11;

/** The pinned packages as [name, version], without their dependencies. */
export async function nativeVersions() {
  const lines = (await readFile(wanted, "utf8")).split("\n").map((line) => line.split("=="));
  return lines.filter(([name]) => ["jax", "jaxlib", "optax"].includes(name)).map((pair) => pair.join(" "));
}

/** Installs the packages into bench/native/venv, if missing. */
export async function installPython() {
  const text = await readFile(wanted, "utf8");
  if (existsSync(installed) && (await readFile(installed, "utf8")) === text) return;
  const system = await systemPython();
  await rm(venv, { recursive: true, force: true });
  console.error("installing JAX into bench/native/venv (some 600 MB, once)");
  await run(system, ["-m", "venv", venv], { remedy: "Debian keeps this module apart: apt-get install python3-venv" });
  const pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--requirement", wanted];
  await run(python, pip, { remedy: "JAX and optax come from PyPI: look whether it can be reached" });
  await copyFile(wanted, installed);
}

/** The name of a recent enough Python. */
async function systemPython() {
  const remedy = `install Python 3.${OLDEST} or newer (Debian: apt-get install python3 python3-venv)`;
  for (const name of ["python3", "python"]) {
    const version = await read(name, ["-c", "import sys; print(sys.version_info.major, sys.version_info.minor)"]);
    if (version === null) continue;
    const [major, minor] = version.split(" ").map(Number);
    if (major === 3 && minor >= OLDEST) return name;
    throw new Failure(`JAX needs Python 3.${OLDEST}, and ${name} is ${major}.${minor}`, remedy);
  }
  throw new Failure("there is no Python, which JAX needs", remedy);
}

/** Starts jax_step.py after a prefix such as `taskset -c 0`; `ask` resolves to its answer. */
export function startJax(prefix) {
  const [program, ...args] = [...prefix, python, join(here, "jax_step.py")];
  const child = spawn(program, args, { stdio: ["pipe", "pipe", "pipe"] });
  let said = "";
  child.stderr.on("data", (chunk) => {
    said = (said + chunk).slice(-2000);
  });
  const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    async ask(request) {
      child.stdin.write(`${JSON.stringify(request)}\n`);
      const { value, done } = await answers.next();
      if (done) throw new Error(`it ended: ${said.trim().split("\n").at(-1)}`);
      return JSON.parse(value);
    },
    close: () => child.kill(),
  };
}

/** The JSON lines that a program printed; a failure, or a timeout in seconds, is an error with its last output. */
export async function jsonLines(program, args, limit) {
  const { text, end } = await output(program, args, { timeout: 1000 * limit });
  if (end !== 0) throw new Error(`\`${[program, ...args].join(" ")}\` ended with ${end}: ${text.trim().split("\n").slice(-2).join(" ")}`);
  return text
    .split("\n")
    .filter((line) => line.startsWith("{"))
    .map((line) => JSON.parse(line));
}
