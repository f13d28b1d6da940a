// The scripts' own contracts: the static server's answers and refusals, and the detector of wrapped exports on handmade modules.
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { reached } from "../scripts/changed.mjs";
import { faults } from "../scripts/documented.mjs";
import { serve } from "../scripts/serve.mjs";
import { reportSizes } from "../scripts/sizes.mjs";
import { wrappedExports } from "../scripts/wasm-exports.mjs";

let home;
let served;

before(async () => {
  home = await mkdtemp(join(tmpdir(), "tadpole-serve-"));
  await mkdir(join(home, "dist", "assets"), { recursive: true });
  await writeFile(join(home, "secret.txt"), "secret");
  await writeFile(join(home, "dist", "index.html"), "<title>Tadpole</title>");
  await writeFile(join(home, "dist", "assets", "core.wasm"), "\0asm");
  await writeFile(join(home, "dist", "assets", "a name.js"), "export {};");
  await symlink(join(home, "secret.txt"), join(home, "dist", "link.txt"));
  served = await serve({ folder: join(home, "dist"), port: 0 });
});

after(async () => {
  await served.close();
  await rm(home, { recursive: true });
});

// `fetch` would normalise a path before sending it; a plain request does not.
function get(path, { method = "GET", headers = {}, address = served.address } = {}) {
  return new Promise((resolve, reject) => {
    const options = { port: new URL(address).port, host: "127.0.0.1", path, method, headers, agent: false };
    const sent = request(options, async (response) => {
      const chunks = await response.toArray();
      resolve({ status: response.statusCode, headers: response.headers, body: Buffer.concat(chunks).toString() });
    });
    sent.on("error", reject).end();
  });
}

test("a folder answers with its page, revalidated on every load", async () => {
  const { status, headers, body } = await get("/?lab=tokens");
  assert.deepEqual([status, headers["content-type"], headers["cache-control"]], [200, "text/html; charset=utf-8", "no-cache"]);
  assert.equal(body, "<title>Tadpole</title>");
  assert.equal((await get("/", { headers: { "if-none-match": headers.etag } })).status, 304);
});

test("files carry their media types, names with spaces too", async () => {
  assert.equal((await get("/assets/core.wasm")).headers["content-type"], "application/wasm");
  assert.equal((await get("/assets/a%20name.js")).headers["content-type"], "text/javascript; charset=utf-8");
});

test("a folder is served by its address with a slash, headers as their file says, and that file to nobody", async () => {
  await mkdir(join(home, "dist", "sub"));
  await writeFile(join(home, "dist", "sub", "index.html"), "sub");
  await writeFile(join(home, "dist", "_headers"), "");
  await writeFile(join(home, "dist", "assets", "worker-a.js"), "");
  const { status, headers } = await get("/sub?x");
  assert.deepEqual([status, headers.location], [301, "/sub/"]);
  const whole = await get("/sub/");
  assert.deepEqual([whole.status, whole.body, whole.headers["cross-origin-embedder-policy"]], [200, "sub", "require-corp"]);
  assert.equal(whole.headers["content-security-policy"], undefined);
  assert.match((await get("/assets/worker-a.js")).headers["content-security-policy"], /connect-src 'self'/);
  assert.equal((await get("/_headers")).status, 404);
});

test("HEAD sends no body and other methods are refused", async () => {
  const head = await get("/assets/core.wasm", { method: "HEAD" });
  assert.deepEqual([head.status, head.headers["content-length"], head.body], [200, "4", ""]);
  assert.equal((await get("/", { method: "POST" })).status, 405);
});

for (const path of ["/../secret.txt", "/%2e%2e/secret.txt", "/..%2fsecret.txt", "/link.txt", "/%00", "/%", "/assets", "/none"])
  test(`${path} is not found`, async () => {
    const { status, body } = await get(path);
    assert.deepEqual([status, body], [404, "404\n"]);
  });

test("a taken port moves to the next", async () => {
  const taken = Number(new URL(served.address).port);
  const second = await serve({ folder: join(home, "dist"), port: taken });
  await second.close();
  assert.match(second.address, /^http:\/\/localhost:\d+\/$/);
  assert.notEqual(second.address, served.address);
});

test("a site under a path answers there alone", async () => {
  const { address, close } = await serve({ folder: join(home, "dist"), port: 0, path: "/some/folder/" });
  assert.match(address, /\/some\/folder\/$/);
  assert.equal((await get("/some/folder/", { address })).body, "<title>Tadpole</title>");
  for (const path of ["/", "/assets/core.wasm", "/some/folder/../../secret.txt"]) {
    assert.equal((await get(path, { address })).status, 404, path);
  }
  await close();
});

