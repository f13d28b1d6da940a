// npm test: every check in order, each with a heading and its time; stops at the first failure with the remedy. For developers: npm test --
// --only native,browser; npm test -- --changed HEAD runs what the changes since a commit can affect. Refuses a run that finds no test file.
import { existsSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { audit } from "./audit.mjs";
import { BUILD_STEPS, build } from "./build.mjs";
import { changedFiles, reached } from "./changed.mjs";
import { findChromium } from "./chromium.mjs";
import { installEngines } from "./engines.mjs";
import { lint } from "./lint.mjs";
import { checkPrerequisites } from "./prerequisites.mjs";
import { PROGRAM } from "./program.mjs";
import { duration, Failure, main, read, readOptions, root, run, steps } from "./tools.mjs";

const FILE_TIMEOUT = 20 * 60_000; // ms
const MOST_AT_ONCE = 4;
/** Tests that a busy machine would fail. */
const TIMED = join("tests", "app", "timed");
/** Software WebGPU wants every core: two files that use it at once starve each other. */
const ON_GPU = ["devices", "inside", "launches", "library", "memory", "page", "prompt", "recovery", "sample", "train-slow"].map((name) =>
  join("tests", "app", `${name}.test.mjs`),
);
/** Each test with its time, and then the slowest. */
const REPORTERS = ["spec", join(root, "scripts", "slowest.mjs")].flatMap((name) => [
  `--test-reporter=${name}`,
  "--test-reporter-destination=stdout",
]);

// Without the GPU: its half of burn takes most of the time to compile, clippy has just checked it, and the browser tests run it. Without
// the bindings, which have no native tests, and their generator: its features would make cargo recompile the other packages.
const NATIVE =
  "test --workspace --no-default-features --exclude tadpole-js --exclude tadpole-wasm --exclude tadpole-wasm-workbench --exclude tadpole-bindgen --release";
const GENERATOR = "test -p tadpole-bindgen --release";

// One after another: a native and a WebAssembly build at once are too much for a small machine.
export const STAGES = {
  format: () => cargo("fmt --all --check", "cargo fmt --all"),
  clippy: () => cargo("clippy --workspace --all-targets --release -- -D warnings", "clippy's message above names the place"),
  native: async () => {
    for (const tests of [NATIVE, GENERATOR]) await cargo(tests, "one test alone: cargo test --release -p PACKAGE NAME");
  },
  build: () => build(steps(BUILD_STEPS)),
  lint,
  audit,
  browser: testInBrowser,
  engines: testInEngines,
  commands: testCommands,
};

/** What was not tested, and how it could be. */
const leftOut = [];
/** Files of the browser stage; null for all. */
let chosenFiles = null;

async function test() {
  const stages = await chosenStages();
  const started = performance.now();
  await checkPrerequisites();
  if (stages.includes("format") || stages.includes("clippy")) await checkRustTools();
  // Now, not when everything else is done.
  if (stages.includes("browser") || stages.includes("engines") || stages.includes("commands")) await findChromium();
  if (stages.includes("engines")) leftOut.push(...(await installEngines()));
  const times = [];
  for (const [index, name] of stages.entries()) {
    console.log(`\n=== ${index + 1} of ${stages.length}: ${name} ===`);
    times.push(`${name} ${await timed(name, STAGES[name])}`);
  }
  console.log(`\n${times.join(", ")}`);
  for (const line of leftOut) console.log(`left out: ${line}`);
  console.log(`${stages.length} stages passed in ${duration(performance.now() - started)}`);
}

async function chosenStages() {
  const { only, changed } = readOptions("only", "changed");
  const all = Object.keys(STAGES);
  if (changed !== undefined) return reachedStages(changed, all);
  const chosen = only?.split(",") ?? all;
  const unknown = chosen.filter((name) => !all.includes(name));
  if (unknown.length > 0) throw new Failure(`there is no stage ${unknown.join(", ")}`, `choose from ${all.join(", ")}`);
  return all.filter((name) => chosen.includes(name));
}

async function reachedStages(since, all) {
  const paths = await changedFiles(since);
  if (paths.length === 0) throw new Failure(`nothing has changed since ${since}`, "npm test runs everything");
  const { stages, files } = reached(paths, await testFiles());
  chosenFiles = files;
  const chosen = all.filter((name) => (stages ?? all).includes(name) && (name !== "browser" || files === null || files.length > 0));
  console.log(
    `${paths.length} files changed since ${since}; they reach ${chosen.join(", ")}${files ? `, of browser ${files.join(", ")}` : ""}`,
  );
  return chosen;
}

async function timed(name, work) {
  const started = performance.now();
  try {
    await work();
  } catch (error) {
    if (error instanceof Failure) error.message = `${name}: ${error.message}`;
    throw error;
  }
  const time = duration(performance.now() - started);
  console.log(`=== ${name} passed in ${time} ===`);
  return time;
}

/** rustup's minimal profile does not include them. */
async function checkRustTools() {
  const remedy = "rustup component add rustfmt clippy, or your distribution's packages of these names";
  for (const tool of ["rustfmt", "clippy"])
    if ((await read("cargo", [tool.replace("rust", ""), "--version"])) === null)
      await run("rustup", ["component", "add", tool], { remedy });
}

function cargo(line, remedy) {
  return run("cargo", line.split(" "), { remedy });
}

async function testInBrowser() {
  await testPages(chosenFiles ?? (await testFiles()), "one file alone: CHROMIUM=/usr/bin/chromium node --test tests/app/NAME.test.mjs");
}

/** Each lab's main job, in Chromium, Firefox and WebKit. */
async function testInEngines() {
  await testPages(
    [join("tests", "engines", "engines.test.mjs")],
    "alone: CHROMIUM=/usr/bin/chromium node --test tests/engines/engines.test.mjs",
  );
}

/**
 * A file a core at once, each with a browser of its own; beside them those that use software WebGPU, one by one; then those that need the machine.
 * The longest in a short form.
 */
async function testPages(files, remedy) {
  if (!existsSync(join(root, "dist", "index.html"))) throw new Failure("dist/ is not built", "npm run build");
  const env = { ...process.env, CHROMIUM: await findChromium(), TADPOLE_SHORT: "1" };
  const lane = async (chosen, atOnce, options) => {
    const how = ["--test", `--test-concurrency=${atOnce}`, ...REPORTERS, `--test-timeout=${FILE_TIMEOUT}`];
    if (chosen.length > 0) await run(process.execPath, [...how, ...chosen], { env, remedy, ...options });
  };
  const [timed, others] = parted(files, (file) => file.startsWith(TIMED));
  const [onGpu, plain] = parted(others, (file) => ON_GPU.includes(file));
  const ends = await Promise.allSettled([lane(plain, Math.min(MOST_AT_ONCE, availableParallelism())), lane(onGpu, 1, { held: true })]);
  for (const { reason } of ends) if (reason) throw reason;
  await lane(timed, 1);
}

/** Those for which it holds, and the others. */
function parted(all, holds) {
  return [all.filter(holds), all.filter((each) => !holds(each))];
}

/** The commands in the documentation, each in its shortest form. */
async function testCommands() {
  // The program with the features of the native tests: alone, cargo would recompile it with other features of regex, and commands have a
  // time limit.
  await cargo(`${NATIVE} --no-run`, "the compiler's message above names the place");
  const env = { ...process.env, CHROMIUM: await findChromium(), TADPOLE: PROGRAM };
  const options = ["--test", "--test-reporter=spec", `--test-timeout=${FILE_TIMEOUT}`, join("tests", "commands", "commands.test.mjs")];
  const remedy = 'one alone: node --test --test-name-pattern "npm run zip" tests/commands/commands.test.mjs';
  await run(process.execPath, options, { env, remedy });
}

async function testFiles() {
  const folders = ["tests", join("tests", "app"), TIMED].filter((folder) => existsSync(join(root, folder)));
  const names = await Promise.all(folders.map(async (folder) => (await readdir(join(root, folder))).map((name) => join(folder, name))));
  const files = names.flat().filter((name) => name.endsWith(".test.mjs"));
  if (files.length === 0) throw new Failure("no test file was found", "browser tests are tests/app/*.test.mjs");
  return files.sort();
}

await main(import.meta.url, test);
