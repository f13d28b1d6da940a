// Finds the browsers of other engines for the tests, Firefox and WebKitGTK's, and installs Debian's packages of them where it may. One that is
// not to be had is left out, which is told and fails nothing. Alone: node scripts/engines.mjs
import { existsSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { aptInstall, aptPrefix } from "./apt.mjs";
import { main } from "./tools.mjs";

const INSTALL_MS = 6 * 60_000;
const FIREFOX = ["firefox-esr", "firefox"];
const FIREFOX_PLACES = ["/Applications/Firefox.app/Contents/MacOS/firefox", "C:\\Program Files\\Mozilla Firefox\\firefox.exe"];
/** Folders that have one `webkit2gtk-VERSION` or `webkitgtk-VERSION` with WebKit's own small browser in it. */
const WEBKIT_FOLDERS = ["/usr/lib/x86_64-linux-gnu", "/usr/lib/aarch64-linux-gnu", "/usr/lib64", "/usr/lib", "/usr/libexec"];

/** Each engine with its programs, null where one is missing, and the packages that have them. */
async function findEngines() {
  const [driver, display] = [onPath(["WebKitWebDriver"]), onPath(["Xvfb"])];
  const browser = process.env.FIREFOX ?? onPath(FIREFOX) ?? FIREFOX_PLACES.find((path) => existsSync(path));
  const mini = await miniBrowser();
  return {
    Firefox: { packages: ["firefox-esr"], programs: browser ? { browser } : null },
    WebKit: { packages: ["webkit2gtk-driver", "xvfb"], programs: driver && display && mini ? { driver, display, browser: mini } : null },
  };
}

/** The programs of each engine, null where it is missing. */
export async function enginesHere() {
  return Object.fromEntries(Object.entries(await findEngines()).map(([name, { programs }]) => [name, programs]));
}

/** Installs what is missing, where it may; gives a line for each engine that is left out. */
export async function installEngines() {
  const missing = absent(await findEngines());
  if (missing.length === 0) return [];
  const packages = missing.flatMap(([, engine]) => engine.packages);
  const prefix = await aptPrefix();
  let why = "this machine has no apt, or asks a password for it";
  if (prefix !== null) {
    console.log(
      `${missing.map(([name]) => name).join(" and ")} missing: installing Debian's ${packages.join(", ")} (about 110 MB; at most ${INSTALL_MS / 60_000} minutes each for the list and the packages).`,
    );
    why = await aptInstall(prefix, packages, { timeout: INSTALL_MS }).then(
      () => "it is installed, but its programs are in none of the usual places",
      ({ message }) => message,
    );
  }
  return absent(await findEngines()).map(([name, engine]) => `${name} (${why}); to have it: apt-get install ${engine.packages.join(" ")}`);
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
