// <tadpole-lab>: a lab in any page, from this one file. The lab lives in a frame of our own origin, so that neither page can reach into the
// other, and the host page only needs to allow this script and that frame. Labs that name the same model share a core.
//
//   <tadpole-lab lab="sample" model="tadpole-nano" lang="en" theme="auto" state="prompt=One+day" hide="tree,both" reveal="manual"></tadpole-lab>
import type { CoreError } from "../worker/protocol.ts";
import { type Asks, Calls, scriptError } from "./calls.ts";
import { type Core, coreOf } from "./cores.ts";
import { css, heightFor, words } from "./element-look.ts";
import {
  type FromFrame,
  type GenerateOptions,
  type Look,
  marked,
  NEED_MODEL,
  PROPERTIES,
  readFromFrame,
  readToFrame,
  SHARED,
  type Step,
  type ToFrame,
  type Token,
  type TrainOptions,
} from "./messages.ts";

const NAMES = ["lab", "model", "lang", "theme", "state", "hide", "reveal", "height"] as const;
const ORIGIN = new URL(import.meta.url).origin;
/** Distance from the viewport at which a lab begins to load. */
const NEAR = "300px";
const MOST_HEIGHT = 10_000;
/** Milliseconds that a loaded frame may stay silent. */
const PATIENCE = 20_000;

/** A server has no elements, but can still import the module. */
const Base = globalThis.HTMLElement ?? (class {} as typeof HTMLElement);

export class TadpoleLab extends Base {
  static readonly observedAttributes = NAMES;
  #frame: HTMLIFrameElement | null = null;
  #core: Core | null = null;
  #leaveCore = () => {};
  #calls = new Calls((message) => this.#say(message));
  #ready = Promise.withResolvers<void>();
  #ends: (() => void)[] = [];
  #poster = document.createElement("div");
  #title = document.createElement("p");
  #note = document.createElement("p");
  #button = document.createElement("button");
  /** The picture of the lab's figure, as its site draws it. */
  #picture: HTMLIFrameElement | null = null;
  /** The lab's own height. */
  #wanted = 0;
  /** Whether the page's script has asked something of the lab. */
  #isAsked = false;
  /** Stops watching for the reader to come near. */
  #unwatch = () => {};
  #isWanted = false;
  /** The hash that the frame was given. */
  #addressed = "";
  #silence: ReturnType<typeof setTimeout> | undefined;
  #isHeard = false;
  #isReady = false;
  /** Why there is no core, before the first one. */
  #broken: CoreError | null = null;
  #sheet: CSSStyleSheet | null = null;

