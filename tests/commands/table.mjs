// The short form of every command that the documents name: of each `command` one of these.
// - `short` makes its words those of a run in the root, `tadpole` those of the native program in the test's folder. `says` is what it has to print,
//   `never` what it must not; `leaves` has to lie in the folder then. One that `serves` answers at the address that it prints, and is stopped.
//   Where what it `needs` (a name, and a program that ends well if it is there) is missing, it is left out with that word.
// - `stage` of `npm test` does it; or it is `tested`, by a file that holds that text; or it is `left`, and why.
// `check` refuses words that the command itself would not take.
import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { readOptions } from "../../bench/options.mjs";
import { root } from "../../scripts/tools.mjs";

const EXAMPLE = "tadpole-nano";

/** Words with the values of some flags replaced, and missing flags appended. */
function withFlags(words, flags) {
  const changed = [...words];
  for (const [flag, value] of Object.entries(flags)) {
    const at = changed.indexOf(flag);
    if (at === -1) changed.push(flag, value);
    else changed[at + 1] = value;
  }
  return changed;
}

/** `npm run NAME -- ...` with additional words. */
const more = (words, ...added) => [...words, ...(words.includes("--") ? [] : ["--"]), ...added];

/** The arguments of `npm run bench`. */
const benchArguments = (words) => (words.includes("--") ? words.slice(words.indexOf("--") + 1) : []);

/** Words after `cargo run ... --` belong to the program; here it is built without the GPU. */
const program = (words) => (words[0] === "cargo" ? words.slice(words.indexOf("--") + 1) : words.slice(1));

/** Names of the packages in crates/. */
const packages = () =>
  readdirSync(join(root, "crates")).map(
    (name) => readFileSync(join(root, "crates", name, "Cargo.toml"), "utf8").match(/^name = "(.+)"$/m)[1],
  );

function isTestFile(words) {
  const files = words.filter((word) => word.endsWith(".mjs"));
  assert.ok(files.length > 0, "no test file is named");
  for (const file of files) assert.ok(existsSync(join(root, file)), `${file} is not there`);
}

function isPackage(words) {
  const name = words[words.indexOf("-p") + 1];
  assert.ok(!words.includes("-p") || packages().includes(name), `there is no package ${name}`);
}

const TINY_RUN = { "--steps": "2", "--eval-interval": "0", "--sample-interval": "0" };
const BENCH = "--shape S --rounds 1 --seconds 1";
/** Our row: figures, a ratio, one round. */
const MEASURED = /^train .*tadpole.* \d[\d.]* +1\b/m;

