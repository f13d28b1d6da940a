// npm run raise -- NAME: trains one of the models that come with the page on the made world, measures it, and writes it with its earlier
// steps, tokenizer and card into web/public/models/NAME, and its entry into web/src/models.json. Resumes where it was stopped. With
// `--trial FOLDER` it does all of this with a model of a few steps, in that folder, within a minute: a check that it works.
import { existsSync } from "node:fs";
import { mkdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { card } from "./card.mjs";
import { buildProgram } from "./program.mjs";
import { Failure, main, read, root, run, steps } from "./tools.mjs";

const flags = (all) => Object.entries(all).flatMap(([name, value]) => [`--${name}`, String(value)]);

/** Common to all models that come with the page. */
const COMMON = {
  "world-mib": 72,
  "world-seed": 1,
  "special-token": "<|endoftext|>",
  position: "rotary",
  "context-length": 256,
  "n-layer": 4,
  "n-head": 4,
  "batch-size": 8,
  steps: 16_000,
  "min-learning-rate": 0.0001,
  "warmup-steps": 200,
  beta2: 0.98,
  "eval-interval": 1_000,
  "eval-batches": 8,
  "sample-interval": 0,
  "validation-fraction": 0.005,
};

/** Smallest first. */
const MODELS = {
  "tadpole-nano": { "d-model": 64, "vocab-size": 512, "learning-rate": 0.003 },
  "tadpole-base": { "d-model": 128, "vocab-size": 1_024, "learning-rate": 0.002 },
};
const SEED = 1;

/** The smaller settings of a trial. */
const SMALL = { "world-mib": 1, "n-layer": 1, "batch-size": 2, steps: 4, "warmup-steps": 2, "eval-interval": 4, "eval-batches": 1 };

/** The kept steps, the last being the final model; questions per row; stories; folders. */
function plan(name, trial) {
  if (trial === undefined) {
    const places = { made: join(root, "target", "models"), out: join(root, "web", "public", "models", name), index: INDEX };
    return { name, common: COMMON, keeps: [0, 100, 300, 1_000, 3_000, 8_000, COMMON.steps], questions: 500, stories: 10, ...places };
  }
  const folder = resolve(trial);
  const places = { made: join(folder, "made"), out: join(folder, name), index: join(folder, "models.json") };
  return { name, common: { ...COMMON, ...SMALL }, keeps: [0, SMALL.steps], questions: 2, stories: 2, ...places };
}

const INDEX = join(root, "web", "src", "models.json");
let program;

main(import.meta.url, async () => {
  const { name, trial } = readArguments();
  const all = plan(name, trial);
  const recipe = ["--world", "--without-corpus", "--split-digits", ...flags({ ...all.common, ...MODELS[name] })];
  const command = [...recipe, ...all.keeps.flatMap((at) => ["--keep", String(at)])];
  const checkpoint = join(all.made, `${name}.safetensors`);
  const step = steps(5);
  await step("Program", async () => {
    program = await buildProgram();
  });
  await step("Training", () => train(all, recipe, command, checkpoint));
  await step("Files", () => writeFiles(all, checkpoint));
  const scores = await step("Questions", () => ask(all, checkpoint));
  await step("Card", () => writeCard(all, command, scores));
});

function readArguments() {
  let parsed;
  try {
    parsed = parseArgs({ allowPositionals: true, options: { trial: { type: "string" } } });
  } catch (error) {
    throw new Failure(error.message.split("\n")[0], "npm run raise -- NAME [--trial FOLDER]");
  }
  const { positionals, values } = parsed;
  const [name] = positionals;
  if (!(name in MODELS)) throw new Failure(`there is no recipe for ${name}`, `give one of ${Object.keys(MODELS).join(", ")}`);
  return { name, trial: values.trial };
}

async function train({ name, common, keeps, made }, recipe, command, checkpoint) {
  await mkdir(made, { recursive: true });
  await sameRecipe(join(made, `${name}.json`), recipe);
  if (existsSync(kept(made, name, keeps.at(-1)))) return;
  // A checkpoint knows its own configuration; its corpus is generated again.
  const world = { "world-mib": common["world-mib"], "world-seed": common["world-seed"], steps: common.steps };
  const again = ["--world", "--without-corpus", ...flags(world), "--resume", checkpoint, ...command.slice(recipe.length)];
  await run(program, ["train", ...(existsSync(checkpoint) ? again : command), "--out", checkpoint]);
}

async function writeFiles({ name, keeps, made, out }, checkpoint) {
  await rm(out, { recursive: true, force: true });
  await mkdir(out, { recursive: true });
  for (const at of keeps) await run(program, ["export", kept(made, name, at), "--half", "--out", kept(out, null, at)]);
  await run(program, ["tokenize", "", "--tokenizer", checkpoint, "--out", join(out, "tokenizer.json")]);
}

async function ask({ keeps, out, questions }, checkpoint) {
  const youth = [];
  for (const at of keeps.slice(0, -1)) youth.push({ at, scores: await evaluate(kept(out, null, at), questions) });
  const scores = await evaluate(kept(out, null, keeps.at(-1)), questions);
  return { scores, whole: await evaluate(checkpoint, questions), youth };
}

async function writeCard({ name, common, keeps, out, index, questions, stories: count }, command, scored) {
  const model = kept(out, null, keeps.at(-1));
  const stories = await Promise.all(Array.from({ length: count }, (_, index) => story(model, index + 1)));
  const bytes = (await stat(model)).size;
  const text = { name, recipe: MODELS[name], command, bytes, questions, seed: SEED, common, stories };
  await writeFile(join(out, "README.md"), card({ ...text, ...scored }));
  await list(index, { name, parameters: scored.scores.parameters, bytes, steps: keeps });
}

const kept = (folder, name, at) => join(folder, `${name ? `${name}.` : ""}${String(at).padStart(6, "0")}.safetensors`);

/** Refuses to resume another recipe's files; records this recipe. */
async function sameRecipe(path, recipe) {
  const text = JSON.stringify(recipe);
  if (existsSync(path) && (await readFile(path, "utf8")) !== text)
    throw new Failure(`${path} tells of a model made by another recipe`, "move it away with the files beside it, and run this again");
  await writeFile(path, text);
}

/** The output of `tadpole eval` for a file: the rows, and the other measurements. */
async function evaluate(file, questions) {
  const args = ["eval", file, "--world", "--cases", String(questions), "--seed", String(SEED), "--json"];
  const lines = (await printed(args)).split("\n").map((line) => JSON.parse(line));
  return { rows: lines.filter(({ claim }) => claim), ...lines.find(({ neighbours }) => neighbours) };
}

/** Odd seeds in English, even ones in Chinese. */
function story(file, seed) {
  const prompt = seed % 2 === 1 ? "One day" : "有一天，";
  return printed(["generate", file, "--prompt", prompt, "--seed", String(seed), "--temperature", "0.8", "--max-new-tokens", "160"]);
}

async function printed(args) {
  const text = await read(program, args);
  if (text === null) throw new Failure(`\`tadpole ${args.join(" ")}\` failed`, "run it by hand to see why");
  return text;
}

/** Inserts a model's entry, in order of size. */
async function list(index, line) {
  const lines = existsSync(index) ? JSON.parse(await readFile(index, "utf8")) : [];
  const sorted = [...lines.filter(({ name }) => name !== line.name), line].sort((a, b) => a.bytes - b.bytes);
  await writeFile(index, JSON.stringify(sorted));
  if (index === INDEX) await run("npx", ["biome", "format", "--write", index]);
}