test("a shell that is too large is refused by how much", async () => {
  const dist = join(home, "large");
  await mkdir(dist);
  await writeFile(join(dist, "index.html"), '<script src="index-1.js"></script>');
  await writeFile(join(dist, "core.wasm"), "\0asm");
  await writeFile(join(dist, "lab-1.js"), randomBytes(50_000));
  await writeFile(join(dist, "index-1.js"), randomBytes(20_000));
  await writeFile(join(dist, "en-1.js"), randomBytes(9_000));
  await reportSizes(dist);
  await writeFile(join(dist, "zh-1.js"), randomBytes(14_000));
  await assert.rejects(reportSizes(dist), { message: /^the shell is 1,\d{3} bytes too large$/, remedy: /import\(\)/ });
});

const CALL_0 = [0x10, 0];
const NOTHING = [];

test("exports that the linker wrapped are named", () => {
  const bodies = [NOTHING, CALL_0, CALL_0];
  const byName = wasm({ names: ["__wasm_call_ctors", "a.command_export", "b"], bodies: [NOTHING, NOTHING, NOTHING] });
  const byCalls = wasm({ names: ["__wasm_call_ctors", "a", "b"], bodies });
  assert.deepEqual(wrappedExports(byName), ["export1"]);
  assert.deepEqual(wrappedExports(byCalls), ["export1", "export2"]);
});

test("one export that calls the constructors itself is right", () => {
  const start = wasm({ names: ["__wasm_call_ctors", "start", "b"], bodies: [NOTHING, CALL_0, NOTHING] });
  assert.deepEqual(wrappedExports(start), []);
});

test("a module without names, or no module, is refused", () => {
  assert.throws(() => wrappedExports(wasm({ names: [], bodies: [NOTHING] })), /no function names/);
  assert.throws(() => wrappedExports(new TextEncoder().encode("not wasm")), /not a WebAssembly module/);
});

/** A module of functions () -> (), all but the first exported as `export1`, `export2`, ... */
function wasm({ names, bodies }) {
  const text = (value) => [value.length, ...new TextEncoder().encode(value)];
  const list = (items) => [items.length, ...items.flat()];
  const section = (id, content) => [id, content.length, ...content];
  const code = bodies.map((body) => [body.length + 2, 0, ...body, 0x0b]);
  const exported = bodies.map((_, index) => [...text(`export${index}`), 0, index]).slice(1);
  const named = [1, list(names.map((name, index) => [index, ...text(name)]))].flatMap((part, at) =>
    at === 0 ? [part] : [part.length, ...part],
  );
  return Uint8Array.from([
    ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, list([[0x60, 0, 0]])),
    ...section(3, list(bodies.map(() => [0]))),
    ...section(7, list(exported)),
    ...section(10, list(code)),
    ...(names.length > 0 ? section(0, [...text("name"), ...named]) : []),
  ]);
}

test("a change runs what it can reach, and one that nobody knows runs everything", () => {
  const files = ["tests/docs.test.mjs", "tests/app/train.test.mjs", "tests/app/train-subject.test.mjs", "tests/app/tokens.test.mjs"];
  const of = (...paths) => reached(paths, files);
  assert.deepEqual(of("crates/gpt/src/model.rs"), { stages: null, files: null });
  assert.deepEqual(of("docs/WORLD.md").files, ["tests/docs.test.mjs"]);
  assert.deepEqual(of("web/src/labs/train/state.ts").files, ["tests/app/train.test.mjs", "tests/app/train-subject.test.mjs"]);
  assert.deepEqual(of("tests/app/tokens.test.mjs", "docs/WORLD.md").files, ["tests/app/tokens.test.mjs", "tests/docs.test.mjs"]);
  assert.deepEqual(of("web/src/run.ts", "docs/WORLD.md"), {
    stages: ["build", "lint", "browser", "engines", "commands"],
    files: null,
  });
  assert.deepEqual(of("docs/WORLD.md", "package.json"), { stages: null, files: null });
});

test("a public item without a comment is found, and a comment that only repeats a name", () => {
  const source = `#[cfg(test)]
mod twin;
/// What a person begins.
#[derive(
    Clone,
)]
pub struct Run {
    /// Its name.
    pub name: String,
    /// Shape [B, T].
    pub shape: Vec<usize>,
}
pub fn begin() {}
impl Run {
    pub fn end(&self) {}
}
#[cfg(test)]
mod tests {
pub fn helper() {}
}
`;
  assert.deepEqual(faults(source), [
    [9, '"Its name." only repeats name'],
    [13, "begin has no comment"],
  ]);
});
