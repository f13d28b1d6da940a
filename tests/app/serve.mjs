// A static server over dist/ for the browser tests. It serves from a sub-folder, as a project page on any host would,
// so that an absolute path anywhere in the build fails a test.
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";

export const FOLDER = "/some/folder/";

const TYPES = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".txt": "text/plain; charset=utf-8",
  ".json": "application/json; charset=utf-8",
  ".svg": "image/svg+xml",
  ".wasm": "application/wasm",
  ".webmanifest": "application/manifest+json",
};

/** The build under test: dist/ of this checkout unless TADPOLE_DIST names another. */
const root = process.env.TADPOLE_DIST ?? fileURLToPath(new URL("../../dist/", import.meta.url));

async function answer(request, response) {
  const { pathname } = new URL(request.url ?? "/", "http://localhost");
  const inside = pathname.startsWith(FOLDER) ? pathname.slice(FOLDER.length) || "index.html" : null;
  const path = inside === null ? null : normalize(decodeURIComponent(inside));
  try {
    if (path === null || path.startsWith("..")) throw new Error("outside");
    const body = await readFile(join(root, path));
    response.writeHead(200, { "Content-Type": TYPES[extname(path)] ?? "application/octet-stream" });
    response.end(body);
  } catch {
    response.writeHead(404, { "Content-Type": "text/plain" });
    response.end("not found");
  }
}

/** Starts on a free port; gives back the page's address and a way to close. */
export async function serve() {
  const server = createServer((request, response) => void answer(request, response));
  await new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(undefined)));
  const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
  return {
    url: `http://127.0.0.1:${port}${FOLDER}`,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(resolve);
      }),
  };
}
