// The benchmark's command line. An unknown flag or a bad value is a Failure with a remedy.
import { parseArgs } from "node:util";
import { Failure } from "../scripts/tools.mjs";
import { CASES, DEFAULT_SHAPES, DEVICES, matches, SHAPES, SYSTEMS } from "./cases.mjs";

const SIZES = {
  "n-layer": ["nLayer", 96],
  "n-head": ["nHead", 128],
  "d-model": ["dModel", 8192],
  "context-length": ["contextLength", 8192],
  "batch-size": ["batchSize", 1024],
  "vocab-size": ["vocabSize", 1_000_000],
};
const LISTS = ["case", "shape", "device", "system"];
const VALUES = [...LISTS, "json", "rounds", "seconds", "limit", ...Object.keys(SIZES)];
const MAX_ROUNDS = 99;
const MAX_SECONDS = 600;
const MAX_LIMIT = 86_400;

/** Options that exist only for the comparison in a browser. */
const IN_BROWSER = ["case", "device", "system"];

export const HELP = `npm run bench -- [options]   times Tadpole beside its peers in one headless Chromium

  --case LIST      ${Object.keys(CASES).join(", ")} (default: all)
  --shape LIST     ${Object.keys(SHAPES).join(", ")} (default: ${DEFAULT_SHAPES.join(",")})
  --device LIST    ${DEVICES.join(", ")} (default: both)
  --system LIST    see --list (default: all)
  --rounds N       rounds of measurements, the systems taking turns (default: 3)
  --seconds N      what one measurement aims at (default: 3)
  --limit N        seconds after which a system that does not answer is given up (default: 120)
  --native         the program beside JAX instead, a training step on the CPU (default shape: M)
  --json FILE      also writes the rows as JSON
  --list           prints the cases, shapes and systems, and measures nothing
  --help           prints this

A shape of your own (what is left out is as in S; --shape is not given then):
  --n-layer N --n-head N --d-model N --context-length N --batch-size N --vocab-size N`;

/** The options as { cases, shapes, devices, systems, rounds, seconds, limit, json, native, list, help }. */
export function readOptions(args = process.argv.slice(2)) {
  const values = parse(args);
  const native = values.native ?? false;
  const stray = IN_BROWSER.find((flag) => native && values[flag] !== undefined);
  if (stray) throw new Failure(`--native and --${stray} exclude each other`, "it times a training step on the CPU, ours and JAX's");
  const shapes = chooseShapes(values, native ? ["M"] : DEFAULT_SHAPES);
  if (native && "XL" in shapes) throw new Failure("--native trains, and XL is for decoding alone", "choose from S, M, L");
  return {
    cases: choose("case", values.case, Object.keys(CASES), Object.keys(CASES)),
    shapes,
    devices: choose("device", values.device, DEVICES, DEVICES),
    systems: chooseSystems(values.system),
    rounds: values.rounds === undefined ? 3 : whole("rounds", values.rounds, MAX_ROUNDS),
    seconds: values.seconds === undefined ? 3 : whole("seconds", values.seconds, MAX_SECONDS),
    limit: values.limit === undefined ? 120 : whole("limit", values.limit, MAX_LIMIT),
    json: values.json ?? null,
    native,
    list: values.list ?? false,
    help: values.help ?? false,
  };
}

function parse(args) {
  const strings = Object.fromEntries(VALUES.map((name) => [name, { type: "string" }]));
  const options = { ...strings, native: { type: "boolean" }, list: { type: "boolean" }, help: { type: "boolean" } };
  try {
    return parseArgs({ args, options }).values;
  } catch (error) {
    throw new Failure(error.message.split("\n")[0], "npm run bench -- --help lists the options");
  }
}

/** The known names in a list, in the canonical order. */
export function choose(flag, text, known, fallback) {
  if (text === undefined) return fallback;
  const chosen = text.split(",").map((name) => name.trim());
  const unknown = chosen.filter((name) => !known.includes(name));
  if (unknown.length > 0) throw new Failure(`--${flag} knows no "${unknown.join(", ")}"`, `choose from ${known.join(", ")}`);
  return known.filter((name) => chosen.includes(name));
}

function chooseSystems(text) {
  const names = text?.split(",").map((name) => name.trim()) ?? SYSTEMS.map((system) => system.name);
  const unknown = names.filter((name) => !SYSTEMS.some((system) => matches(system, name)));
  const remedy = `choose from ${SYSTEMS.map((system) => system.name).join(", ")}`;
  if (unknown.length > 0) throw new Failure(`--system knows no "${unknown.join(", ")}"`, remedy);
  return names;
}

function chooseShapes(values, fallback) {
  const given = Object.keys(SIZES).filter((flag) => values[flag] !== undefined);
  if (given.length === 0) {
    const names = choose("shape", values.shape, Object.keys(SHAPES), fallback);
    return Object.fromEntries(names.map((name) => [name, SHAPES[name]]));
  }
  if (values.shape !== undefined) throw new Failure(`--shape and --${given[0]} exclude each other`, "give a name or sizes");
  const sizes = { ...SHAPES.S };
  for (const flag of given) sizes[SIZES[flag][0]] = whole(flag, values[flag], SIZES[flag][1]);
  if (sizes.dModel % sizes.nHead !== 0) {
    throw new Failure(`${sizes.nHead} heads do not divide a width of ${sizes.dModel}`, "make --d-model a multiple of --n-head");
  }
  if (sizes.contextLength < 4) throw new Failure("--context-length is below 4", "there must be tokens to generate: give 4 or more");
  return { custom: sizes };
}

export function whole(flag, text, most) {
  const number = Number(text);
  if (/^\d+$/.test(text) && number >= 1 && number <= most) return number;
  throw new Failure(`--${flag} ${text} is out of range`, `give a whole number from 1 to ${most}`);
}
