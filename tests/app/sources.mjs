// The contents of the sources, without a browser: the page's texts and the functions that fill them, and the core's errors.
import { readdir, readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { runnerImport } from "vite";

const root = new URL("../../", import.meta.url);
/** A language is its catalogue of errors, and all that stands beside it. */
export const LANGUAGES = (await readdir(new URL("web/src/i18n", root)))
  .flatMap((name) => name.match(/^(\w+)-errors\.ts$/)?.[1] ?? [])
  .sort();

/** A TypeScript module of the page that needs no browser. */
export async function pageModule(path) {
  const { module } = await runnerImport(fileURLToPath(new URL(`web/src/${path}`, root)), { configFile: false, logLevel: "error" });
  return module;
}

/** Labs with texts of their own, and what several labs share. */
const LABS = ["lessons", "tokens", "train", "inside", "sample", "prompt", "bench", "world"];

/** The texts of a language, including those that load with a lab. */
export async function catalogue(language) {
  const { [language]: page } = await pageModule(`i18n/${language}.ts`);
  const own = async (lab) => [lab, { ...page[lab], ...(await pageModule(`labs/${lab}/${language}.ts`))[language] }];
  const { [language]: menu } = await pageModule(`shell/${language}.ts`);
  const { [language]: embed } = await pageModule(`embed/${language}.ts`);
  const { errors, reasons } = await pageModule(`i18n/${language}-errors.ts`);
  const { [language]: reading } = await pageModule(`reading/${language}.ts`);
  const { [language]: share } = await pageModule(`share/${language}.ts`);
  return { ...page, errors, reasons, menu, embed, reading, share, ...Object.fromEntries(await Promise.all(LABS.map(own))) };
}

/** The files of a folder with this ending. */
export async function sources(folder, ending) {
  const names = await readdir(new URL(folder, root), { recursive: true });
  return Promise.all(names.filter((name) => name.endsWith(ending)).map((name) => readFile(new URL(`${folder}/${name}`, root), "utf8")));
}

/** The errors of one part of the core: the names of the details by code. */
export async function coreErrors(room) {
  const rust = await readFile(new URL(`crates/${room}/src/error.rs`, root), "utf8");
  const details = detailsByVariant(rust.slice(rust.indexOf("fn details(")));
  const codes = [...rust.matchAll(/(\w+)(?: \{ \.\. \})? => "([a-z]\w*)",/g)];
  return codes.map(([, variant, code]) => ({ code, details: details.get(variant) }));
}

/** Each `A {..} | B {..} => vec![("name", ..), ..]` of a match. */
function detailsByVariant(body) {
  const arms = [...body.matchAll(/([\s\S]*?)vec!\[([\s\S]*?)\]/g)];
  const pairs = arms.flatMap(([, pattern, list]) => {
    const names = [...list.matchAll(/\("(\w+)",/g)].map((match) => match[1]);
    return [...pattern.matchAll(/\b([A-Z]\w+)(?=\s*(?:\{|\||=>))/g)].map((variant) => [variant[1], names]);
  });
  return new Map(pairs);
}
