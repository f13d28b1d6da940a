// The page around the frame: its messages count only if they come from our parent and are well formed; ours go only to it.
import { embed } from "../session.ts";
import type { Seen } from "../worker/client.ts";
import { startWorker } from "../worker/start.ts";
import { type FromFrame, marked, readToFrame, SHARED, type ToFrame } from "./messages.ts";

/** Whether the host page has a core for us. */
export const isShared = parent !== window && window.name === SHARED;

export const say = (message: FromFrame): void => {
  if (parent !== window) parent.postMessage(marked(message), "*");
};

let waits: ((port: MessagePort) => void) | null = null;
let spare: MessagePort | null = null;

/** Our own worker if no core is offered; nothing is kept either way. */
export function useHostsCore(seen: Seen): void {
  embed(isShared ? port : startWorker, seen);
}

/** A port to the core: one that already arrived, or the next. */
function port(): Promise<MessagePort> {
  const there = spare;
  spare = null;
  if (there) return Promise.resolve(there);
  say({ type: "wantCore" });
  return new Promise((resolve) => {
    waits = resolve;
  });
}

function give(there: MessagePort): void {
  if (waits) waits(there);
  else spare = there;
  waits = null;
}

/** Listens to the host page. `anew` runs when the core was replaced. */
export function hear(heard: (message: ToFrame) => void, anew: () => void): void {
  addEventListener("message", (event) => {
    const message = event.source === parent && parent !== window ? readToFrame(event.data) : null;
    if (!message) return;
    const [there] = event.ports;
    const isAwaited = waits !== null;
    if (there) give(there);
    if (message.type === "move" && there) heard(isAwaited ? { ...message, type: "settings" } : message);
    else if (message.type !== "core") heard(message);
    else if (there && !isAwaited) anew();
  });
}
