// A small static server for dist/: right media types, compressed twins where there are any, revalidated on every load, for this machine only.
// Refuses every path outside the folder and every method but GET and HEAD. Alone: node scripts/serve.mjs [--port N] [--folder PATH]
import { createReadStream } from "node:fs";
import { realpath, stat } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join, resolve, sep } from "node:path";
import { Failure, main, readOptions, root } from "./tools.mjs";

const DEFAULT_PORT = 8470;
const PORTS_TRIED = 20;
const TYPES = {
  ".css": "text/css; charset=utf-8",
  ".html": "text/html; charset=utf-8",
  ".ico": "image/x-icon",
  ".js": "text/javascript; charset=utf-8",
  ".json": "application/json",
  ".map": "application/json",
  ".png": "image/png",
  ".svg": "image/svg+xml",
  ".txt": "text/plain; charset=utf-8",
  ".wasm": "application/wasm",
  ".webmanifest": "application/manifest+json",
  ".woff2": "font/woff2",
};

/** Of twins, the smallest first. */
const ENCODINGS = { ".br": "br", ".gz": "gzip" };

/** A page of another site may load the element and show the labs, a cross-origin isolated one too. */
const SHARED = { "access-control-allow-origin": "*", "cross-origin-resource-policy": "cross-origin" };

/**
 * Serves a folder under a path; gives the page's address and what ends it. Port 0 takes any free port; a taken one moves to
 * the next.
 */
export async function serve({ folder = join(root, "dist"), port = DEFAULT_PORT, path = "/" } = {}) {
  const base = await realpath(folder).catch(() => {
    throw new Failure(`there is no folder ${folder} to serve`, "build it first: npm run build");
  });
  const server = createServer((request, response) => {
    answer({ base, path }, request, response).catch((error) => {
      console.error(error);
      response.destroy();
    });
  });
  await listen(server, port);
  return { address: `http://localhost:${server.address().port}${path}`, close: () => close(server) };
}

/** --port and --folder from the command line. */
export function serveOptions() {
  const values = readOptions("port", "folder");
  const port = Number(values.port ?? DEFAULT_PORT);
  if (!Number.isInteger(port) || port < 0 || port > 65535)
    throw new Failure(`--port ${values.port} is not a port`, "give a whole number from 0 to 65535");
  return { port, ...(values.folder === undefined ? {} : { folder: resolve(values.folder) }) };
}

/** Prints the address as the last line and keeps serving until Ctrl-C. */
export async function serveUntilStopped(options) {
  const { address } = await serve(options);
  for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => process.exit(0));
  console.log(`Tadpole is at ${address} (Ctrl-C stops it)`);
}

async function listen(server, first) {
  const last = first === 0 ? 0 : Math.min(first + PORTS_TRIED - 1, 65535);
  for (let port = first; port <= last; port++) {
    const fault = await new Promise((done) => {
      server.once("error", done);
      server.listen(port, "127.0.0.1", () => {
        server.off("error", done);
        done(null);
      });
    });
    if (fault === null) return;
    if (fault.code !== "EADDRINUSE") throw new Failure(`cannot listen on port ${port}: ${fault.code}`, "choose another: --port N");
  }
  throw new Failure(`ports ${first} to ${last} are all taken`, "choose another: --port N");
}

/** Ends connections that the browser keeps open, too. */
async function close(server) {
  const closed = new Promise((done) => server.close(done));
  server.closeAllConnections();
  await closed;
}

async function answer(site, request, response) {
  if (!["GET", "HEAD"].includes(request.method)) return refuse(response, 405, { allow: "GET, HEAD" });
  const path = await find(site, request.url);
  if (path === null) return refuse(response, 404);
  const { sent, encoding, size, mtimeMs } = await twin(path, request.headers["accept-encoding"] ?? "");
  const etag = `"${size}-${Math.floor(mtimeMs)}"`;
  const headers = {
    etag,
    "cache-control": "no-cache",
    vary: "accept-encoding",
    "x-content-type-options": "nosniff",
    ...SHARED,
    ...encoding,
  };
  if (request.headers["if-none-match"] === etag) return response.writeHead(304, headers).end();
  const type = TYPES[extname(path)] ?? "application/octet-stream";
  response.writeHead(200, { ...headers, "content-type": type, "content-length": size });
  if (request.method === "HEAD") return response.end();
  createReadStream(sent)
    .on("error", () => response.destroy())
    .pipe(response);
}

/** What is sent for a file: its first twin that the browser takes, else the file. One that is older than the file is not its twin. */
async function twin(path, accepted) {
  const own = await stat(path);
  for (const [ending, name] of Object.entries(ENCODINGS)) {
    if (!accepted.split(/[,;\s]+/).includes(name)) continue;
    const about = await stat(path + ending).catch(() => null);
    if (about?.isFile() && about.mtimeMs >= own.mtimeMs)
      return { ...pick(about), sent: path + ending, encoding: { "content-encoding": name } };
  }
  return { ...pick(own), sent: path, encoding: {} };
}

const pick = ({ size, mtimeMs }) => ({ size, mtimeMs });

/** The real file that an address names, links followed, or null where it is none inside the folder. */
async function find({ base, path: site }, url) {
  if (!url.startsWith(site)) return null;
  try {
    const wanted = join(base, decodeURIComponent(url.slice(site.length).split(/[?#]/)[0]));
    const path = await realpath((await stat(wanted)).isDirectory() ? join(wanted, "index.html") : wanted);
    return path.startsWith(base + sep) && (await stat(path)).isFile() ? path : null;
  } catch {
    return null;
  }
}

function refuse(response, status, headers = {}) {
  response.writeHead(status, { "content-type": "text/plain; charset=utf-8", ...headers });
  response.end(`${status}\n`);
}

await main(import.meta.url, () => serveUntilStopped(serveOptions()));
