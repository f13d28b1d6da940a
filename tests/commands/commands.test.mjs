// Every command in the documentation works: each is run in its shortest form (table.mjs), and each has one. Needs a build. One alone: node
// --test --test-name-pattern "npm run zip" tests/commands/commands.test.mjs
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { buildProgram } from "../../scripts/program.mjs";
import { STAGES } from "../../scripts/test.mjs";
import { root } from "../../scripts/tools.mjs";
import { commandsIn, namedCommands, words } from "./documents.mjs";
import { TABLE } from "./table.mjs";

/** For one command, in milliseconds; the first `npm run bench` also installs its peers. */
const PATIENCE = 600_000;
/** Until a server prints its address, in milliseconds: everything is built by then. */
const TO_SERVE = 120_000;
const KINDS = ["short", "tadpole", "stage", "tested", "left"];

const named = namedCommands();
const fits = ({ command }, text) => (typeof command === "string" ? command === text : command.test(text));
const entryOf = (text) => TABLE.find((entry) => fits(entry, text));
const title = ({ command }) => (typeof command === "string" ? command : String(command));

let folder;
let built = null;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), "tadpole-commands-"));
  const text = Array.from({ length: 2_000 }, (_, i) => `Once frog ${i % 29} jumped over pond ${(7 * i) % 13}.\n`).join("");
  for (const name of ["corpus.txt", "input.txt"]) await writeFile(join(folder, name), text);
});

after(() => rm(folder, { recursive: true, force: true }));

// ---------- the table ----------

test("a command is found in a block of a shell, in prose and in a table, and nothing else is one", () => {
  const text = [
    "Run `npm start` or `A=1 node x.mjs --y`, not `node` nor `npmx a`.",
    "| `tadpole bench` | `cargo build && npm test` |",
    '```sh\nnpm run a -- "b c"   # why\n# npm run comment\n```',
    "```js\nnpm run never\n```",
    "```\ntadpole eval m\ntrain   S   28.4\n```",
  ].join("\n");
  const found = commandsIn(text);
  const wanted = ["npm start", "A=1 node x.mjs --y", "tadpole bench", "cargo build", "npm test", 'npm run a -- "b c"', "tadpole eval m"];
  assert.deepEqual(
    found.map(({ command }) => command),
    wanted,
  );
  assert.deepEqual([found[0].line, found.at(-1).line], [1, 11]);
  assert.deepEqual(words(wanted[5]), ["npm", "run", "a", "--", "b c"]);
});

test("every command that is named has its place in the table, and every place a command that is named", () => {
  const missing = [...named].filter(([text]) => entryOf(text) === undefined).map(([text, places]) => `${text} (${places.join(", ")})`);
  assert.deepEqual(missing, [], "tests/commands/table.mjs has no short form of these");
  const used = new Set([...named.keys()].map(entryOf));
  const idle = TABLE.filter((entry) => !used.has(entry)).map(title);
  assert.deepEqual(idle, [], "no document names these any more, or an earlier line of the table takes them");
});

test("what is left to others is there: scripts, stages, tests", () => {
  const { scripts } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  for (const [text, places] of named) {
    const [program, verb, name] = words(text);
    if (program === "npm" && verb === "run") assert.ok(name in scripts, `${places}: package.json has no script ${name}`);
    if (program === "npm" && ["start", "test"].includes(verb)) assert.ok(verb in scripts, verb);
    if (["node", "sh"].includes(program) && !verb.startsWith("-"))
      assert.ok(existsSync(join(root, verb)), `${places}: ${verb} is not there`);
  }
  for (const entry of TABLE) {
    assert.equal(KINDS.filter((kind) => kind in entry).length, 1, `${title(entry)} is of one kind`);
    if (entry.stage) assert.ok(entry.stage in STAGES, `npm test has no stage ${entry.stage}`);
    if (entry.left !== undefined) assert.ok(entry.left.length > 10, `${title(entry)}: say why`);
    if (entry.tested) assert.ok(readFileSync(join(root, entry.tested[0]), "utf8").includes(entry.tested[1]), entry.tested.join(": "));
  }
});

test("every option that is named is one of its command's", () => {
  for (const [text, places] of named) {
    try {
      entryOf(text)?.check?.(words(text));
    } catch (error) {
      assert.fail(`${places}: \`${text}\`: ${error.message}`);
    }
  }
});

// ---------- the commands ----------

for (const entry of TABLE.filter(({ short, tadpole }) => short || tadpole)) {
  const texts = [...named.keys()].filter((text) => entryOf(text) === entry);
  const lines = new Map(texts.map((text) => [JSON.stringify(line(entry, text, "FOLDER")), text]));
  for (const text of lines.values())
    test(text, { timeout: PATIENCE, skip: lacking(entry) }, async ({ signal }) => {
      const [program, ...args] = line(entry, text, folder);
      const file = entry.tadpole ? await native() : program;
      if (entry.serves) return answers(file, args, signal);
      const { end, output } = await ended(file, args, { cwd: entry.tadpole ? folder : root, signal });
      assert.equal(end, 0, output);
      if (entry.says) assert.match(output, entry.says);
      if (entry.never) assert.doesNotMatch(output, entry.never);
      for (const name of entry.leaves ?? []) assert.ok(existsSync(join(folder, name)), `${name} is not there:\n${output}`);
    });
}

/** The native program, which `npm test` has built before. */
function native() {
  built ??= buildProgram();
  return built;
}

/** The program and the arguments of a command's short form. */
function line({ short, tadpole }, text, folder) {
  return short ? short(words(text), folder) : ["tadpole", ...tadpole(words(text))];
}

function lacking({ needs }) {
  if (!needs) return false;
  const [what, program, ...args] = needs;
  return spawnSync(program, args).status === 0 ? false : `there is no ${what} here`;
}

/** In its own process group, since npm starts others; the group ends when the test times out. */
function started(program, args, { cwd = root, signal }) {
  // The command may run tests itself, which must not count as part of these.
  const { NODE_TEST_CONTEXT, ...env } = process.env;
  // Without colours, which some programs also print where the variable CI is set.
  const child = spawn(program, args, { cwd, env: { ...env, NO_COLOR: "1" }, detached: true, stdio: ["ignore", "pipe", "pipe"] });
  child.printed = "";
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (chunk) => {
      child.printed += chunk;
    });
  signal.addEventListener("abort", () => stop(child));
  return child;
}

function stop(child) {
  if (child.pid !== undefined && child.exitCode === null && child.signalCode === null) process.kill(-child.pid, "SIGTERM");
}

function ended(program, args, options) {
  const child = started(program, args, options);
  return new Promise((resolve) => {
    child.on("error", (error) => resolve({ end: error.code, output: child.printed }));
    child.on("close", (code, killed) => resolve({ end: code ?? killed, output: child.printed }));
  });
}

/** Waits for the address that a server prints, requests the page there, and stops the server. */
async function answers(program, args, signal) {
  const child = started(program, args, { signal });
  try {
    const address = await new Promise((resolve, reject) => {
      child.stdout.on("data", () => {
        const found = child.printed.match(/http:\/\/localhost:\d+\//);
        if (found) resolve(found[0]);
      });
      child.on("close", () => reject(new Error(child.printed)));
      setTimeout(() => reject(new Error(`no address within ${TO_SERVE / 1000} s, but:\n${child.printed}`)), TO_SERVE).unref();
    });
    const response = await fetch(address);
    assert.equal(response.status, 200);
    assert.match(await response.text(), /<title>/);
  } finally {
    stop(child);
  }
}
