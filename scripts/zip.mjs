// npm run zip: the built site as one folder in a zip, with a page on how to serve it, for a USB stick or a school without a network. The
// same site gives the same bytes every time. Compressed copies are left out.
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import { installPackages } from "./prerequisites.mjs";
import { Failure, main, root } from "./tools.mjs";

const FOLDER = "tadpole";
const NEEDLESS = /\.(?:br|gz)$/;
/** The earliest date that a zip can hold in any time zone. */
const DATE = new Date(1980, 0, 1);
const PACKED = /\.(?:png|safetensors)$/;

const README = `Tadpole

Serve this folder with any static server and open the address that it prints:

    python3 -m http.server 8470
    npx serve .

A double click on index.html is not enough: browsers load no modules from files.
Nothing here asks for a network. https://developer.mozilla.org/docs/Web/HTML/Reference/Elements/script#module

蝌蚪

用任意静态服务器打开这个文件夹，再访问它给出的地址：

    python3 -m http.server 8470
    npx serve .

双击 index.html 不行：浏览器不会从文件里加载模块。这里的一切都不需要网络。
`;

/** Writes the zip of a built site; returns its path. */
export async function zip(dist = join(root, "dist"), target = join(root, "target")) {
  const names = await readdir(dist, { recursive: true, withFileTypes: true }).catch(() => []);
  const paths = names.filter((entry) => entry.isFile() && !NEEDLESS.test(entry.name)).map((entry) => join(entry.parentPath, entry.name));
  if (paths.length === 0) throw new Failure(`there is no site in ${dist}`, "build it first: npm run build");
  await installPackages();
  const { zipSync } = await import("fflate");
  const files = { [`${FOLDER}/README.txt`]: [new TextEncoder().encode(README), { mtime: DATE }] };
  for (const path of paths.sort()) {
    const name = `${FOLDER}/${relative(dist, path).split(sep).join("/")}`;
    files[name] = [new Uint8Array(await readFile(path)), { mtime: DATE, level: PACKED.test(name) ? 0 : 9 }];
  }
  const bytes = zipSync(files);
  await mkdir(target, { recursive: true });
  const path = join(target, "tadpole.zip");
  await writeFile(path, bytes);
  console.log(`${paths.length} files, ${bytes.length.toLocaleString("en-US")} bytes: ${path}`);
  return path;
}

await main(import.meta.url, () => zip());
