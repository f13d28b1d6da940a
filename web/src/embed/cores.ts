// The one core of all labs in a page: a hidden frame that begins with the first lab, and hands out ports.
import { CORE, marked, readFromCore, type ToCore, type ToFrame } from "./messages.ts";

type Say = (message: ToFrame, ports: MessagePort[]) => void;

const ORIGIN = new URL(import.meta.url).origin;
/** Milliseconds that the core outlives the last lab: a page that is changed in place brings its next one soon. */
const PATIENCE = 10_000;
const labs = new Set<Say>();
let frame: HTMLIFrameElement | null = null;
let isReady = false;
/** What is to be said when the core hears it. */
const waiting: (() => void)[] = [];

/** A lab is in the page; it hears when the core is another one. */
export function watchCore(say: Say): () => void {
  labs.add(say);
  return () => {
    labs.delete(say);
    setTimeout(() => labs.size === 0 && end(), PATIENCE);
  };
}

/** One end of a channel goes to the core, the other to whoever asks. */
export function port(give: (ports: MessagePort[]) => void): void {
  const { port1, port2 } = new MessageChannel();
  give([port1]);
  say({ type: "join" }, [port2]);
}

/** A fresh core for all labs. */
export function restart(): void {
  say({ type: "restart" }, []);
  for (const lab of labs) port((ports) => lab({ type: "core" }, ports));
}

function say(message: ToCore, ports: MessagePort[]): void {
  start();
  const send = () => frame?.contentWindow?.postMessage(marked(message), ORIGIN, ports);
  if (isReady) send();
  else waiting.push(send);
}

/** Pages that are changed in place may throw the frame away with everything else. */
function start(): void {
  if (frame?.isConnected) return;
  isReady = false;
  frame = document.createElement("iframe");
  frame.name = CORE;
  frame.title = "Tadpole";
  frame.hidden = true;
  frame.src = new URL(/* @vite-ignore */ "./embed.html", import.meta.url).href;
  addEventListener("message", hear);
  document.body.append(frame);
}

function end(): void {
  frame?.remove();
  frame = null;
  removeEventListener("message", hear);
}

function hear(event: MessageEvent): void {
  if (event.source !== frame?.contentWindow || event.origin !== ORIGIN) return;
  const message = readFromCore(event.data);
  if (message?.type === "coreReady") {
    isReady = true;
    for (const send of waiting.splice(0)) send();
  } else if (message) for (const lab of labs) lab(message, []);
}
