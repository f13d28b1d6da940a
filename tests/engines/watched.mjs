// The site again, for an engine whose driver does not report what pages print or throw: each page begins with a script that reports it
// here.
import { request as ask, createServer } from "node:http";

const REPORTS = "/reports-of-a-test";
const SCRIPT = `(() => {
  const report = (kind, ...what) => navigator.sendBeacon("${REPORTS}", location.href.slice(0, 120) + " " + kind + ": " + what.map((each) => (each && each.stack ? each + " " + each.stack : String(each))).join(" "));
  for (const kind of ["debug", "log", "info", "warn", "error"]) console[kind] = (...what) => report(kind, ...what);
  addEventListener("error", ({ error, message, target }) => report("page", error || message || "not loaded: " + (target.src || target.href)), true);
  addEventListener("unhandledrejection", ({ reason }) => report("page", reason));
  addEventListener("securitypolicyviolation", ({ violatedDirective, sample }) => report("policy", violatedDirective, sample));
})();`;

/** Serves the contents of `site`; `problems` receives its pages' reports. */
export async function watched(site, problems) {
  const { port, pathname } = new URL(site);
  const server = createServer(async (request, response) => {
    if (request.url !== REPORTS) return pass(port, request, response, problems);
    if (request.method === "POST") problems.push(await textOf(request));
    response.writeHead(200, { "content-type": "text/javascript" }).end(SCRIPT);
  });
  await new Promise((listening) => server.listen(0, "127.0.0.1", () => listening(undefined)));
  const close = () => {
    server.closeAllConnections();
    server.close();
  };
  return { address: `http://localhost:${server.address().port}${pathname}`, close };
}

/** Pages are fetched completely and uncompressed, everything else is passed on as it is. */
function pass(port, request, response, problems) {
  const { pathname } = new URL(request.url, "http://localhost");
  const isPage = /(?:\/|\.html)$/.test(pathname);
  const { "accept-encoding": encoding, "if-none-match": known, ...rest } = request.headers;
  const headers = isPage ? rest : request.headers;
  const asked = ask({ port, path: request.url, method: request.method, headers }, async (answer) => {
    if (answer.statusCode >= 400) problems.push(`${request.url} ${answer.statusCode}`);
    if (!isPage) return answer.pipe(response.writeHead(answer.statusCode, answer.headers));
    const { "content-length": length, etag, ...sent } = answer.headers;
    const text = (await textOf(answer)).replace("<head>", `<head><script src="${REPORTS}"></script>`);
    response.writeHead(answer.statusCode, sent).end(text);
  });
  asked.on("error", () => response.destroy());
  asked.end();
}

async function textOf(stream) {
  const parts = [];
  for await (const part of stream) parts.push(part);
  return Buffer.concat(parts).toString();
}