export const TABLE = [
  // ---------- npm ----------
  { command: "npm start", short: (words) => more(words, "--port", "0"), serves: true },
  { command: "npm run dev", short: (words) => more(words, "--port", "0"), serves: true },
  { command: /^npm test\b/, left: "it is what runs these" },
  { command: "bash .ci/run", left: "it is `npm test` on a clean checkout" },
  { command: /^(?:npm run lint|npx biome check --write \.)$/, stage: "lint" },
  { command: "cargo fmt --all", stage: "format" },
  { command: "node scripts/engines.mjs", stage: "engines" },
  { command: "npm run build", stage: "build" },
  { command: "npm run api", stage: "lint" },
  { command: "npm run contract", stage: "native" },
  { command: "node scripts/glossary.mjs", tested: ["tests/app/glossary.test.mjs", "await glossary()"] },
  { command: "npm run zip", short: (words) => words, says: /\d files, [\d,]+ bytes: .*tadpole\.zip/ },
  { command: "npm pack", tested: ["tests/app/library.test.mjs", 'run("npm", ["pack"'] },
  { command: /^npm install \.\/tadpole-[\d.]+\.tgz$/, tested: ["tests/app/library.test.mjs", "install(folder, packed)"] },
  {
    command: /^npm run recipes\b/,
    short: (words, folder) => more(words, "facts", "--steps", "5", "--questions", "3", "--out", join(folder, "measured.json")),
    says: /^facts \{"steps":\d+,.*"n":3,/m,
    leaves: ["measured.json"],
  },
  {
    command: /^npm run raise\b/,
    short: (_, folder) => ["npm", "run", "raise", "--", EXAMPLE, "--trial", folder],
    check: (words) => assert.ok(words.length === 3 || ["NAME", "tadpole-base", "tadpole-nano"].includes(words.at(-1)), words.at(-1)),
    says: /^\[5\/5\] Card: /m,
    leaves: ["models.json", join(EXAMPLE, "README.md"), join(EXAMPLE, "tokenizer.json")],
  },

  // ---------- measurements ----------
  { command: "npm run bench -- --help", short: (words) => words, says: /--native/ },
  {
    command: /^npm run bench -- .*--native\b/,
    check: (words) => readOptions(benchArguments(words)),
    short: () => ["npm", "run", "bench", "--", "--native", ...BENCH.split(" ")],
    needs: ["Python 3.11 with venv", "python3", "-c", "import sys, ensurepip; sys.exit(sys.version_info < (3, 11))"],
    says: MEASURED,
    never: /failed:/,
  },
  {
    command: /^npm run bench\b/,
    check: (words) => readOptions(benchArguments(words)),
    short: () => [
      "npm",
      "run",
      "bench",
      "--",
      "--device",
      "cpu",
      "--system",
      "tadpole,jax-js,onnxruntime/cache,tiktoken",
      ...BENCH.split(" "),
    ],
    says: MEASURED,
    never: /failed:/,
  },
  {
    command: "npm run scale",
    short: (words) => more(words, "--quick", "--case", "step", "--device", "webgpu"),
    says: /^ +webgpu +\d+ +\d/m,
  },
  {
    command: "npm run scale -- --plots",
    short: (words, folder) => [...words, "--quick", "--case", "step,context,position", "--device", "cpu", "--out", folder],
    says: /^ +cpu +\d/m,
    leaves: ["scale-step.svg", "scale-memory.svg", "scale-context.svg", "scale-position.svg"],
  },
  {
    command: /^npm run scale -- --case \w+/,
    short: (words) => [...withFlags(words, { "--device": "cpu" }), "--quick"],
    says: /^ +cpu +\S/m,
  },
  { command: /^node bench\/bpe\.mjs\b/, short: (words) => [...words, "--runs", "1"], says: /^1024 tokens from \d+ bytes: median \d+ ms/m },
  {
    command: "npm install --prefix bench --ignore-scripts",
    short: (words) => [...words, "--dry-run", "--no-audit", "--no-fund"],
    says: /up to date|added \d+/,
  },

  // ---------- pictures ----------
  {
    command: /^node scripts\/pictures\.mjs\b/,
    short: (words, folder) => [...words, "--steps", "20", "--out", folder],
    leaves: ["train", "sample", "tokens", "prompt", "inside"].map((name) => `${name}.png`),
  },
  {
    command: /^node scripts\/screens\.mjs\b/,
    short: (words, folder) => [...words, "bench", "--width", "360", "--out", folder],
    leaves: ["bench-360-light-zh.jpg", "bench-360-dark-en.jpg"],
  },

  // ---------- the program ----------
  {
    command: /^cargo run --release -p tadpole-cli -- train corpus\.txt /,
    tadpole: (words) => withFlags(program(words), TINY_RUN),
    says: /^saved model\.safetensors$/m,
    leaves: ["model.safetensors"],
  },
  {
    command: /^cargo run --release -p tadpole-cli -- generate model\.safetensors /,
    tadpole: (words) => withFlags(program(words), { "--max-new-tokens": "8" }),
    says: /^Once/m,
  },
  {
    command: /^cargo run --release -p tadpole-cli -- export model\.safetensors /,
    tadpole: program,
    leaves: ["config.json", "model.safetensors", "tokenizer.json"].map((name) => join("folder", name)),
  },
  {
    command: /^tadpole train input\.txt --char /,
    tadpole: (words) => withFlags(program(words), TINY_RUN),
    leaves: ["shakespeare.safetensors"],
  },
  { command: "tadpole eval shakespeare.safetensors", tadpole: program, says: /\d/ },
  {
    command: "tadpole train --world",
    tadpole: (words) => withFlags(program(words), { ...TINY_RUN, "--world-mib": "1", "--preset": "nano", "--out": "CHECKPOINT" }),
    leaves: ["CHECKPOINT"],
  },
  {
    command: "tadpole eval CHECKPOINT --world",
    tadpole: (words) => withFlags(program(words), { "--cases": "1" }),
    says: /fewShot/,
  },
  {
    command: /^tadpole bench --device gpu /,
    left: "it needs a build with the GPU's half of burn, and a driver for Vulkan, Metal or DirectX",
  },
  {
    command: /^tadpole bench\b/,
    tadpole: (words) => withFlags(program(words), { "--blocks": "1", ...(words.includes("--shape") ? {} : { "--shape": "S" }) }),
    says: /^train +S +\d[\s\S]*^decode +S +\d/m,
  },

  // ---------- tests and fuzzers ----------
  { command: /^(?:CHROMIUM=\S+ )?node --test /, check: isTestFile, stage: "browser" },
  {
    command: "cargo test --release -p tadpole-kernels --features gpu",
    left: "it needs a GPU's driver; clippy compiles it, and the browser tests hold the same kernels against their twins",
  },
  { command: /^cargo test\b/, check: isPackage, stage: "native" },
  {
    command: /^node fuzz\/page\.mjs \w+ --seconds \d+/,
    short: (words) => withFlags(words, { "--seconds": "2", "--seed": "1" }),
    says: /^address: [\d,]+ cases in .*, nothing found$/m,
  },
  { command: "cargo install cargo-fuzz", left: "minutes of compiling, into the person's own folder" },
  { command: /^(?:sh fuzz\/run\.sh \d+|cargo fuzz cmin)$/, left: "it needs cargo-fuzz; `cargo test` reads all that the fuzzers kept" },

  // ---------- others' programs ----------
  { command: /^python3 -m http\.server\b/, tested: ["tests/app/offline.test.mjs", '"-m", "http.server"'] },
  { command: "npx serve", left: "it is somebody else's, and fetched when it is called; another static server is tested" },
];
