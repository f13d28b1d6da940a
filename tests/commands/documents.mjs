// The commands in the documentation: lines of code blocks and pieces of `code` that begin with a program.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../../scripts/tools.mjs";

const PROGRAMS = ["npm", "npx", "node", "cargo", "rustup", "sh", "bash", "python3", "pip", "git", "tadpole"];
/** Of a code block's language. */
const SHELLS = ["", "sh", "bash", "shell", "console"];
const BEGINS = new RegExp(`^(?:[A-Z_]+=\\S+ )*(?:${PROGRAMS.join("|")}) \\S`);

/** The README, docs/ and the READMEs of manually run tools. */
export function documents() {
  const docs = readdirSync(join(root, "docs")).filter((name) => name.endsWith(".md"));
  return ["README.md", ...docs.sort().map((name) => join("docs", name)), join("bench", "README.md"), join("fuzz", "README.md")];
}

/** All commands as a map from each to the places that name it, in order. */
export function namedCommands() {
  const found = new Map();
  for (const path of documents()) {
    for (const { command, line } of commandsIn(readFileSync(join(root, path), "utf8"))) {
      found.set(command, [...(found.get(command) ?? []), `${path}:${line}`]);
    }
  }
  return found;
}

/** The commands of a Markdown text as [{ command, line }]. */
export function commandsIn(text) {
  const found = [];
  let language = null;
  for (const [index, line] of text.split("\n").entries()) {
    const fence = line.match(/^\s*```(.*)$/);
    if (fence) {
      language = language === null ? fence[1].trim() : null;
      continue;
    }
    for (const command of language === null ? inline(line) : SHELLS.includes(language) ? chained(line) : [])
      if (BEGINS.test(command)) found.push({ command, line: index + 1 });
  }
  return found;
}

const inline = (line) => [...line.matchAll(/`([^`]+)`/g)].flatMap(([, code]) => chained(code));

/** The parts of a line between `&&`, without the comment after `#`. */
function chained(line) {
  return line
    .replace(/(?:^|\s)#\s.*$/, "")
    .split("&&")
    .map((part) => part.trim());
}

/** The words of a command, split by spaces and quotes as a shell does. */
export function words(command) {
  return [...command.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)].map((match) => match[1] ?? match[2] ?? match[3]);
}
