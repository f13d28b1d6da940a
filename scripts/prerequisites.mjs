// The prerequisites of a build: Node, Rust, a linker, the WebAssembly target and the npm packages. Installs the last two by itself; for
// anything else missing it prints the reason and the command that installs it.
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { Failure, read, root, run } from "./tools.mjs";

const WASM = "wasm32-unknown-unknown";

export async function checkPrerequisites() {
  const missing = [await nodeFault(), await rustFault(), await linkerFault()].filter((line) => line !== null);
  if (missing.length > 0) throw new Failure(["missing on this machine:", ...missing].join("\n  "));
  await installTarget();
  await installPackages();
}

async function nodeFault() {
  const { engines } = JSON.parse(await readFile(join(root, "package.json"), "utf8"));
  const wanted = engines.node.replace(">=", "");
  if (atLeast(process.versions.node, wanted)) return null;
  return `Node ${wanted} (this is ${process.versions.node}): runs these scripts and the bundler; mend: install it from nodejs.org`;
}

async function rustFault() {
  const wanted = (await readFile(join(root, "Cargo.toml"), "utf8")).match(/^rust-version = "(.+)"$/m)[1];
  const version = (await read("rustc", ["--version"]))?.split(" ")[1];
  if (version === undefined || (await read("cargo", ["--version"])) === null)
    return `Rust ${wanted}: compiles the core; mend: install rustup from rustup.rs, then open a new terminal`;
  if (atLeast(version, wanted)) return null;
  return `Rust ${wanted} (this is ${version}): compiles the core; mend: rustup update stable`;
}

async function linkerFault() {
  if (process.platform === "win32" || (await read("cc", ["--version"])) !== null) return null;
  const mend = process.platform === "darwin" ? "xcode-select --install" : "apt-get install build-essential";
  return `cc: links native programs, among them Rust's build scripts; mend: ${mend}`;
}

async function installTarget() {
  const folder = await read("rustc", ["--print", "target-libdir", "--target", WASM]);
  if (folder !== null && existsSync(folder)) return;
  const remedy = `install the Rust target ${WASM}: \`rustup target add ${WASM}\`, or your distribution's package for it`;
  console.log(`The Rust target ${WASM} is missing: installing it (this can take minutes).`);
  await run("rustup", ["target", "add", WASM], { remedy });
}

/** Runs `npm ci` if an installed package is missing or differs from package-lock.json. */
export async function installPackages() {
  const lock = await packagesIn("package-lock.json");
  const installed = await packagesIn("node_modules/.package-lock.json");
  const stale = Object.entries(lock).filter(
    ([path, entry]) => path !== "" && !entry.optional && installed[path]?.version !== entry.version,
  );
  if (stale.length === 0) return;
  console.log(`${stale.length} npm packages are missing or of another version: running npm ci.`);
  await run("npm", ["ci", "--no-audit", "--no-fund"], {
    remedy: "check the connection to the npm registry, then run `npm ci`",
  });
}

async function packagesIn(path) {
  const text = await readFile(join(root, path), "utf8").catch(() => '{"packages":{}}');
  return JSON.parse(text).packages;
}

function atLeast(version, wanted) {
  const [have, need] = [version, wanted].map((text) => text.split(".").map((part) => Number.parseInt(part, 10)));
  const differing = need.findIndex((part, index) => (have[index] ?? 0) !== part);
  return differing === -1 || (have[differing] ?? 0) > need[differing];
}
