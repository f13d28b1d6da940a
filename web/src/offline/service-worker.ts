// The service worker: keeps every file of one version of the site, so that all of it works with the network off. Another version is fetched whole
// beside it and waits; what is the same in both is not fetched again. It takes over when no page shows the old one, or when the person asks.
// https://developer.chrome.com/docs/workbox/modules/workbox-precaching
import { addPlugins, precacheAndRoute } from "workbox-precaching";
import { isRelaxed } from "../worker/relaxed.ts";
import type { Ask, SiteFile, Stock, TakenOver } from "./files.ts";

/** Written in by the build. */
declare const FILES: SiteFile[];

/** TypeScript has no library that knows pages and service workers at once. */
interface Message {
  data: Ask;
  ports: readonly MessagePort[];
  waitUntil(work: Promise<unknown>): void;
}
interface Scope {
  clients: { matchAll(of: { type: "window"; includeUncontrolled: boolean }): Promise<{ postMessage(message: Stock): void }[]> };
  skipWaiting(): Promise<void>;
  addEventListener(name: "message", hear: (event: Message) => void): void;
}
const scope = self as unknown as Scope;

/** An engine needs one of the two modules. */
const needless = isRelaxed() ? "tadpole_bg-" : "tadpole_fused_bg-";
const files = FILES.filter(({ url }) => !url.includes(needless));
const stock: Stock = { done: 0, total: files.length, bytes: files.reduce((sum, { bytes }) => sum + bytes, 0) };

const pages = () => scope.clients.matchAll({ type: "window", includeUncontrolled: true });

async function tell(): Promise<void> {
  for (const page of await pages()) page.postMessage(stock);
}

addPlugins([
  {
    handlerDidComplete: async () => {
      stock.done = Math.min(stock.total, stock.done + 1);
      if (stock.done % 4 === 0 || stock.done === stock.total) await tell();
    },
  },
]);
precacheAndRoute(
  files.map(({ url, revision }) => ({ url, revision })),
  { ignoreURLParametersMatching: [/./], cleanURLs: false },
);

scope.addEventListener("message", (event) => {
  const [port] = event.ports;
  if (event.data === "stock") port?.postMessage(stock);
  else if (event.data === "takeOver") event.waitUntil(takeOver().then((answer) => port?.postMessage(answer)));
});

async function takeOver(): Promise<TakenOver> {
  const others = (await pages()).length > 1;
  if (!others) await scope.skipWaiting();
  return { others };
}
