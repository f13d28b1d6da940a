// One lab in a frame: in a blog post by <tadpole-lab>, or by the blogger's own <iframe>. The address says which lab and how, as on the
// page; nothing is kept in the browser; the host page hears the lab's height and events.
import "./frame.css";
import { batch, computed, effect, signal, untracked } from "@preact/signals-core";
import { html, nothing } from "lit";
import { fill, t, whole } from "../i18n/index.ts";
import { begin, beginAgain, goTo, hasBegun, isOpening, isSettled, liveName, openFirst } from "../models.ts";
import { sayWhatIsLost } from "../replace.ts";
import { device, fatal, leave, model, namedModel, phase, setModel, shippedAs, startWorkbench, trouble } from "../session.ts";
import * as settings from "../settings.ts";
import { LabHost, mount } from "../shell/lab-host.ts";
import { Failure } from "../worker/client.ts";
import { generate, noModel, seen, stopCall, tell, train, until } from "./acts.ts";
import { hear, isShared, say, useHostsCore } from "./host.ts";
import { wear } from "./look.ts";
import type { ToFrame } from "./messages.ts";
import { texts } from "./texts.ts";

/** The model that the blogger named. */
let named = settings.read("model");

/** Tokens alone need no model, and no core for one. */
const isTokensAlone = computed(() => settings.lab.value === "tokens" && (settings.read("model") ?? "none") === "none" && !model.value);
let isBegun = false;
/** One after the other. */
let moves = Promise.resolve();
/** The id of no call: what it reports ends none. */
const NOBODY = 0;

/** The number of other labs that show what this one trains. */
const sharers = signal(0);

class Frame extends LabHost {
  protected override render() {
    return html`<main>${this.notices()} ${settings.lab.value === "train" ? this.#sharers() : nothing} ${this.lab()}</main>
      ${settings.shown("footer") ? this.#footer() : nothing}`;
  }

  protected override beginAgain(): void {
    // A shared core's replacement goes to every lab.
    if (isShared) say({ type: "restartCore" });
    else void beginAgain();
  }

  #footer() {
    const mine = texts();
    const address = settings.hashWith({ hide: undefined });
    return html`<footer class="embed-footer">
      <p data-testid="embed-model">${this.#about()}</p>
      ${settings.lab.value === "train" ? nothing : this.#sharers()} ${this.#back()}
      <a href="./${address}" target="_blank" rel="noopener" data-testid="whole">${mine.whole} ↗</a>
    </footer>`;
  }

  /** Warns before it changes something elsewhere. */
  #sharers() {
    const [mine, n] = [texts(), sharers.value];
    if (n === 0 || isTokensAlone.value) return nothing;
    const words = n === 1 ? mine.sharer : fill(mine.sharers, { n: whole(n) });
    return html`<p class="hint" data-testid="embed-sharers">${words}</p>`;
  }

  #about() {
    if (phase.value === "starting") return t().starting;
    if (isOpening.value) return texts().opening;
    const info = model.value;
    if (!info) return isTokensAlone.value ? texts().alone : t().bar.noModel;
    const name = liveName();
    const about = [name, fill(t().bar.step, { n: whole(info.step) }), t().bar[device.value?.kind ?? "cpu"]];
    return about.join(" · ");
  }

  /** Another lab of the page may have replaced the model that this one named. */
  #back() {
    const wanted = named;
    if (!wanted || wanted === "none" || !model.value || isOpening.value || shippedAs.value === wanted) return nothing;
    return html`<button data-testid="embed-back" @click=${() => void goTo(wanted)}>
      ${fill(texts().back, { name: wanted })}
    </button>`;
  }
}
customElements.define("tp-frame", Frame);

/** Labs share the model they name; only another name replaces it. */
function adopt({ hash, only }: Extract<ToFrame, { type: "settings" }>): void {
  if (only && !only.includes("model")) {
    settings.adopt(hash, only);
    return;
  }
  batch(() => {
    const before = settings.read("model");
    settings.adopt(hash, only);
    const asked = settings.read("model");
    if (asked === named) settings.write("model", before);
    named = asked;
  });
  if (isSettled.value && !model.value) void openFirst(namedModel());
}

/** To another core. The old one is asked nothing any more, so the settings may already be those for the new one. */
async function move({ hash, only }: Extract<ToFrame, { type: "move" }>): Promise<void> {
  const settings = { type: "settings", hash, only } as const;
  if (isBegun) await until(() => hasBegun.value || fatal.value !== null);
  if (!isBegun) {
    await startWorkbench();
    adopt(settings);
    return;
  }
  setModel(null, null);
  const again = beginAgain();
  adopt(settings);
  await again;
}

function heard(message: ToFrame): void {
  if (message.type === "settings") adopt(message);
  else if (message.type === "move") moves = moves.then(() => move(message));
  else if (message.type === "sharers") sharers.value = message.others;
  else if (message.type === "look") wear(message.look);
  else if (message.type === "generate" && isTokensAlone.value) tell(message.call, noModel());
  else if (message.type === "generate") void generate(message.call, message.options);
  else if (message.type === "train") {
    void beginCore();
    void train(message.call, message.options);
  } else if (message.type === "stop") stopCall(message.call);
  else if (message.type === "coreFailed") {
    const { reason } = message;
    fatal.value = { code: "workerFailed", message: reason, remedy: "", details: { reason } };
  }
}

/** Reports the lab's height to the host page whenever it changes. */
function tellHeight(): void {
  const place = document.getElementById("app");
  if (!place) return;
  let last = 0;
  new ResizeObserver((entries) => {
    // As observed: measuring again could change it, when a scrollbar comes or goes.
    const pixels = Math.ceil(entries.at(-1)?.borderBoxSize[0]?.blockSize ?? last);
    if (pixels !== last) say({ type: "height", pixels });
    last = pixels;
  }).observe(place);
}

function tellReady(): void {
  let isTold = false;
  effect(() => {
    const is = isTokensAlone.value ? phase.value === "ready" : isSettled.value;
    if (!is || isTold) return;
    isTold = true;
    say({ type: "ready", model: shippedAs.value, step: model.value?.step ?? 0, device: device.value?.kind ?? null });
  });
  effect(() => {
    if (fatal.value) tell(null, new Failure(fatal.value));
  });
  effect(() => {
    if (trouble.value) tell(NOBODY, new Failure(trouble.value));
  });
}

/** Starts a model's core in a Tokens lab that did without it. */
async function beginCore(): Promise<void> {
  if (isBegun) return;
  isBegun = true;
  await begin();
}

export async function show(): Promise<void> {
  useHostsCore(seen);
  sayWhatIsLost(() => texts().forgets);
  hear(heard, () => void (isBegun ? beginAgain() : startWorkbench()));
  addEventListener("pagehide", ({ persisted }) => persisted || leave());
  if (!(await mount("tp-frame"))) return;
  tellHeight();
  tellReady();
  if (isTokensAlone.value) await startWorkbench();
  // The page around may show another lab in it later.
  effect(() => {
    if (!isTokensAlone.value) void untracked(beginCore);
  });
}
