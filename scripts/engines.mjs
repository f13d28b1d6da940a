// Finds the browsers of other engines for the tests, Firefox and WebKitGTK's, and installs Debian's packages of them if allowed. An
// unavailable one is left out and reported, without failing. Alone: node scripts/engines.mjs
import { existsSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { aptInstall, aptPrefix } from "./apt.mjs";
import { main } from "./tools.mjs";

const INSTALL_MS = 3 * 60_000;
const FIREFOX = ["firefox-esr", "firefox"];
const FIREFOX_PLACES = ["/Applications/Firefox.app/Contents/MacOS/firefox", "C:\\Program Files\\Mozilla Firefox\\firefox.exe"];
/** Folders that contain a `webkit2gtk-VERSION` or `webkitgtk-VERSION` with WebKit's own small browser. */
const WEBKIT_FOLDERS = ["/usr/lib/x86_64-linux-gnu", "/usr/lib/aarch64-linux-gnu", "/usr/lib64", "/usr/lib", "/usr/libexec"];

/** Each engine with its programs, null if one is missing, and the packages that provide them. */
async function findEngines() {
  const [driver, display] = [onPath(["WebKitWebDriver"]), onPath(["Xvfb"])];
  const browser = process.env.FIREFOX ?? onPath(FIREFOX) ?? FIREFOX_PLACES.find((path) => existsSync(path));
  const mini = await miniBrowser();
  return {
    Firefox: { packages: ["firefox-esr"], programs: browser ? { browser } : null },
    WebKit: { packages: ["webkit2gtk-driver", "xvfb"], programs: driver && display && mini ? { driver, display, browser: mini } : null },
  };
}

/** The programs of each engine, null if one is missing. */
export async function enginesHere() {
  return Object.fromEntries(Object.entries(await findEngines()).map(([name, { programs }]) => [name, programs]));
}

/** Installs what is missing, if allowed; returns a line for each engine left out. */
export async function installEngines() {
  const missing = absent(await findEngines());
  if (missing.length === 0) return [];
  const prefix = await aptPrefix();
  const reasons = {};
  // One by one: a distribution may have only one of them.
  for (const [name, { packages }] of missing)
    reasons[name] = prefix === null ? "this machine has no apt, or asks a password for it" : await install(prefix, name, packages);
  return absent(await findEngines()).map(
    ([name, { packages }]) => `${name} (${reasons[name]}); to have it tested: apt-get install ${packages.join(" ")}`,
  );
}

/** Returns the relevant reason if the engine is still missing. */
async function install(prefix, name, packages) {
  console.log(`${name} is missing: installing Debian's ${packages.join(", ")}, in at most ${INSTALL_MS / 60_000} minutes.`);
  return aptInstall(prefix, packages, { timeout: INSTALL_MS }).then(
    () => "it is installed, but its programs are in none of the usual places",
    ({ message }) => message,
  );
}

const absent = (engines) => Object.entries(engines).filter(([, { programs }]) => programs === null);

function onPath(names) {
  const folders = [...(process.env.PATH ?? "").split(delimiter), "/usr/bin"];
  return names.flatMap((name) => folders.map((folder) => join(folder, name))).find((path) => existsSync(path));
}

async function miniBrowser() {
  for (const folder of WEBKIT_FOLDERS) {
    const inside = await readdir(folder).catch(() => []);
    const versions = inside.filter((name) => /^webkit2?gtk-/.test(name)).sort();
    const found = versions.map((name) => join(folder, name, "MiniBrowser")).findLast((path) => existsSync(path));
    if (found) return found;
  }
  return undefined;
}

await main(import.meta.url, async () => {
  const leftOut = await installEngines();
  for (const line of leftOut) console.log(`left out: ${line}`);
  console.log(await enginesHere());
});
