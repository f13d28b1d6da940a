// Another site: a server with its own origin, whose pages a test writes, with a strict policy that allows only our element and its frames.

import { createServer } from "node:http";
import { fileURLToPath } from "node:url";
import { build } from "vite";

/** What a blog must allow, according to docs/EMBED.md. */
export const policyFor = (origin) =>
  `default-src 'none'; script-src 'self' ${origin}; frame-src ${origin}; style-src 'self'; img-src data:; connect-src 'self'; require-trusted-types-for 'script'; trusted-types lit-html`;

/**
 * Serves `body` as the blog's page, and `files` beside it, all with `headers`; returns its address.
 * @param {import("node:test").TestContext} test
 */
export async function openBlog(test, site, body, { files = {}, policy = policyFor(new URL(site).origin), headers = {} } = {}) {
  const page = `<!doctype html><html lang="en"><head><title>Blog</title><link rel="icon" href="data:,"><link rel="stylesheet" href="style.css"></head><body>${body}</body></html>`;
  const all = { "style.css": "", ...files, "": page };
  const server = createServer(async (request, response) => {
    const name = request.url.slice(1).split("?")[0];
    if (!Object.hasOwn(all, name)) return response.writeHead(404).end();
    const type = { css: "text/css", js: "text/javascript" }[name.split(".").at(-1)] ?? "text/html";
    response.writeHead(200, { "content-type": type, "content-security-policy": policy, ...headers }).end(all[name]);
  });
  await new Promise((listening) => server.listen(0, "127.0.0.1", () => listening(undefined)));
  test.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${server.address().port}/`;
}

/** A script of the blog's own with its imports, in one file: `lit`, `react` or `vue` in the folder blogs. */
export async function ownScript(name) {
  const entry = fileURLToPath(new URL(`blogs/${name}.js`, import.meta.url));
  const lib = { entry, formats: ["es"], fileName: "own" };
  const define = { "process.env.NODE_ENV": '"production"', __VUE_OPTIONS_API__: "false", __VUE_PROD_DEVTOOLS__: "false" };
  const result = await build({ configFile: false, logLevel: "error", define, build: { write: false, lib } });
  return [result].flat()[0].output[0].code;
}
