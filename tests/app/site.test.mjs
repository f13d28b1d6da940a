// The site as a host serves it and a visitor meets it: compressed twins, names by content, links that lead on; the page for blog authors with labs
// that live in it.
import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import { request } from "node:http";
import { extname, join } from "node:path";
import { test } from "node:test";
import { brotliDecompressSync, gunzipSync } from "node:zlib";
import { unzipSync } from "fflate";
import { serve } from "../../scripts/serve.mjs";
import { root } from "../../scripts/tools.mjs";
import { violations } from "./axe.mjs";
import { openBrowser, PATIENCE, SITE, watchedPage } from "./browser.mjs";
import { BUDGET, visit } from "./visit.mjs";

const dist = process.env.TADPOLE_DIST ?? join(root, "dist");

test("every file is served with its type, compressed if that makes it smaller, and complete", async (context) => {
  const site = await serve(SITE);
  context.after(() => site.close());
  const entries = await readdir(dist, { recursive: true, withFileTypes: true });
  // Hosts read `_headers`, and do not serve it.
  const names = entries.filter((entry) => entry.isFile() && !/\.(?:br|gz)$|^_headers$/.test(entry.name));
  const types = new Set();
  for (const entry of names) {
    const path = join(entry.parentPath, entry.name);
    const url = new URL(path.slice(dist.length + 1), site.address);
    const bytes = await readFile(path);
    for (const [encoding, unpack] of Object.entries({ br: brotliDecompressSync, gzip: gunzipSync })) {
      const { headers, body } = await get(url, encoding);
      const packed = headers["content-encoding"] === encoding;
      if ([".js", ".css", ".html", ".wasm"].includes(extname(path)) && bytes.length > 2000) assert.ok(packed, `${url} by ${encoding}`);
      assert.ok((packed ? unpack(body) : body).equals(bytes), `${url} by ${encoding}`);
      assert.notEqual(headers["content-type"], undefined);
      types.add(`${extname(path)} ${headers["content-type"]}`);
    }
  }
  assert.ok(types.has(".wasm application/wasm") && types.has(".js text/javascript; charset=utf-8"), [...types].join(", "));
});

function get(url, encoding) {
  return new Promise((resolve, reject) => {
    const sent = request(url, { headers: { "accept-encoding": encoding } }, (response) => {
      const parts = [];
      response.on("data", (part) => parts.push(part));
      response.on("end", () => resolve({ headers: response.headers, body: Buffer.concat(parts) }));
    });
    sent.on("error", reject).end();
  });
}

test("scripts, styles and modules have a hash of their content in their names", async () => {
  const names = await readdir(join(dist, "assets"));
  assert.ok(names.length > 20);
  for (const name of names) assert.match(name, /-[\w-]{8}\.\w+(?:\.br|\.gz)?$/);
  for (const page of ["index.html", "embed.html"]) {
    const source = await readFile(join(dist, page), "utf8");
    const asked = [...source.matchAll(/(?:src|href)="(\.\/assets\/[^"]+)"/g)];
    assert.ok(asked.length >= 2, page);
    for (const [, address] of asked) assert.ok(names.includes(address.slice("./assets/".length)));
  }
});

test("the page's foot leads to the documentation, the library and the sources, whose links lead on", async (context) => {
  const browser = await openBrowser(context);
  const page = await browser.open({ device: "cpu", lang: "en" });
  const foot = await page.locator("footer a").evaluateAll((links) => links.map(({ href, textContent }) => [textContent, href]));
  assert.deepEqual(
    foot.map(([words]) => words),
    ["Documentation", "Glossary", "Library", "Source"],
  );
  const [docs] = foot.map(([, href]) => href);
  const [todo, seen] = [foot.map(([, href]) => href), new Set()];
  while (todo.length > 0) {
    const url = todo.pop().replace(/#.*$/, "");
    if (seen.has(url)) continue;
    seen.add(url);
    const response = await fetch(url);
    assert.ok(response.ok, `${url}: ${response.status}`);
    if (!url.endsWith(".html")) continue;
    const links = [...(await response.text()).matchAll(/(?:href|src)="([^"]+)"/g)].map(([, href]) => new URL(href, url).href);
    todo.push(...links.filter((href) => href.startsWith(new URL(".", docs).href)));
  }
  assert.ok(seen.size > 20, `${seen.size} pages and pictures`);
  const sources = unzipSync(new Uint8Array(await (await fetch(foot.at(-1)[1])).arrayBuffer()));
  assert.match(Buffer.from(sources["tadpole/README.md"]).toString(), /^# Tadpole/);
  for (const name of ["crates/gpt/src/lib.rs", "web/src/main.ts", "package.json"])
    assert.deepEqual(Buffer.from(sources[`tadpole/${name}`]), await readFile(join(root, name)), name);
  const width = await page.goto(docs).then(() => page.evaluate(() => document.documentElement.scrollWidth));
  assert.ok(width <= 1280);
  assert.deepEqual(await violations(page), []);
});

for (const [language, path, answer] of [
  ["en", "blog/", "The smallest"],
  ["zh", "blog/zh.html", "最小的一个"],
]) {
  test(`the page for blog authors has live labs, ${language}`, { timeout: PATIENCE }, async (context) => {
    const { context: tabs, site, problems } = await openBrowser(context, { width: 360 });
    const page = await watchedPage(tabs, problems);
    await page.goto(`${site.address}${path}`);
    await page.getByText(answer).waitFor();
    await page.getByRole("button", { name: "The frog" }).press("Enter");
    await page.locator("output").filter({ hasText: /\w{3}/ }).waitFor({ timeout: PATIENCE });
    assert.match(await page.locator('pre[data-of="writer"]').textContent(), /^<tadpole-lab\n {4}lab="sample"\n {4}model="tadpole-nano"/);
    const width = await page.evaluate(() => document.documentElement.scrollWidth);
    assert.ok(width <= 360, `${width} px wide`);
    assert.deepEqual(await violations(page), []);
  });
}

test("a first visit fetches nothing more until asked", { timeout: PATIENCE }, async (context) => {
  const site = await serve(SITE);
  context.after(() => site.close());
  const { bytes } = await visit(`${site.address}#device=cpu`, 1280, 30_000);
  context.diagnostic(`${bytes.toLocaleString("en-US")} bytes in the first half minute`);
  assert.ok(bytes <= BUDGET.bytes, `${bytes} bytes`);
});
