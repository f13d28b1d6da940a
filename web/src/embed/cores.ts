// The cores in another site's page: labs that name the same model share one, so that no model replaces another. Labs that name none share
// the core of the first model named. Each core lives in a hidden frame, created for its first lab, and hands out ports.
import { CORE, marked, readFromCore, type ToCore, type ToFrame } from "./messages.ts";

type Say = (message: ToFrame, ports: MessagePort[]) => void;

const ORIGIN = new URL(import.meta.url).origin;
/** Milliseconds that a core outlives its last lab: a page that changes in place soon brings its next one. */
const PATIENCE = 10_000;

export class Core {
  readonly #labs = new Set<Say>();
  #frame: HTMLIFrameElement | null = null;
  #isReady = false;
  /** Messages to send when the core listens. */
  readonly #waiting: (() => void)[] = [];

  /** Adds a lab, which hears when the core is replaced and how many share it. Returns the function that removes it. */
  join(lab: Say): () => void {
    this.#labs.add(lab);
    this.#tellSharers();
    return () => {
      this.#labs.delete(lab);
      this.#tellSharers();
      setTimeout(() => this.#labs.size === 0 && this.#end(), PATIENCE);
    };
  }

  /** The number of other labs on this core. */
  get others(): number {
    return this.#labs.size - 1;
  }

  /** Whether nothing of it is left. */
  get isEmpty(): boolean {
    return this.#labs.size === 0 && this.#frame === null;
  }

  /** One end of a channel goes to the core, the other to the caller. */
  port(give: (ports: MessagePort[]) => void): void {
    const { port1, port2 } = new MessageChannel();
    give([port1]);
    this.#say({ type: "join" }, [port2]);
  }

  /** Starts a fresh core for all its labs. */
  restart(): void {
    this.#say({ type: "restart" }, []);
    for (const lab of this.#labs) this.port((ports) => lab({ type: "core" }, ports));
  }

  #tellSharers(): void {
    for (const lab of this.#labs) lab({ type: "sharers", others: this.others }, []);
  }

  #say(message: ToCore, ports: MessagePort[]): void {
    this.#start();
    const send = () => this.#frame?.contentWindow?.postMessage(marked(message), ORIGIN, ports);
    if (this.#isReady) send();
    else this.#waiting.push(send);
  }

  /** Pages that change in place may discard the frame with everything else. */
  #start(): void {
    if (this.#frame?.isConnected) return;
    this.#isReady = false;
    const frame = document.createElement("iframe");
    frame.name = CORE;
    frame.title = "Tadpole";
    frame.hidden = true;
    frame.src = new URL(/* @vite-ignore */ "./embed.html", import.meta.url).href;
    this.#frame = frame;
    addEventListener("message", this.#hear);
    document.body.append(frame);
  }

  #end(): void {
    this.#frame?.remove();
    this.#frame = null;
    removeEventListener("message", this.#hear);
  }

  #hear = (event: MessageEvent): void => {
    if (event.source !== this.#frame?.contentWindow || event.origin !== ORIGIN) return;
    const message = readFromCore(event.data);
    if (message?.type === "coreReady") {
      this.#isReady = true;
      for (const send of this.#waiting.splice(0)) send();
    } else if (message) for (const lab of this.#labs) lab(message, []);
  };
}

/** For the first model named, and for labs that name none. */
const first = new Core();
let firstModel: string | null = null;
const others = new Map<string, Core>();

/** The core for labs that name this model, or `none`. */
export function coreOf(model: string): Core {
  if (model === "none") return first;
  if (first.isEmpty) firstModel = null;
  firstModel ??= model;
  if (model === firstModel) return first;
  const core = others.get(model) ?? new Core();
  others.set(model, core);
  return core;
}
