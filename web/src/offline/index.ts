// The page's side of working with the network off: has the service worker fetch the whole site once the page has been used for a while and rests, or
// when the person asks for it, unless the person declines; tells how far it is, and offers a new version when one is here. Nothing is forced: a page
// that is open keeps the version that it began with.
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
 * `off`: this browser or this address keeps nothing; `saving`: the person saves data, and has not asked for it; `later`: it waits until the page has
 * been used for a while and rests; `declined`: the person wants none of it.
 */
export const state = signal<State>("off");
export const stock = signal<Stock | null>(null);
/** About how many bytes are fetched for all of it; null until that is known. */
export const toFetch = signal<number | null>(null);
/** A new version is here and waits; `others`: another tab still shows the old one. */
export const fresh = signal<"waits" | "others" | null>(null);

/** https://developer.mozilla.org/docs/Web/API/NetworkInformation/saveData (absent from TypeScript's DOM library). */
const savesData = (): boolean => (navigator as { connection?: { saveData?: boolean } }).connection?.saveData === true;

/** Frames of other sites, files, and addresses without encryption keep nothing. */
const mayKeep = (): boolean =>
  window.top === window && "serviceWorker" in navigator && isSecureContext && location.protocol.startsWith("http") && import.meta.env.PROD;

/** `isBusy`: whether something goes on that this should not disturb. */
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

/** What is to be told before any of it is fetched. */
async function readSize(): Promise<void> {
  try {
    const sizes = (await (await fetch(new URL("offline.json", document.baseURI))).json()) as Sizes;
    toFetch.value = isRelaxed() ? sizes.relaxed : sizes.plain;
  } catch {
    // It is offered without its size, then.
  }
}

const DECLINED = "offline declined";

/** Fetches none of it, or no more of it, from now on. */
export async function decline(): Promise<void> {
  stopWaiting();
  remember(DECLINED, "yes");
  state.value = "declined";
  const registration = await registered();
  if (!registration || registration.active) return;
  await registration.unregister();
  // workbox names its caches so that they end with the scope.
  const names = (await caches.keys()).filter((name) => name.endsWith(registration.scope));
  await Promise.all(names.map((name) => caches.delete(name)));
}

/** Ours, and not that of another site in a folder above. */
async function registered(): Promise<ServiceWorkerRegistration | undefined> {
  const found = await navigator.serviceWorker.getRegistration();
  return found?.scope === new URL("./", document.baseURI).href ? found : undefined;
}

/** Fetches what is not here yet. */
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
    // Storage that is forbidden or full, or no network: the page itself works on.
    state.value = "failed";
  }
}

const HOUR_MS = 3_600_000;

/** Browsers look for a new version when a page is opened; one that stays open looks when the reader comes back to it. */
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

/** The page's first script, whose name changes with any other's. */
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

/** Keeps the run and begins again in the new version. */
export async function takeOver(): Promise<void> {
  const waiting = (await registered())?.waiting;
  if (waiting && (await ask<number>(waiting, "pages")) > 1) {
    fresh.value = "others";
    return;
  }
  if (phase.value === "ready" && !(await mayReplace())) return;
  // It took over by itself where no page held it back.
  if (!waiting) return location.reload();
  const again = () => location.reload();
  navigator.serviceWorker.addEventListener("controllerchange", again, { once: true });
  if (await ask<boolean>(waiting, "takeOver")) return;
  // Another page was opened while the person was asked.
  navigator.serviceWorker.removeEventListener("controllerchange", again);
  fresh.value = "others";
}
