// The check of the arrows, on handmade trees: a circle of modules, one of folders that no two files close, a re-exported name, and a tree
// without circles.
import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { circles } from "../scripts/arrows/graph.mjs";
import { differences, namedArrows, pageArrows } from "../scripts/arrows/rooms.mjs";
import { crateGraph } from "../scripts/arrows/rust.mjs";
import { leaves } from "../scripts/arrows/rust-paths.mjs";
import { pageGraph } from "../scripts/arrows/typescript.mjs";

async function tree(files, use) {
  const home = await mkdtemp(join(tmpdir(), "tadpole-arrows-"));
  try {
    for (const [path, text] of Object.entries(files)) {
      await mkdir(dirname(join(home, path)), { recursive: true });
      await writeFile(join(home, path), text);
    }
    return await use(home);
  } finally {
    await rm(home, { recursive: true });
  }
}

const onCircles = (graph) =>
  circles(graph).map(({ folder, arrows }) => [folder, [...new Set(arrows.flatMap(({ from, to }) => [from, to]))].sort()]);

test("a circle of modules is found through re-exported names, and tests and comments close none", async () => {
  const files = {
    "lib.rs": "mod a;\nmod b;\nmod c;\npub use a::{A, make as made};\npub use c::*;\n",
    "a.rs": "use crate::b;\npub struct A;\npub fn make() { b::B }\n",
    "b.rs": "// use crate::c::C;\npub struct B;\n#[cfg(test)]\nmod tests {\n    use crate::A;\n}\n",
    "c.rs": 'use crate::{A, b::B};\npub struct C;\nconst TEXT: &str = "crate::c::C";\n',
  };
  await tree(files, async (home) => assert.deepEqual(onCircles(await crateGraph(home)), []));
  const circle = { ...files, "b.rs": "pub struct B;\nfn look() { crate::C }\n" };
  await tree(circle, async (home) => assert.deepEqual(onCircles(await crateGraph(home)), [["", ["a.rs", "b.rs", "c.rs"]]]));
  const renamed = { ...files, "b.rs": "pub struct B;\nuse crate::made;\n" };
  await tree(renamed, async (home) => assert.deepEqual(onCircles(await crateGraph(home)), [["", ["a.rs", "b.rs"]]]));
});

test("a child that uses its parent makes no circle until the parent uses it back", async () => {
  const files = {
    "lib.rs": "mod up;\n",
    "up.rs": "mod down;\nmod other;\npub use down::D;\nuse other::O;\npub struct U;\n",
    "up/down.rs": "use super::U;\npub struct D;\n",
    "up/other.rs": "pub struct O;\n",
  };
  await tree(files, async (home) => assert.deepEqual(onCircles(await crateGraph(home)), []));
  const both = { ...files, "up.rs": `${files["up.rs"]}use down::D as E;\n` };
  await tree(both, async (home) => assert.deepEqual(onCircles(await crateGraph(home)), [["up", ["down.rs", "up.rs"]]]));
});

test("the trees of `use` are taken apart", () => {
  const paths = leaves("crate::{a::{self, B as C}, d::*}").map(({ path, name }) => [path.join("::"), name]);
  assert.deepEqual(paths, [
    ["crate::a", "a"],
    ["crate::a::B", "C"],
    ["crate::d::*", "*"],
  ]);
});

test("folders of the page that use each other are a circle even if no file closes it; types count, addresses do not", async () => {
  const files = {
    "a/one.ts": 'import type { T } from "../b/one.ts";\n// import "../b/three.ts";\n',
    "a/two.ts": "export const x = 1;\n",
    "b/one.ts": 'export type T = 1;\nimport address from "../a/one.ts?url";\n',
    "b/two.ts": "export const y = 1;\n",
  };
  await tree(files, async (home) => assert.deepEqual(onCircles(await pageGraph(home)), []));
  const circle = { ...files, "b/two.ts": 'export const load = () => import("../a/two.ts");\n' };
  await tree(circle, async (home) => {
    const graph = await pageGraph(home);
    assert.deepEqual(onCircles(graph), [["", ["a", "b"]]]);
    const named = namedArrows("text\n\n| page | uses |\n|---|---|\n| `a` | `b` |\n| `b` | - |\n\nmore\n", "page");
    assert.deepEqual(differences(pageArrows(graph, named.keys()), named), ["not named: b -> a (web/src/b/two.ts)"]);
  });
});

test("a room without a row and an arrow without an import are reported", () => {
  const named = new Map([["a", new Set(["b"])]]);
  const found = new Map([
    ["a", new Map()],
    ["b", new Map()],
  ]);
  assert.deepEqual(differences(found, named), ["no row for b", "named, but nothing uses it: a -> b"]);
});
