// Compressed copies of the site's files, .br and .gz, for hosts that serve them (nginx's brotli_static and gzip_static, Caddy's
// precompressed). Results are cached in target/compressed by a hash of the content: the core's module takes half a minute.
import { createHash, randomUUID } from "node:crypto";
import { mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import * as zlib from "node:zlib";
import { root } from "./tools.mjs";

const { BROTLI_PARAM_QUALITY, BROTLI_PARAM_SIZE_HINT, BROTLI_PARAM_LGWIN } = zlib.constants;
const [brotli, gzip] = [promisify(zlib.brotliCompress), promisify(zlib.gzip)];
const LARGEST_WINDOW = 24;

const TWINS = {
  ".br": (bytes) =>
    brotli(bytes, {
      params: { [BROTLI_PARAM_QUALITY]: 11, [BROTLI_PARAM_LGWIN]: LARGEST_WINDOW, [BROTLI_PARAM_SIZE_HINT]: bytes.length },
    }),
  ".gz": (bytes) => gzip(bytes, { level: 9 }),
};
/** Formats that are already compressed. */
const PACKED = /\.(?:png|br|gz)$/;
const SMALLEST = 1024;
/** A copy that saves less than this share is not worth a decoder's time. */
const SAVING = 0.1;

/** Writes the copies of every file in a folder that compression makes smaller; returns a summary. */
export async function compress(folder = join(root, "dist"), cache = join(root, "target", "compressed")) {
  await mkdir(cache, { recursive: true });
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile() && !PACKED.test(entry.name)).map((entry) => join(entry.parentPath, entry.name));
  const used = new Set();
  const sums = Object.fromEntries(Object.keys(TWINS).map((ending) => [ending, { raw: 0, packed: 0 }]));
  await Promise.all(
    paths.map(async (path) => {
      const bytes = await readFile(path);
      if (bytes.length < SMALLEST) return;
      const hash = createHash("sha256").update(bytes).digest("hex").slice(0, 32);
      const twins = await Promise.all(Object.keys(TWINS).map((ending) => twin(cache, `${hash}${ending}`, ending, bytes)));
      for (const [at, ending] of Object.keys(TWINS).entries()) {
        used.add(`${hash}${ending}`);
        if (twins[at].length > bytes.length * (1 - SAVING)) continue;
        await writeFile(path + ending, twins[at]);
        sums[ending].raw += bytes.length;
        sums[ending].packed += twins[at].length;
      }
    }),
  );
  for (const name of await readdir(cache)) if (!used.has(name)) await rm(join(cache, name));
  const count = (number) => number.toLocaleString("en-US");
  for (const [ending, { raw, packed }] of Object.entries(sums)) console.log(`${ending}: ${count(raw)} bytes become ${count(packed)}`);
}

async function twin(cache, name, ending, bytes) {
  const kept = await readFile(join(cache, name)).catch(() => null);
  if (kept) return kept;
  const made = await TWINS[ending](bytes);
  // Written completely or not at all, whenever the build is interrupted. Files may be identical.
  const part = join(cache, `${name}.${randomUUID()}`);
  await writeFile(part, made);
  await rename(part, join(cache, name));
  return made;
}
