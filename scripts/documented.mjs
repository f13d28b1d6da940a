// Whether every public item of the crates is documented, and no comment only repeats a name. Part of npm run lint. Methods, fields and variants need
// none: there a comment stands where it says more than the name, which rustc's missing_docs does not let one choose.
import { readdir, readFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { Failure, main, root } from "./tools.mjs";

const ITEM = /^pub (?:async )?(?:unsafe )?(?:const )?(?:fn|struct|enum|trait|const|static|type|macro)\s+(\w+)/;
const NAMED = /^\s*(?:pub(?:\([a-z]+\))? )?(?:fn |struct |enum |const |type )?(\w+)\s*(?:[:,({<=]|$)/;
const EMPTY_WORDS = new Set(["a", "an", "the", "its", "their", "of"]);

const words = (text) =>
  text
    .replace(/([a-z])([A-Z])/g, "$1 $2")
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word && !EMPTY_WORDS.has(word))
    .map((word) => word.replace(/s$/, ""));

/** What is wrong in a file, by line. */
export function faults(source) {
  const lines = source.split(/^#\[cfg\(test\)\]\nmod \w+ \{$/m)[0].split("\n");
  const found = [];
  for (const [at, line] of lines.entries()) {
    if (/^\s*(?:\/\/|#\[|\)\]|$)/.test(line)) continue;
    const said = commentAbove(lines, at);
    const item = line.match(ITEM)?.[1];
    if (item && said.length === 0) found.push([at + 1, `${item} has no comment`]);
    const name = line.match(NAMED)?.[1];
    if (name && said.length === 1 && words(said[0]).join(" ") === words(name).join(" "))
      found.push([at + 1, `"${said[0]}" only repeats ${name}`]);
  }
  return found;
}

/** The lines of the doc comment above a line, attributes between them left out. */
function commentAbove(lines, at) {
  const said = [];
  for (let above = at - 1; above >= 0; above -= 1) {
    const [, comment] = lines[above].match(/^\s*\/\/\/ ?(.*)$/) ?? [];
    if (comment !== undefined) said.unshift(comment);
    else if (/\)?\]$/.test(lines[above])) while (above > 0 && !/^\s*#\[/.test(lines[above])) above -= 1;
    else break;
  }
  return said;
}

export async function checkDocumented() {
  const folder = join(root, "crates");
  // The program's flags are told by clap.
  const names = (await readdir(folder, { recursive: true })).filter((name) =>
    /^(?!cli)[\w-]+\/src\/.*\.rs$/.test(name.replaceAll("\\", "/")),
  );
  const found = [];
  for (const name of names.sort())
    for (const [line, fault] of faults(await readFile(join(folder, name), "utf8")))
      found.push(`${relative(root, join(folder, name))}:${line}: ${fault}`);
  if (found.length > 0)
    throw new Failure(found.join("\n"), "say what the name does not (a shape, a unit, an error, a source), or nothing of a field");
}

await main(import.meta.url, checkDocumented);
