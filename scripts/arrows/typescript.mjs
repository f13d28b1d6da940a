// Which file of the page uses which: imports of values and types, static and dynamic, and re-exports.
import { readdir, readFile } from "node:fs/promises";
import { dirname, join, posix, relative, sep } from "node:path";

const FROM = /\b(?:import|export)\s[^"'`;]*?\bfrom\s*"([^"]+)"/g;
const BARE = /\bimport\s*"([^"]+)"/g;
const CALLED = /\bimport\(\s*"([^"]+)"\s*\)/g;

/** The graph of the TypeScript files under `folder`, by their paths in it. */
export async function pageGraph(folder) {
  const all = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = all.filter((entry) => entry.isFile() && entry.name.endsWith(".ts"));
  const paths = files.map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join("/"));
  const graph = new Map();
  for (const path of paths.sort()) {
    const used = imports(await readFile(join(folder, path), "utf8")).map((name) => posix.join(dirname(path), name));
    graph.set(path, new Set(used.filter((target) => target !== path && paths.includes(target))));
  }
  return graph;
}

/** The files that a source names, in its own notation. */
export function imports(source) {
  const code = source.replace(/^\s*(?:\/\/|\*|\/\*).*$/gm, "");
  const names = [FROM, BARE, CALLED].flatMap((pattern) => [...code.matchAll(pattern)].map((match) => match[1]));
  return names.filter((name) => name.startsWith("."));
}
