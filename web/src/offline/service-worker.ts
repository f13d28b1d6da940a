// The service worker: keeps every file of one version of the site, so that it works offline. A new version is fetched completely, beside
// the old one, and waits; unchanged files are not fetched again. It takes over when no page shows the old one, or when the person asks.
// https://developer.chrome.com/docs/workbox/modules/workbox-precaching
import { addPlugins, precacheAndRoute } from "workbox-precaching";
import { isRelaxed } from "../worker/relaxed.ts";
import { type Ask, needless, type SiteFile, type Stock } from "./files.ts";

/** Written in by the build. */
declare const FILES: SiteFile[];

/** No TypeScript library covers pages and service workers at once. */
interface Page {
  url: string;
  postMessage(message: Stock): void;
}
interface Message {
  data: Ask;
  ports: readonly MessagePort[];
  waitUntil(work: Promise<unknown>): void;
}
interface Scope {
  clients: { matchAll(of: { type: "window"; includeUncontrolled: boolean }): Promise<Page[]>; claim(): Promise<void> };
  registration: { scope: string };
  skipWaiting(): Promise<void>;
  addEventListener(name: "message", hear: (event: Message) => void): void;
}
const scope = self as unknown as Scope;

/** An engine needs only one of the two modules. */
const files = FILES.filter(({ url }) => !url.includes(needless(isRelaxed())));
const stock: Stock = { done: 0, total: files.length, bytes: files.reduce((sum, { bytes }) => sum + bytes, 0) };

/** Other pages of the same host may not be ours. */
async function pages(): Promise<Page[]> {
  const all = await scope.clients.matchAll({ type: "window", includeUncontrolled: true });
  return all.filter(({ url }) => url.startsWith(scope.registration.scope));
}

async function tell(): Promise<void> {
  for (const page of await pages()) page.postMessage(stock);
}

addPlugins([
  {
    handlerDidComplete: async ({ event }) => {
      if (event.type !== "install") return;
      stock.done = Math.min(stock.total, stock.done + 1);
      if (stock.done % 4 === 0 || stock.done === stock.total) await tell();
    },
  },
]);
precacheAndRoute(
  files.map(({ url, revision, integrity }) => ({ url, revision, integrity })),
  { ignoreURLParametersMatching: [/./], cleanURLs: false },
);

scope.addEventListener("message", (event) => event.waitUntil(answer(event)));

async function answer({ data, ports: [port] }: Message): Promise<void> {
  if (data === "stock") port?.postMessage(stock);
  else if (data === "pages") port?.postMessage((await pages()).length);
  else if (data === "takeOver") port?.postMessage(await takeOver());
  else port?.postMessage(await adopt(data.script).then(() => null));
}

/** Unless another page still shows the old version; false if one does. */
async function takeOver(): Promise<boolean> {
  if ((await pages()).length > 1) return false;
  await scope.skipWaiting();
  return true;
}

/** A page older than its service worker has none, and a new version would take over while it is in use. */
async function adopt(script: string): Promise<void> {
  if (files.some(({ url }) => new URL(url, scope.registration.scope).href === script)) await scope.clients.claim();
}
