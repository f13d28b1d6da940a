// Finds the browser for the tests: $CHROMIUM, then the usual places, else Debian's package if allowed. Also makes sure that there is a
// Chinese font, since the page has a Chinese side.
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { aptInstall, aptPrefix } from "./apt.mjs";
import { Failure, read } from "./tools.mjs";

const NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "microsoft-edge"];
const PLACES = [
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe",
];
const REMEDY = "install Chromium or Chrome, or name its program: CHROMIUM=/path/to/chromium npm test";

/** The path of a Chromium; installs one if allowed. */
export async function findChromium() {
  const named = process.env.CHROMIUM;
  if (named !== undefined && !existsSync(named)) throw new Failure(`CHROMIUM names ${named}, which is not there`, REMEDY);
  if (named !== undefined) return named;
  if (installedChromium() === undefined) await install("chromium", "the browser tests need a browser");
  const chinese = await read("fc-list", [":lang=zh", "family"]);
  if (chinese === "" && (await aptPrefix()) !== null) await install("fonts-noto-cjk", "the Chinese page needs a font");
  const found = installedChromium();
  if (found === undefined) throw new Failure("Chromium was installed but is in none of the usual places", REMEDY);
  return found;
}

function installedChromium() {
  const folders = ["/usr/bin", ...(process.env.PATH ?? "").split(delimiter)];
  const candidates = [...folders.flatMap((folder) => NAMES.map((name) => join(folder, name))), ...PLACES];
  return candidates.find((path) => existsSync(path));
}

async function install(name, reason) {
  const prefix = await aptPrefix();
  if (prefix === null) throw new Failure(`${name} is missing: ${reason}`, REMEDY);
  console.log(`${name} is missing (${reason}): installing Debian's package.`);
  await aptInstall(prefix, [name], { remedy: REMEDY });
}
