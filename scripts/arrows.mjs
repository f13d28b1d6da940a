// Checks the code against docs/ARCHITECTURE.md: no circle of modules within a crate, none of files or folders of the page, and no arrow
// between rooms that its tables do not name. Part of npm run lint.
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { circles } from "./arrows/graph.mjs";
import { crateArrows, differences, namedArrows, pageArrows } from "./arrows/rooms.mjs";
import { crateGraph } from "./arrows/rust.mjs";
import { pageGraph } from "./arrows/typescript.mjs";
import { Failure, main, root } from "./tools.mjs";

const CRATES = join(root, "crates");
const PAGE = join(root, "web", "src");

/** Fails and lists every circle, and every unexpected or missing arrow. */
export async function checkArrows() {
  const text = await readFile(join(root, "docs", "ARCHITECTURE.md"), "utf8");
  const page = await pageGraph(PAGE);
  const named = namedArrows(text, "page");
  const troubles = [
    ...(await crateCircles()),
    ...circles(page).map((circle) => told("web/src", circle)),
    ...differences(await crateArrows(CRATES), namedArrows(text, "crate")),
    ...differences(pageArrows(page, named.keys()), named),
  ];
  if (troubles.length === 0) return;
  const remedy =
    "turn an arrow of each circle round or move what both need into a file of its own; an arrow that has a reason goes into docs/ARCHITECTURE.md";
  throw new Failure(`the arrows are not as they should be:\n${troubles.join("\n")}`, remedy);
}

async function crateCircles() {
  const found = [];
  for (const name of await readdir(CRATES)) {
    const src = join(CRATES, name, "src");
    found.push(...circles(await crateGraph(src)).map((circle) => told(`crates/${name}/src`, circle)));
  }
  return found;
}

function told(place, { folder, arrows }) {
  const lines = arrows.map(({ from, to, files }) => `    ${from} -> ${to} (${files.join(" -> ")})`);
  return [`a circle in ${[place, folder].filter((part) => part).join("/")}:`, ...lines].join("\n");
}

await main(import.meta.url, checkArrows);