  connectedCallback(): void {
    if (!this.shadowRoot) this.#build();
    this.#upgrade();
    this.#name();
    const hear = (event: MessageEvent) => {
      if (event.source !== this.#frame?.contentWindow || event.origin !== ORIGIN) return;
      const message = readFromFrame(event.data);
      if (message) this.#hear(message);
    };
    addEventListener("message", hear);
    this.#ends = [() => removeEventListener("message", hear), this.#watchLook(), this.#watchPlace(), () => this.#join(null)];
    this.#reserve();
    this.#join(coreOf(this.#model()));
    if (this.#frame) this.#readdress();
    else if (this.#isWanted) this.open();
    else this.#revealWhenNear();
  }

  /** Moved by `moveBefore`, the lab goes on undisturbed. */
  connectedMoveCallback(): void {}

  disconnectedCallback(): void {
    for (const end of this.#ends) end();
    this.#unwatch();
    clearTimeout(this.#silence);
    this.#calls.drop("the lab was taken out of the page");
    // Moved otherwise, its frame reloads, and hears nothing until then.
    this.#ready = Promise.withResolvers();
  }

  attributeChangedCallback(name: string): void {
    if (!this.shadowRoot) return;
    if (name === "height") this.#reserve();
    else if (name === "reveal") {
      this.#draw();
      this.#revealWhenNear();
    } else {
      this.#name();
      // The new lab may need a model that the previous one did without.
      this.#sayState(name === "state" ? null : name === "lab" ? ["lab", "model"] : [name]);
    }
  }

  /** Labs with another model use another core. */
  #sayState(only: string[] | null): void {
    const hasMoved = this.#join(coreOf(this.#model()));
    if (!this.#frame) return;
    const message = { type: hasMoved ? "move" : "settings", hash: this.#hash(), only } as const;
    if (readToFrame(marked(message))) {
      if (hasMoved) this.#core?.port((ports) => this.#say(message, ports));
      else this.#say(message);
      return;
    }
    const details = { length: String(message.hash.length) };
    const remedy = "Give a long text to generate or train instead.";
    this.#tell("error", scriptError("stateTooLong", `A state of ${details.length} characters is too long.`, remedy, details));
  }

  /** Opens a waiting lab; one that is not in the page yet opens when it is. */
  open(): void {
    this.#isWanted = true;
    if (this.#frame || !this.isConnected) return;
    this.#unwatch();
    const frame = document.createElement("iframe");
    frame.name = SHARED;
    frame.title = this.#title.textContent;
    frame.allow = "clipboard-write";
    frame.setAttribute("part", "frame");
    frame.addEventListener("load", () => this.#expect());
    this.#frame = frame;
    this.#readdress();
    // The picture stays until the lab is there.
    this.#poster.dataset.opens = "";
    this.#poster.before(frame);
  }

  /**
   * Lets the live model write, in the lab if that is the Sample lab: an async iterable of tokens; `await` it for the text.
   * Stops when the loop is left.
   */
  generate(prompt?: string, options: GenerateOptions = {}): AsyncIterable<Token> & PromiseLike<string> {
    const asked = prompt === undefined ? options : { ...options, prompt };
    return this.#act<Token>((call) => ({ type: "generate", call, options: asked }));
  }

  /** Trains a model from the lab's settings or from your own text: an async iterable of steps; `await` it for how it ended. */
  train(options: TrainOptions = {}): AsyncIterable<Step> & PromiseLike<string> {
    return this.#act<Step>((call) => ({ type: "train", call, options: { ...options } }));
  }

  #act<E>(message: (call: number) => Asks): AsyncIterable<E> & PromiseLike<string> {
    this.open();
    this.#isAsked = true;
    const asked = this.#calls.open<E>(message, this.#ready.promise);
    if (this.#broken) this.#calls.fail(null, this.#broken);
    return asked;
  }

  // ---------- the core ----------

  /** Returns whether the core changed. */
  #join(core: Core | null): boolean {
    if (core === this.#core || (core && !this.isConnected)) return false;
    this.#leaveCore();
    this.#core = core;
    this.#leaveCore = core?.join((message, ports) => this.#say(message, ports)) ?? (() => {});
    return true;
  }

  /** The model it names, as in its address. */
  #model(): string {
    return new URLSearchParams(this.#hash().slice(1)).get("model") ?? "none";
  }

  // ---------- the frame ----------

  #say(message: ToFrame, ports: MessagePort[] = []): void {
    this.#frame?.contentWindow?.postMessage(marked(message), ORIGIN, ports);
  }

  /** A page that loads soon sends a message; a blocked or missing one never does, and browsers do not report it. */
  #expect(): void {
    clearTimeout(this.#silence);
    if (!this.#isHeard) this.#silence = setTimeout(() => this.#giveUp(), PATIENCE);
  }

  /** Shows the poster again, so that the reader can retry. */
  #giveUp(): void {
    this.#frame?.replaceWith(this.#poster);
    this.#frame = null;
    delete this.#poster.dataset.opens;
    this.#isWanted = false;
    this.#note.textContent = words(this.#lang(), null).silent;
    const address = new URL(/* @vite-ignore */ "./embed.html", import.meta.url).href;
    const remedy = `See whether that address opens, and whether this page's Content-Security-Policy allows frame-src ${ORIGIN}.`;
    const error = scriptError("labSilent", `The lab's page did not answer: ${address}.`, remedy, { address });
    this.#calls.fail(null, error);
    this.#tell("error", error);
  }

  /** The frame loads the lab with the current attributes. */
  #readdress(): void {
    this.#isHeard = false;
    this.#isReady = false;
    this.#broken = null;
    this.#addressed = this.#hash();
    const address = new URL(/* @vite-ignore */ `./embed.html${this.#addressed}`, import.meta.url).href;
    if (this.#frame && this.#frame.src !== address) this.#frame.src = address;
  }

  #hear(message: FromFrame): void {
    this.#isHeard = true;
    clearTimeout(this.#silence);
    if (message.type === "wantCore") {
      this.#say({ type: "look", look: this.#look() });
      this.#say({ type: "sharers", others: this.#core?.others ?? 0 });
      this.#core?.port((ports) => this.#say({ type: "core" }, ports));
      // The attributes may have changed before anything listened.
      if (this.#addressed !== this.#hash()) this.#sayState(null);
      this.#addressed = this.#hash();
    } else if (message.type === "restartCore") this.#core?.restart();
    else if (message.type === "height") {
      this.#wanted = message.pixels;
      this.#fit(false);
    } else if (message.type === "ready") {
      const { model, step, device } = message;
      this.#ready.resolve();
      this.#isReady = true;
      this.#broken = null;
      this.#poster.remove();
      this.#tell("ready", { model, step, device });
    } else if (message.type === "tokens") this.#each("token", message.call, message.tokens);
    else if (message.type === "steps") this.#each("step", message.call, message.steps);
    else if (message.type === "end") this.#calls.end(message.call, message.value);
    else {
      if (message.call === null && !this.#isReady) this.#broken = message.error;
      this.#calls.fail(message.call, message.error);
      this.#tell("error", message.error);
    }
  }

  #each(name: "token" | "step", call: number | null, items: (Token | Step)[]): void {
    this.#calls.push(call, items);
    for (const item of items) this.#tell(name, item);
  }

  #tell(name: string, detail: unknown): void {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }

  /** The address made from the attributes; the state's own keys come first, so that no state overrides an attribute. */
  #hash(): string {
    const asked = new URLSearchParams((this.getAttribute("state") ?? "").replace(/^#/, ""));
    const lab = this.getAttribute("lab") ?? asked.get("lab") ?? "sample";
    asked.set("lab", lab);
    asked.set("lang", this.#lang());
    for (const name of ["model", "hide"] as const) {
      const value = this.getAttribute(name);
      if (value !== null) asked.set(name, value);
    }
    if (!asked.has("model") && !NEED_MODEL.includes(lab)) asked.set("model", "none");
    const theme = this.#theme();
    if (theme) asked.set("theme", theme);
    return `#${asked}`;
  }

  /** A framework may have set properties before this file loaded. */
  #upgrade(): void {
    for (const name of NAMES) {
      if (name === "lang" || !Object.hasOwn(this, name)) continue;
      const value = this[name as keyof this];
      delete this[name as keyof this];
      this[name as keyof this] = value;
    }
  }

  // ---------- the look ----------

  #build(): void {
    const root = this.attachShadow({ mode: "open" });
    this.#sheet = new CSSStyleSheet();
    root.adoptedStyleSheets = [this.#sheet];
    const slot = document.createElement("slot");
    slot.name = "poster";
    slot.append(this.#title);
    this.#button.type = "button";
    this.#button.addEventListener("click", () => {
      this.open();
      // The button is gone, and its lab goes on from here.
      this.#frame?.focus();
    });
    this.#note.setAttribute("role", "status");
    const parts = { poster: this.#poster, title: this.#title, note: this.#note, button: this.#button };
    for (const [part, element] of Object.entries(parts)) element.setAttribute("part", part);
    this.#poster.append(slot, this.#note, this.#button);
    root.append(this.#poster);
  }

  /** In the lab's language, by its kind. */
  #name(): void {
    const { title, open } = words(this.#lang(), this.getAttribute("lab"));
    this.#title.textContent = title;
    this.#button.textContent = open;
    if (this.#frame) this.#frame.title = title;
    this.#draw();
  }

  /** The figure's picture, in a frame since a strict page shows nothing else of ours; not where the page has a poster of its own. */
  #draw(): void {
    const lab = this.getAttribute("lab") ?? "sample";
    if (this.#frame || this.getAttribute("reveal") !== "manual" || lab === "lessons" || this.querySelector('[slot="poster"]')) return;
    const picture = this.#picture ?? document.createElement("iframe");
    const attributes = { part: "picture", title: this.#title.textContent, loading: "lazy", tabindex: "-1", "aria-hidden": "true" };
    for (const [name, value] of Object.entries(attributes)) picture.setAttribute(name, value);
    const address = new URL(/* @vite-ignore */ `./posters/${encodeURIComponent(lab)}.svg`, import.meta.url).href;
    if (picture.src !== address) picture.src = address;
    if (!this.#picture) this.#poster.prepend(picture);
    this.#picture = picture;
  }

  /** Reserves the lab's place, by its kind and the column's width, so that the text after it does not jump. */
  #reserve(): void {
    const asked = Number(this.getAttribute("height"));
    const height = asked > 0 && asked < MOST_HEIGHT ? asked : heightFor(this.getAttribute("lab"), this.offsetWidth);
    this.#sheet?.replaceSync(`${css}\n:host { --height: ${Math.round(height)}px; }`);
  }

  /**
   * The frame takes the lab's height where that moves nothing in view: while its end stays below the viewport, or is above it. In view it only
   * grows, smoothly, once the reader or the page uses the lab. `anyway`: the page is laid out anew in any case.
   */
  #fit(anyway: boolean): void {
    const [frame, wanted] = [this.#frame, this.#wanted];
    if (!frame || wanted === 0 || wanted === frame.offsetHeight) return;
    const { top, bottom } = frame.getBoundingClientRect();
    const isUnseen = Math.min(bottom, top + wanted) >= innerHeight || bottom <= 0;
    const isUsed = this.#isAsked || this.shadowRoot?.activeElement === frame;
    if (!isUnseen && !anyway && !(isUsed && wanted > frame.offsetHeight)) return;
    frame.toggleAttribute("data-used", !isUnseen && !anyway);
    frame.style.height = `${wanted}px`;
  }

  /** What could not move in view moves when it is out of it. */
  #watchPlace(): () => void {
    const scrolled = () => this.#fit(false);
    const resized = () => {
      if (!this.#frame) this.#reserve();
      this.#fit(true);
    };
    addEventListener("scroll", scrolled, { passive: true, capture: true });
    addEventListener("resize", resized);
    return () => {
      removeEventListener("scroll", scrolled, { capture: true });
      removeEventListener("resize", resized);
    };
  }

  /** Its own language, the host page's, or the reader's. */
  #lang(): string {
    for (let from: Element | undefined = this; from; from = (from.getRootNode() as Partial<ShadowRoot>).host) {
      const said = from.closest("[lang]:not([lang=''])")?.getAttribute("lang");
      if (said) return said;
    }
    return navigator.language;
  }

  /** The element's own setting, or the color scheme of its surroundings. */
  #theme(): string | null {
    const own = this.getAttribute("theme");
    if (own === "light" || own === "dark") return own;
    const scheme = getComputedStyle(this).colorScheme;
    return scheme === "light" || scheme === "dark" ? scheme : null;
  }

  #look(): Look {
    const style = getComputedStyle(this);
    const values = PROPERTIES.map((name) => [name, style.getPropertyValue(`--tadpole-${name}`).trim()] as const);
    return Object.fromEntries(values.filter(([, value]) => value !== ""));
  }

  /** A page changes its look by a class or attribute of its root or body, or with the system. */
  #watchLook(): () => void {
    const change = () => {
      if (!this.#frame) return;
      this.#say({ type: "look", look: this.#look() });
      this.#sayState(["theme", "lang"]);
    };
    const observer = new MutationObserver(change);
    for (const root of [document.documentElement, document.body])
      observer.observe(root, { attributeFilter: ["class", "style", "data-theme"] });
    const dark = matchMedia("(prefers-color-scheme: dark)");
    dark.addEventListener("change", change);
    return () => {
      observer.disconnect();
      dark.removeEventListener("change", change);
    };
  }

  /** Unless it waits for a press. */
  #revealWhenNear(): void {
    this.#unwatch();
    if (this.#frame || !this.isConnected || this.getAttribute("reveal") === "manual") return;
    const observer = new IntersectionObserver(
      (entries) => {
        if (entries.some(({ isIntersecting }) => isIntersecting)) this.open();
      },
      { rootMargin: NEAR },
    );
    observer.observe(this);
    this.#unwatch = () => observer.disconnect();
  }
}

for (const name of NAMES.filter((each) => each !== "lang")) {
  Object.defineProperty(TadpoleLab.prototype, name, {
    get(this: TadpoleLab) {
      return this.getAttribute(name) ?? "";
    },
    set(this: TadpoleLab, value: unknown) {
      if (value === null || value === undefined) this.removeAttribute(name);
      else this.setAttribute(name, String(value));
    },
  });
}

// Two posts on one page may both load this file.
if (globalThis.customElements && !customElements.get("tadpole-lab")) customElements.define("tadpole-lab", TadpoleLab);
