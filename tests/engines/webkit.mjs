// WebKit, through plain WebDriver over HTTP: WebKitGTK's MiniBrowser on its own display. The driver does not report what a page prints or
// throws: `problems` gets that from a watched site (watched.mjs).
// https://www.w3.org/TR/webdriver2/
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { begin } from "./process.mjs";

/** More than any command here takes, the longest being a hundred training steps. */
const SCRIPT_MS = 120_000;
const STARTS_MS = 30_000;
const SCREEN = "1600x1200x24";

/** @param {{ driver: string, browser: string, display: string }} programs */
export async function openWebKit({ driver, browser, display }, { language = "en_US.UTF-8", args = [] } = {}) {
  const home = await mkdtemp(join(tmpdir(), "tadpole-webkit-"));
  const ends = [() => rm(home, { recursive: true, force: true })];
  const close = async () => {
    for (const end of ends.splice(0).reverse()) await end();
  };
  try {
    const screen = begin(display, ["-displayfd", "1", "-screen", "0", SCREEN, "-nolisten", "tcp"]);
    ends.push(screen.end);
    const [, number] = await screen.said(/^(\d+)$/);
    const port = await freePort();
    const program = begin(driver, [`--port=${port}`], { env: environment(home, number, language) });
    ends.push(program.end);
    const session = await openSession(program, sender(`http://127.0.0.1:${port}`), { binary: browser, args: ["--automation", ...args] });
    ends.push(() => session("DELETE", "").catch(() => {}));
    return { name: "WebKit", problems: [], close, ...commands(session) };
  } catch (error) {
    await close();
    throw error;
  }
}

const environment = (home, display, language) => ({
  ...process.env,
  DISPLAY: `:${display}`,
  HOME: home,
  XDG_DATA_HOME: join(home, "data"),
  XDG_CACHE_HOME: join(home, "cache"),
  LANG: language,
  // Without a graphics card.
  WEBKIT_SKIA_ENABLE_CPU_RENDERING: "1",
});

/** Opens a session and returns the function that sends its commands. */
async function openSession(program, send, options) {
  const capabilities = { alwaysMatch: { "webkitgtk:browserOptions": options } };
  const { sessionId } = await untilItListens(program, () => send("POST", "/session", { capabilities }));
  const session = (method, path, body) => send(method, `/session/${sessionId}${path}`, body);
  await session("POST", "/timeouts", { script: SCRIPT_MS });
  return session;
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

/** Runs an async function of the tests in the page; WebDriver's own scripts are exempt from a page's policy, which may forbid `eval`. */
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

/** It does not announce when it is ready; until then nothing listens. */
async function untilItListens(program, work) {
  let hasEnded = false;
  void program.ended.then(() => {
    hasEnded = true;
  });
  for (const end = Date.now() + STARTS_MS; ; ) {
    try {
      return await work();
    } catch (error) {
      if (hasEnded || Date.now() > end || !(error instanceof TypeError)) throw error;
      await new Promise((later) => setTimeout(later, 100));
    }
  }
}

async function freePort() {
  const server = createServer();
  await new Promise((listening) => server.listen(0, "127.0.0.1", () => listening(undefined)));
  const { port } = server.address();
  await new Promise((closed) => server.close(closed));
  return port;
}
