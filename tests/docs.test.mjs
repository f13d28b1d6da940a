// Every path, command and page address in the documentation exists.
import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { test } from "node:test";
import { root } from "../scripts/tools.mjs";

const inRoom = (room) =>
  readdirSync(join(root, room))
    .filter((name) => name.endsWith(".md"))
    .map((name) => (room === "." ? name : `${room}/${name}`));
const PAGES = [...inRoom("."), ...inRoom("docs"), "bench/README.md", "fuzz/README.md", "docs/examples"].flatMap((path) =>
  path.endsWith(".md") ? [path] : [],
);
const ROOMS = readdirSync(root, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);
const COMMANDS = JSON.parse(readFileSync(join(root, "package.json"), "utf8")).scripts;

/** Folders that a build creates, and what remains of them in words that name a kind. */
const MADE = /^(?:dist|target|lib|pkg|node_modules|fuzz\/(?:corpus|artifacts|coverage)|bench\/(?:site|node_modules))(?:\/|$)/;
/** A placeholder for the reader's own word, or a pattern. */
const OPEN = /[*<>{}…]|\b[A-Z]{3,}\b(?!\.md)/;

/** The code in a page: inline, and in blocks. */
function* named(page) {
  for (const [, text] of page.matchAll(/`([^`\n]+)`/g)) yield text;
  for (const [, block] of page.matchAll(/```\w*\n(.*?)```/gs)) yield* block.split("\n");
}

/** Paths of the project in a piece of code. */
function pathsIn(text) {
  const words = text.split(/[\s"'()=,;:[\]]+/).map((word) => word.replace(/^(?:\.\.\/tadpole|\.)\//, "").replace(/[.]+$/, ""));
  return words.filter((word) => word.includes("/") && ROOMS.includes(word.split("/")[0]) && !MADE.test(word) && !OPEN.test(word));
}

/** Relative to the root, or to the README's own folder. */
const isThere = (path, page) => existsSync(join(root, path)) || existsSync(join(root, dirname(page), path));

test("the paths in the documentation exist", () => {
  const found = [];
  const lost = [];
  for (const page of PAGES) {
    for (const text of named(readFileSync(join(root, page), "utf8")))
      for (const path of pathsIn(text)) {
        found.push(path);
        if (!isThere(path, page)) lost.push(`${page}: ${path}`);
      }
  }
  assert.ok(found.length > 60, `${found.length} paths`);
  assert.ok(found.includes("web/public/models/tadpole-nano/016000.safetensors"));
  assert.deepEqual(lost, []);
});

test("the files that the documentation links to exist, and so do the headings", () => {
  const lost = [];
  let links = 0;
  for (const page of PAGES) {
    for (const [, href] of readFileSync(join(root, page), "utf8").matchAll(/\]\(([^)\s]+)\)/g)) {
      if (/^[a-z]+:/.test(href)) continue;
      links += 1;
      const [path, heading] = href.split("#");
      const file = path === "" ? page : normalize(join(dirname(page), decodeURI(path)));
      if (!existsSync(join(root, file))) lost.push(`${page}: ${href}`);
      else if (heading && !slugs(file).includes(heading)) lost.push(`${page}: ${href}, no such heading`);
    }
  }
  assert.ok(links > 30, `${links} links`);
  assert.deepEqual(lost, []);
});

/** As GitHub names headings; a repeated one gets a number. */
function slugs(file) {
  const page = readFileSync(join(root, file), "utf8");
  const names = Array.from(page.matchAll(/^#+ (.+)$/gm), ([, words]) =>
    words
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, "")
      .trim()
      .replaceAll(" ", "-"),
  );
  const numbered = names.map((name, at) => {
    const before = names.slice(0, at).filter((other) => other === name).length;
    return before === 0 ? name : `${name}-${before}`;
  });
  return [...numbered, ...Array.from(page.matchAll(/<a id="([^"]+)">/g), ([, name]) => name)];
}

test("the npm commands in the documentation exist", () => {
  const lost = [];
  let commands = 0;
  for (const page of PAGES)
    for (const text of named(readFileSync(join(root, page), "utf8")))
      for (const [, command] of text.matchAll(/\bnpm (?:run )?(start|test|[a-z]+)\b/g)) {
        if (["install", "pack", "ci", "publish", "run"].includes(command)) continue;
        commands += 1;
        // A page about another folder's package says so.
        if (!COMMANDS[command] && !/--prefix|cd /.test(text)) lost.push(`${page}: ${text}`);
      }
  assert.ok(commands > 15, `${commands} commands`);
  assert.deepEqual(lost, []);
});
