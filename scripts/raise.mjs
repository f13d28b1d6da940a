// npm run raise -- NAME: raises one of the models that come with the page on the made world, measures it, and writes it with its
// youth, tokenizer and card into web/public/models/NAME, and its line into web/src/models.json. Goes on where it was stopped.
import { existsSync } from "node:fs";
import { mkdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { card } from "./card.mjs";
import { Failure, main, read, root, run, steps } from "./tools.mjs";

/** Steps that are kept; the last one is the model. */
const KEPT = [0, 100, 300, 1_000, 3_000, 8_000, 16_000];
const flags = (all) => Object.entries(all).flatMap(([name, value]) => [`--${name}`, String(value)]);

const WORLD = { "world-mib": 72, "world-seed": 1 };
const COMMON = {
  ...WORLD,
  "special-token": "<|endoftext|>",
  position: "rotary",
  "context-length": 256,
  "n-layer": 4,
  "n-head": 4,
  "batch-size": 8,
  steps: KEPT.at(-1),
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
const QUESTIONS = 500;
const SEED = 1;
const STORIES = 10;

const PROGRAM = resolve(root, process.env.CARGO_TARGET_DIR ?? "target", "release", "tadpole");
const INDEX = join(root, "web", "src", "models.json");

main(import.meta.url, async () => {
  const [name] = process.argv.slice(2);
  if (!(name in MODELS)) throw new Failure(`there is no recipe for ${name}`, `give one of ${Object.keys(MODELS).join(", ")}`);
  const step = steps(5);
  const made = join(root, "target", "models");
  const out = join(root, "web", "public", "models", name);
  const checkpoint = join(made, `${name}.safetensors`);
  const recipe = ["--world", "--without-corpus", "--split-digits", ...flags({ ...COMMON, ...MODELS[name] })];
  const keep = KEPT.flatMap((at) => ["--keep", String(at)]);
  await step("Program", () => run("cargo", ["build", "--release", "-p", "tadpole-cli", "--no-default-features"]));
  await step("Training", async () => {
    await mkdir(made, { recursive: true });
    await sameRecipe(join(made, `${name}.json`), recipe);
    if (existsSync(kept(made, name, KEPT.at(-1)))) return;
    // A checkpoint knows its own configuration; its corpus is drawn again.
    const again = ["--world", "--without-corpus", ...flags({ ...WORLD, steps: COMMON.steps }), "--resume", checkpoint];
    await run(PROGRAM, ["train", ...(existsSync(checkpoint) ? again : recipe), ...keep, "--out", checkpoint]);
  });
  await step("Files", async () => {
    await rm(out, { recursive: true, force: true });
    await mkdir(out, { recursive: true });
    for (const at of KEPT) await run(PROGRAM, ["export", kept(made, name, at), "--half", "--out", kept(out, null, at)]);
    await run(PROGRAM, ["tokenize", "", "--tokenizer", checkpoint, "--out", join(out, "tokenizer.json")]);
  });
  const model = kept(out, null, KEPT.at(-1));
  const [scores, whole, youth] = await step("Questions", async () => {
    const young = [];
    for (const at of KEPT.slice(0, -1)) young.push({ at, scores: await evaluate(kept(out, null, at)) });
    return [await evaluate(model), await evaluate(checkpoint), young];
  });
  await step("Card", async () => {
    const stories = await Promise.all(Array.from({ length: STORIES }, (_, index) => story(model, index + 1)));
    const bytes = (await stat(model)).size;
    const text = { name, recipe: MODELS[name], command: [...recipe, ...keep], bytes, questions: QUESTIONS, seed: SEED };
    await writeFile(join(out, "README.md"), card({ ...text, common: COMMON, scores, whole, youth, stories }));
    await list({ name, parameters: scores.parameters, bytes, steps: KEPT });
  });
});

const kept = (folder, name, at) => join(folder, `${name ? `${name}.` : ""}${String(at).padStart(6, "0")}.safetensors`);

/** Refuses to go on with what another recipe made; notes this one. */
async function sameRecipe(path, recipe) {
  const text = JSON.stringify(recipe);
  if (existsSync(path) && (await readFile(path, "utf8")) !== text)
    throw new Failure(`${path} tells of a model made by another recipe`, "move it away with the files beside it, and run this again");
  await writeFile(path, text);
}

/** What `tadpole eval` prints of a file: the rows, and what is measured besides. */
async function evaluate(file) {
  const args = ["eval", file, "--world", "--cases", String(QUESTIONS), "--seed", String(SEED), "--json"];
  const lines = (await printed(args)).split("\n").map((line) => JSON.parse(line));
  return { rows: lines.filter(({ claim }) => claim), ...lines.find(({ neighbours }) => neighbours) };
}

/** Odd seeds in English, even ones in Chinese. */
function story(file, seed) {
  const prompt = seed % 2 === 1 ? "One day" : "有一天，";
  return printed(["generate", file, "--prompt", prompt, "--seed", String(seed), "--temperature", "0.8", "--max-new-tokens", "160"]);
}

async function printed(args) {
  const text = await read(PROGRAM, args);
  if (text === null) throw new Failure(`\`tadpole ${args.join(" ")}\` failed`, "run it by hand to see why");
  return text;
}

/** Takes a model's line in, in the order of their sizes. */
async function list(line) {
  const lines = JSON.parse(await readFile(INDEX, "utf8")).filter(({ name }) => name !== line.name);
  const sorted = [...lines, line].sort((a, b) => a.bytes - b.bytes);
  await writeFile(INDEX, JSON.stringify(sorted));
  await run("npx", ["biome", "format", "--write", INDEX]);
}
