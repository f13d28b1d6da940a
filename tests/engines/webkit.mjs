// WebKit, by plain WebDriver over HTTP: WebKitGTK's MiniBrowser on a display of its own. What a page writes to the console, and what it
// throws, MiniBrowser prints.
// https://www.w3.org/TR/webdriver2/
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { begin } from "./process.mjs";

/** Above what a command here may take, which is a training of a hundred steps. */
const SCRIPT_MS = 120_000;
const SCREEN = "1600x1200x24";

/** @param {{ driver: string, browser: string, display: string }} programs */
export async function openWebKit({ driver, browser, display }, { language = "en_US.UTF-8", args = [] } = {}) {
  const home = await mkdtemp(join(tmpdir(), "tadpole-webkit-"));
  const screen = begin(display, ["-displayfd", "1", "-screen", "0", SCREEN, "-nolisten", "tcp"]);
  const problems = [];
  const heard = (line) => {
    if (/^(?:CONSOLE|.*:CONSOLE)/.test(line)) problems.push(line);
  };
  const [, number] = await screen.said(/^(\d+)$/);
  const env = {
    ...process.env,
    DISPLAY: `:${number}`,
    HOME: home,
    XDG_DATA_HOME: join(home, "data"),
    XDG_CACHE_HOME: join(home, "cache"),
    LANG: language,
    // Without a graphics card.
    WEBKIT_SKIA_ENABLE_CPU_RENDERING: "1",
  };
  const port = 20_000 + (process.pid % 20_000);
  const program = begin(driver, [`--port=${port}`], { env, heard });
  const send = sender(`http://127.0.0.1:${port}`);
  const options = { binary: browser, args: ["--automation", "--enable-write-console-messages-to-stdout=true", ...args] };
  const close = async () => {
    await session?.("DELETE", "").catch(() => {});
    await program.end();
    await screen.end();
    await rm(home, { recursive: true, force: true });
  };
  let session;
  try {
    const { sessionId } = await untilItListens(() =>
      send("POST", "/session", { capabilities: { alwaysMatch: { "webkitgtk:browserOptions": options } } }),
    );
    session = (method, path, body) => send(method, `/session/${sessionId}${path}`, body);
    await session("POST", "/timeouts", { script: SCRIPT_MS });
  } catch (error) {
    await close();
    throw error;
  }
  return { name: "WebKit", problems, close, ...commands(session) };
}

function commands(session) {
  return {
    goto: (url) => session("POST", "/url", { url }),
    back: () => session("POST", "/back", {}),
    reload: () => session("POST", "/refresh", {}),
    size: (width, height) => session("POST", "/window/rect", { width, height }),
    screenshot: async () => Buffer.from(await session("GET", "/screenshot"), "base64"),
    async evaluate(work, ...args) {
      const { value, error } = await session("POST", "/execute/async", { script: runs(work), args: [JSON.stringify(args)] });
      if (error) throw new Error(error);
      return value;
    },
  };
}

/** An async function of the tests runs in the page; WebDriver's own scripts are not held to a page's policy, which may forbid `eval`. */
const runs = (work) => `const [args, done] = arguments;
  (async () => (${work})(...JSON.parse(args)))().then((value) => done({ value }), (error) => done({ error: String(error) + " " + error?.stack }));`;

function sender(address) {
  return async (method, path, body) => {
    const response = await fetch(address + path, { method, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
    const { value } = await response.json();
    if (!response.ok) throw new Error(`${method} ${path}: ${value.error}: ${value.message}`);
    return value;
  };
}

async function untilItListens(work) {
  for (let tries = 0; ; tries += 1) {
    try {
      return await work();
    } catch (error) {
      if (tries === 50 || !(error instanceof TypeError)) throw error;
      await new Promise((later) => setTimeout(later, 100));
    }
  }
}
