// The page's side of offline use: has the service worker fetch the whole site once the page has been used for a while and is idle, or when
// the person asks, unless the person declines; reports progress, and offers a new version when there is one. Nothing is forced: an open
// page keeps the version that it began with.
import { signal } from "@preact/signals-core";
import { remember, remembered } from "../remember.ts";
import { mayReplace } from "../replace.ts";
import { phase } from "../session.ts";
import { trusted } from "../trusted.ts";
import { isRelaxed } from "../worker/relaxed.ts";
import type { Ask, Sizes, Stock } from "./files.ts";
import { whenRested } from "./rest.ts";

export type State = "off" | "saving" | "later" | "declined" | "fetching" | "here" | "failed";

/**
 * `off`: this browser or this address keeps nothing; `saving`: data saver is on, and the person has not asked for it; `later`: it waits
 * until the page has been used for a while and is idle; `declined`: the person declined.
 */
export const state = signal<State>("off");
export const stock = signal<Stock | null>(null);
/** The approximate download in bytes; null until known. */
export const toFetch = signal<number | null>(null);
/** A new version is waiting; `others`: another tab still shows the old one. */
export const fresh = signal<"waits" | "others" | null>(null);

/** https://developer.mozilla.org/docs/Web/API/NetworkInformation/saveData (absent from TypeScript's DOM library). */
const savesData = (): boolean => (navigator as { connection?: { saveData?: boolean } }).connection?.saveData === true;

/** Frames of other sites, files, and insecure addresses keep nothing. */
const mayKeep = (): boolean =>
  window.top === window && "serviceWorker" in navigator && isSecureContext && location.protocol.startsWith("http") && import.meta.env.PROD;

/** `isBusy`: whether something is going on that should not be disturbed. */
export async function begin(isBusy: () => boolean): Promise<void> {
  if (!mayKeep()) return;
  const { serviceWorker } = navigator;
  serviceWorker.addEventListener("message", ({ data }: MessageEvent<Stock>) => {
    stock.value = data;
  });
  if (await registered()) return keep();
  void readSize();
  if (remembered(DECLINED) !== undefined) state.value = "declined";
  else if (savesData()) state.value = "saving";
  else wait(isBusy);
}

let stopWaiting = (): void => {};

function wait(isBusy: () => boolean): void {
  state.value = "later";
  stopWaiting = whenRested(isBusy, () => void keep());
}

/** The size to show before anything is fetched. */
async function readSize(): Promise<void> {
  try {
    const sizes = (await (await fetch(new URL("offline.json", document.baseURI))).json()) as Sizes;
    toFetch.value = isRelaxed() ? sizes.relaxed : sizes.plain;
  } catch {
    // Then it is offered without its size.
  }
}

const DECLINED = "offline declined";

/** Stops fetching, for good. */
export async function decline(): Promise<void> {
  stopWaiting();
  remember(DECLINED, "yes");
  state.value = "declined";
  const registration = await registered();
  if (!registration || registration.active) return;
  await registration.unregister();
  // workbox's cache names end with the scope.
  const names = (await caches.keys()).filter((name) => name.endsWith(registration.scope));
  await Promise.all(names.map((name) => caches.delete(name)));
}

/** Ours, not another site's in a parent folder. */
async function registered(): Promise<ServiceWorkerRegistration | undefined> {
  const found = await navigator.serviceWorker.getRegistration();
  return found?.scope === new URL("./", document.baseURI).href ? found : undefined;
}

/** Fetches what is missing. */
export async function keep(): Promise<void> {
  stopWaiting();
  remember(DECLINED, undefined);
  state.value = "fetching";
  try {
    const registration = await navigator.serviceWorker.register(trusted("sw.js"));
    follow(registration);
    registration.addEventListener("updatefound", () => follow(registration));
    lookAgain(registration);
  } catch {
    // Storage is forbidden or full, or there is no network: the page itself still works.
    state.value = "failed";
  }
}

const HOUR_MS = 3_600_000;

/** Browsers look for a new version when a page is opened; a page that stays open looks when the reader returns to it. */
function lookAgain(registration: ServiceWorkerRegistration): void {
  let last = Date.now();
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState !== "visible" || Date.now() - last < HOUR_MS) return;
    last = Date.now();
    registration.update().catch(() => {});
  });
}

function follow(registration: ServiceWorkerRegistration): void {
  const { installing, active } = registration;
  if (active) void tellHere(active);
  if (registration.waiting && active) fresh.value ??= "waits";
  installing?.addEventListener("statechange", () => {
    if (installing.state === "installed" && registration.active) fresh.value = "waits";
    else if (installing.state === "activated") void tellHere(installing).then(() => ask<null>(installing, { script: entry() }));
    else if (installing.state === "redundant" && !registration.active && state.value !== "declined") state.value = "failed";
  });
}

/** The page's first script, whose name changes with that of any other. */
const entry = (): string => document.querySelector<HTMLScriptElement>("script[src]")?.src ?? "";

async function tellHere(worker: ServiceWorker): Promise<void> {
  const { total, bytes } = await ask<Stock>(worker, "stock");
  stock.value = { done: total, total, bytes };
  state.value = "here";
}

function ask<A>(worker: ServiceWorker, what: Ask): Promise<A> {
  const { port1, port2 } = new MessageChannel();
  return new Promise((resolve) => {
    port1.onmessage = ({ data }) => resolve(data as A);
    worker.postMessage(what, [port2]);
  });
}

/** Keeps the run and reloads the page in the new version. */
export async function takeOver(): Promise<void> {
  const waiting = (await registered())?.waiting;
  if (waiting && (await ask<number>(waiting, "pages")) > 1) {
    fresh.value = "others";
    return;
  }
  if (phase.value === "ready" && !(await mayReplace())) return;
  // It took over by itself when no page held it back.
  if (!waiting) return location.reload();
  const again = () => location.reload();
  navigator.serviceWorker.addEventListener("controllerchange", again, { once: true });
  if (await ask<boolean>(waiting, "takeOver")) return;
  // Another page was opened while the person was asked.
  navigator.serviceWorker.removeEventListener("controllerchange", again);
  fresh.value = "others";
}
