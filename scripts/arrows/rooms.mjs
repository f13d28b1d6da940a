// The arrows between rooms: those in the two tables of docs/ARCHITECTURE.md under "Arrows", and those in the sources.
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

const ROW = /^\| `([^`]+)` \| (.*) \|$/;
const DEPENDENCIES = /^\[dependencies\]\n((?:(?!\[).*\n?)*)/m;

/** The table whose first heading is `title`: a map from a room to the set of rooms it may use. */
export function namedArrows(text, title) {
  const lines = text.split("\n");
  const at = lines.findIndex((line) => line.startsWith(`| ${title} | uses |`));
  const end = lines.findIndex((line, place) => place > at && !line.startsWith("|"));
  const rows = lines
    .slice(at + 2, at === -1 ? 0 : end)
    .map((line) => line.match(ROW))
    .filter((row) => row);
  return new Map(rows.map(([, from, to]) => [from, new Set([...to.matchAll(/`([^`]+)`/g)].map((match) => match[1]))]));
}

/** Arrows between crates, from their manifests; dependencies for tests do not count. */
export async function crateArrows(folder) {
  const arrows = new Map();
  for (const name of await readdir(folder)) {
    const manifest = await readFile(join(folder, name, "Cargo.toml"), "utf8");
    const [, lines = ""] = manifest.match(DEPENDENCIES) ?? [];
    const used = [...lines.matchAll(/^tadpole-([\w-]+)/gm)].map((match) => match[1]);
    arrows.set(name, new Map(used.map((to) => [to, `crates/${name}/Cargo.toml`])));
  }
  return arrows;
}

/**
 * Arrows between the rooms of the page, each with an example file. A file is in the room with the longest name that its path begins with.
 */
export function pageArrows(graph, rooms) {
  const longest = [...rooms].sort((one, other) => other.length - one.length);
  const room = (file) => longest.find((name) => file === `${name}.ts` || file.startsWith(`${name}/`)) ?? file;
  const arrows = new Map();
  for (const [from, targets] of graph) {
    if (!arrows.has(room(from))) arrows.set(room(from), new Map());
    for (const to of targets) if (room(to) !== room(from)) arrows.get(room(from)).set(room(to), `web/src/${from}`);
  }
  return arrows;
}

/** The differences between sources and table, both ways, as sentences. */
export function differences(found, named) {
  const unnamed = [...found].flatMap(([from, targets]) => [...targets].map(([to, file]) => ({ from, to, file })));
  const missing = [...named].flatMap(([from, targets]) => [...targets].map((to) => ({ from, to })));
  return [
    ...[...found.keys()].filter((room) => !named.has(room)).map((room) => `no row for ${room}`),
    ...unnamed.filter(({ from, to }) => !named.get(from)?.has(to)).map(({ from, to, file }) => `not named: ${from} -> ${to} (${file})`),
    ...missing.filter(({ from, to }) => !found.get(from)?.has(to)).map(({ from, to }) => `named, but nothing uses it: ${from} -> ${to}`),
  ];
}
