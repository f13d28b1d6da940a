// npm run bench -- --native: a training step of the native program and of JAX on the CPU, each on one core and on all of them. Both
// continue from one checkpoint with the same batches, and their losses must agree before anything is timed.
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildProgram } from "../../scripts/program.mjs";
import { read } from "../../scripts/tools.mjs";
import { batch } from "../batches.mjs";
import { CASES } from "../cases.mjs";
import { within } from "../driver.mjs";
import { readMetadata, readSafetensors, replaceTensors } from "../safetensors.mjs";
import { rows } from "../stats.mjs";
import { corpus, modelFiles, tokenOf } from "../weights.mjs";
import { installPython, jsonLines, startJax } from "./python.mjs";

/** Updates whose losses are compared, after the first, which only ours makes: JAX starts from its moments. */
const COMPARED = 4;
/** The largest relative difference of a loss: rounding causes up to 8e-7 in so many updates, the other form of GELU 3e-6 and more. */
const TOLERANCE = 2e-6;
const CASE = "train";

/** Measures and returns rows. */
export async function compareNatively({ shapes, rounds, seconds, limit }, say) {
  await installPython();
  const program = await buildProgram();
  const places = await placesToRun();
  const all = [];
  for (const [shape, sizes] of Object.entries(shapes)) {
    const folder = await mkdtemp(join(tmpdir(), "tadpole-native-"));
    try {
      const run = await beginRun(program, folder, sizes, limit);
      for (const place of places) {
        const comparison = { case: CASE, shape, device: place.name };
        const told = (text) => say(`[${CASE} ${shape}, ${place.name}] ${text}`);
        all.push(...(await compare({ program, run, sizes, place, comparison, rounds, seconds, limit }, told)));
      }
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }
  return all;
}

/** One core, then all: the prefix of the command, and the name in the table. Without `taskset` only all. */
async function placesToRun() {
  const cores = await read("taskset", ["--cpu-list", "--pid", String(process.pid)]);
  if (cores === null) return [{ name: "all cores", prefix: [] }];
  const list = cores.split(":").at(-1).trim();
  const [first] = list.split(/[,-]/);
  const count = list.split(",").reduce((sum, part) => sum + span(part), 0);
  const one = { name: "1 core", prefix: ["taskset", "--cpu-list", first] };
  return count === 1 ? [one] : [one, { name: `${count} cores`, prefix: [] }];
}

function span(part) {
  const [from, to = from] = part.split("-").map(Number);
  return to - from + 1;
}

/** Trains one update, and records the losses of the next ones and their batches. */
async function beginRun(program, folder, sizes, limit) {
  const [text, begun, ended] = ["corpus.txt", "begun.safetensors", "ended.safetensors"].map((name) => join(folder, name));
  const characters = corpus(sizes);
  await writeFile(text, characters);
  const rates = ["--learning-rate", "0.001", "--min-learning-rate", "0.001", "--warmup-steps", "0"];
  const quiet = ["--eval-interval", "0", "--sample-interval", "0", "--without-corpus"];
  const model = [...flags(sizes), "--char", ...rates, ...quiet];
  await jsonLines(program, ["--json", "train", text, ...model, "--steps", "1", "--out", begun], limit);
  // Weights that expose wrong arithmetic; a run's initial ones are so small that either form of GELU gives the same losses.
  const file = await readFile(begun);
  replaceTensors(file, readSafetensors(modelFiles(sizes)[1].bytes));
  await writeFile(begun, file);
  const again = ["--resume", begun, "--without-corpus", "--steps", String(1 + COMPARED), "--out", ended];
  const events = await jsonLines(program, ["--json", "train", text, ...again], limit);
  const losses = events.flatMap(({ kind, steps }) => (kind === "step" ? steps.map(({ trainLoss }) => trainLoss) : []));
  if (losses.length !== COMPARED) throw new Error(`ours told ${losses.length} losses of ${COMPARED}`);
  const { step, request } = JSON.parse(readMetadata(file).run);
  const ids = [...characters].map(tokenOf);
  const training = ids.slice(0, Math.trunc(ids.length * (1 - request.train.validationFraction)));
  const batches = losses.map((_, index) => batch(training, sizes, request.train.seed, step + index));
  const drawn = join(folder, "batches.json");
  await writeFile(drawn, JSON.stringify(batches));
  return { losses, open: { checkpoint: begun, batches: drawn, sizes, rates: request.train, step } };
}

const FLAGS = { nLayer: "--n-layer", nHead: "--n-head", dModel: "--d-model", contextLength: "--context-length", batchSize: "--batch-size" };
const flags = (sizes) => Object.entries(FLAGS).flatMap(([name, flag]) => [flag, String(sizes[name])]);

/** Measures both sides in turns. A side that fails stays in the table with its reason. */
async function compare({ program, run, sizes, place, comparison, rounds, seconds, limit }, say) {
  const jax = startJax(place.prefix);
  const entry = (system, work) => ({ system, times: [], failure: null, note: null, work });
  const ours = entry("tadpole", () => timeOurs(program, place, sizes, seconds, limit));
  const theirs = entry("jax", () => jax.ask({ measure: seconds }).then(({ time }) => time));
  const entries = [ours, theirs];
  try {
    await guard(theirs, say, limit, async () => {
      theirs.note = await check(jax, run);
      say(theirs.note);
    });
    for (let round = 1; round <= rounds; round++) {
      for (const each of entries.filter(({ failure }) => failure === null)) {
        await guard(each, say, limit, async () => {
          each.times.push(await each.work());
          say(`round ${round}, ${each.system}: ${each.times.at(-1).toPrecision(4)}`);
        });
      }
    }
  } finally {
    jax.close();
  }
  return rows(comparison, CASES[CASE].unit, entries);
}

async function guard(entry, say, limit, work) {
  try {
    await within(1000 * limit, entry.system, work());
  } catch (error) {
    Object.assign(entry, { failure: error.message, times: [] });
    say(`${entry.system} failed: ${error.message}`);
  }
}

/** JAX's losses from the same weights, moments and batches must agree up to rounding. */
async function check(jax, { losses, open }) {
  await jax.ask({ open });
  const theirs = (await jax.ask({ losses: losses.length })).losses;
  const differences = losses.map((loss, index) => Math.abs(theirs[index] - loss) / loss);
  const largest = Math.max(...differences);
  if (!(largest < TOLERANCE))
    throw new Error(`its losses ${theirs.map((loss) => loss.toFixed(4))} are not ours, ${losses.map((loss) => loss.toFixed(4))}`);
  return `losses of ${losses.length} updates within ${largest.toExponential(1)} of ours`;
}

/** The median of blocks of about half a second, as `tadpole bench` measures them. */
async function timeOurs(program, { prefix }, sizes, seconds, limit) {
  const shape = [...flags(sizes), "--vocab-size", String(sizes.vocabSize)];
  const [command, ...args] = [...prefix, program, "--json", "bench", "--case", CASE, "--shape", "S", ...shape];
  const [{ median }] = await jsonLines(command, [...args, "--blocks", String(2 * seconds)], limit);
  return median;
}
