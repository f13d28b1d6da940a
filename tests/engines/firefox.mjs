// Firefox, through WebDriver BiDi: it listens at a WebSocket itself, without a separate driver. Console output and exceptions of pages and
// workers arrive as events, and so do failed requests.
// https://w3c.github.io/webdriver-bidi/
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { WebSocket } from "ws";
import { begin } from "./process.mjs";

const EVENTS = ["log.entryAdded", "network.fetchError", "network.responseCompleted"];

/** In addition to what Firefox sets by itself when it is automated. */
const PREFERENCES = {
  "browser.shell.checkDefaultBrowser": false,
  "datareporting.policy.dataSubmissionEnabled": false,
  "intl.accept_languages": "en-US",
};

/** @param {{ browser: string }} programs */
export async function openFirefox({ browser }, { preferences = {} } = {}) {
  const profile = await mkdtemp(join(tmpdir(), "tadpole-firefox-"));
  const lines = Object.entries({ ...PREFERENCES, ...preferences }).map(
    (entry) => `user_pref(${entry.map((part) => JSON.stringify(part))});`,
  );
  await writeFile(join(profile, "user.js"), lines.join("\n"));
  const program = begin(browser, ["--headless", "--no-remote", "--remote-debugging-port=0", "--profile", profile]);
  let socket = null;
  const close = async () => {
    socket?.terminate();
    await program.end();
    await rm(profile, { recursive: true, force: true });
  };
  try {
    const [, address] = await program.said(/WebDriver BiDi listening on (ws:\S+)/);
    socket = new WebSocket(`${address}/session`, { perMessageDeflate: false });
    const problems = [];
    const send = speak(socket, (event) => hear(event, problems));
    await new Promise((resolve, reject) => socket.once("open", resolve).once("error", reject));
    await send("session.new", { capabilities: {} });
    await send("session.subscribe", { events: EVENTS });
    const { contexts } = await send("browsingContext.getTree", {});
    return { name: "Firefox", problems, close, ...commands(send, contexts[0].context) };
  } catch (error) {
    await close();
    throw error;
  }
}

function hear({ method, params }, problems) {
  if (method === "log.entryAdded") problems.push(`${params.level}: ${params.text}`);
  // Requests still pending when the page was left.
  else if (method === "network.fetchError" && !/ABORTED/.test(params.errorText)) problems.push(`${params.request.url} ${params.errorText}`);
  else if (method === "network.responseCompleted" && params.response.status >= 400)
    problems.push(`${params.request.url} ${params.response.status}`);
}

/** Commands over a socket, each with its answer. */
function speak(socket, event) {
  const asked = new Map();
  let last = 0;
  socket.on("message", (data) => {
    const message = JSON.parse(String(data));
    if (message.type === "event") return event(message);
    const { resolve, reject, method } = asked.get(message.id) ?? {};
    asked.delete(message.id);
    if (message.type === "success") resolve?.(message.result);
    else reject?.(new Error(`${method}: ${message.error}: ${message.message}`));
  });
  socket.on("close", () => {
    for (const { reject, method } of asked.values()) reject(new Error(`${method}: Firefox ended`));
  });
  return (method, params) =>
    new Promise((resolve, reject) => {
      last += 1;
      asked.set(last, { resolve, reject, method });
      socket.send(JSON.stringify({ id: last, method, params }));
    });
}

function commands(send, context) {
  return {
    goto: (url) => send("browsingContext.navigate", { context, url, wait: "complete" }),
    back: () => send("browsingContext.traverseHistory", { context, delta: -1 }),
    reload: () => send("browsingContext.reload", { context, wait: "complete" }),
    size: (width, height) => send("browsingContext.setViewport", { context, viewport: { width, height } }),
    screenshot: async () => Buffer.from((await send("browsingContext.captureScreenshot", { context })).data, "base64"),
    async evaluate(work, ...args) {
      // As text, which is returned unchanged.
      const functionDeclaration = `async (args) => JSON.stringify(await (${work})(...JSON.parse(args)))`;
      const { result, exceptionDetails } = await send("script.callFunction", {
        functionDeclaration,
        arguments: [{ type: "string", value: JSON.stringify(args) }],
        target: { context },
        awaitPromise: true,
      });
      if (exceptionDetails) throw new Error(exceptionDetails.text);
      return result.type === "string" ? JSON.parse(result.value) : undefined;
    },
  };
}
