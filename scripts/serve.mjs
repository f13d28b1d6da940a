// A small static server for dist/: correct media types, compressed copies if present, revalidation on every load, for this machine only.
// Refuses every path outside the folder and every method except GET and HEAD. Alone: node scripts/serve.mjs [--port N] [--folder PATH]
import { createReadStream, readFileSync } from "node:fs";
import { realpath, stat } from "node:fs/promises";
import { createServer } from "node:http";
import { basename, extname, join, resolve, sep } from "node:path";
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

/** In a copied folder a compressed copy may be slightly older than its file. */
const COPYING_MS = 60_000;
/** Compressed copies, the smallest first. */
const ENCODINGS = { ".br": "br", ".gz": "gzip" };

/** Read by some hosts for their headers, and never served. */
const HEADERS_FILE = "_headers";
const RULES = readRules(join(root, "web", "public", HEADERS_FILE));

/**
 * Serves a folder under a path; returns the page's address and a function that stops it. Port 0 takes any free port; if the port is taken,
 * the next one is tried. `headers` are added to our own on every file.
 */
export async function serve({ folder = join(root, "dist"), port = DEFAULT_PORT, path = "/", headers = {} } = {}) {
  const base = await realpath(folder).catch(() => {
    throw new Failure(`there is no folder ${folder} to serve`, "build it first: npm run build");
  });
  const server = createServer((request, response) => {
    answer({ base, path, headers }, request, response).catch((error) => {
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

/** Also closes connections that the browser keeps open. */
async function close(server) {
  const closed = new Promise((done) => server.close(done));
  server.closeAllConnections();
  await closed;
}

async function answer(site, request, response) {
  if (!["GET", "HEAD"].includes(request.method)) return refuse(response, 405, { allow: "GET, HEAD" });
  const { path, moved } = await find(site, request.url);
  if (moved) return refuse(response, 301, { location: moved });
  if (!path) return refuse(response, 404);
  const { sent, encoding, size, mtimeMs } = await twin(path, request.headers["accept-encoding"] ?? "");
  const etag = `"${size}-${Math.floor(mtimeMs)}"`;
  const headers = {
    etag,
    "cache-control": "no-cache",
    vary: "accept-encoding",
    "x-content-type-options": "nosniff",
    ...headersFor(request.url.slice(site.path.length - 1)),
    ...site.headers,
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

/**
 * What to send for a file: the first compressed copy that the browser accepts, else the file. A copy older than the file does not count.
 */
async function twin(path, accepted) {
  const own = await stat(path);
  for (const [ending, name] of Object.entries(ENCODINGS)) {
    if (!accepted.split(/[,;\s]+/).includes(name)) continue;
    const about = await stat(path + ending).catch(() => null);
    if (about?.isFile() && about.mtimeMs > own.mtimeMs - COPYING_MS)
      return { ...pick(about), sent: path + ending, encoding: { "content-encoding": name } };
  }
  return { ...pick(own), sent: path, encoding: {} };
}

const pick = ({ size, mtimeMs }) => ({ size, mtimeMs });

/** The real file for an address, with links followed, if it is inside the folder; for a folder without its slash, the address with it. */
async function find({ base, path: site }, url) {
  if (!url.startsWith(site)) return {};
  try {
    const [address] = url.split(/[?#]/);
    const wanted = join(base, decodeURIComponent(address.slice(site.length)));
    const isFolder = (await stat(wanted)).isDirectory();
    const path = await realpath(isFolder ? join(wanted, "index.html") : wanted);
    const isInside = path.startsWith(base + sep) && basename(path) !== HEADERS_FILE;
    if (!isInside || !(await stat(path)).isFile()) return {};
    return isFolder && !address.endsWith("/") ? { moved: `${address}/` } : { path };
  } catch {
    return {};
  }
}

/** Its rules: a path, in which a star matches any text, followed by headers. */
function readRules(path) {
  const rules = [];
  for (const line of readFileSync(path, "utf8").split("\n")) {
    if (line.startsWith("/")) rules.push({ path: new RegExp(`^${line.replaceAll(".", "\\.").replaceAll("*", ".*")}$`), headers: {} });
    else if (/^\s+\S/.test(line)) Object.assign(rules.at(-1).headers, Object.fromEntries([line.trim().split(/: (.*)/, 2)]));
  }
  return rules;
}

const headersFor = (address) => Object.assign({}, ...RULES.filter(({ path }) => path.test(address)).map(({ headers }) => headers));

function refuse(response, status, headers = {}) {
  response.writeHead(status, { "content-type": "text/plain; charset=utf-8", ...headers });
  response.end(`${status}\n`);
}

await main(import.meta.url, () => serveUntilStopped(serveOptions()));
