// Programs that a test starts and ends: their output is read line by line, and they are ended with all their child processes.
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";

const PATIENCE = 30_000; // ms
/** The time between asking a program to end and killing it. */
const ENDING = 5_000; // ms

/** Starts a program. */
export function begin(program, args, { env = process.env } = {}) {
  // Its own process group, so that a browser's child processes end with it.
  const child = spawn(program, args, { env, stdio: ["ignore", "pipe", "pipe"], detached: true });
  const listeners = new Set();
  const tail = [];
  const hear = (line) => {
    tail.push(line);
    if (tail.length > 20) tail.shift();
    for (const listener of listeners) listener(line);
  };
  for (const stream of [child.stdout, child.stderr]) createInterface({ input: stream }).on("line", hear);
  const ended = new Promise((resolve) => {
    child.on("error", (error) => resolve(error.message));
    child.on("exit", (code, signal) => resolve(code ?? signal));
  });
  return { ended, said: (pattern) => said({ program, listeners, tail, ended }, pattern), end: () => end(child, ended) };
}

/** The match of the first output line that fits the pattern. */
function said({ program, listeners, tail, ended }, pattern) {
  return new Promise((resolve, reject) => {
    const fail = (why) => reject(new Error(`${program} ${why}; it printed:\n${tail.join("\n")}`));
    const timer = setTimeout(() => fail(`did not print ${pattern} within ${PATIENCE / 1000} s`), PATIENCE);
    const listener = (line) => {
      const found = pattern.exec(line);
      if (!found) return;
      clearTimeout(timer);
      listeners.delete(listener);
      resolve(found);
    };
    tail.forEach(listener);
    listeners.add(listener);
    void ended.then((how) => {
      clearTimeout(timer);
      fail(`ended with ${how}`);
    });
  });
}

async function end(child, ended) {
  const kill = (signal) => {
    try {
      process.kill(-child.pid, signal);
    } catch {
      // None of it is running any more.
    }
  };
  kill("SIGTERM");
  const timer = setTimeout(kill, ENDING, "SIGKILL");
  await ended;
  clearTimeout(timer);
  kill("SIGKILL");
}
