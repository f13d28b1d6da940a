// Tokens as coloured chips, for texts of any length: they are laid out in blocks, and only blocks near the viewport hold
// chips. Hover, click and arrow keys pick a token; strips over the same tokens share `current`.
import { html, type PropertyValues } from "lit";
import { hex, tokenHue, tokenText, wholeText } from "./token-text.ts";
import { View } from "./view.ts";

export interface TokenSource {
  length: number;
  id(index: number): number;
  bytes(index: number): ArrayLike<number>;
  /** Two sources of one series begin alike; the longer one goes on where the other ended. */
  series?: object;
}

/** 0..1 for each token, which shades it in place of its colour. */
export type Shade = (index: number) => number;

export type StripMode = "text" | "ids" | "bytes";

const BLOCK = 400;

export class TokenStrip extends View {
  static override properties = {
    source: { attribute: false },
    mode: { attribute: false },
    shade: { attribute: false },
    current: { attribute: false },
    label: { attribute: false },
  };
  declare source: TokenSource;
  declare mode: StripMode;
  /** Another function shades the tokens that are there anew. */
  declare shade: Shade | null;
  /** The picked token's index, -1 for none. */
  declare current: number;
  declare label: string;
  #observer: IntersectionObserver | null = null;
  #blocks: HTMLElement[] = [];
  #marked: Element | null = null;

  constructor() {
    super();
    this.source = { length: 0, id: () => 0, bytes: () => new Uint8Array() };
    this.mode = "text";
    this.shade = null;
    this.current = -1;
    this.label = "";
  }

  protected override render() {
    return html`<div
      class="strip strip-${this.mode}"
      role="group"
      tabindex="0"
      aria-label=${this.label}
      data-testid="strip-${this.mode}"
      @pointerover=${this.#hover}
      @click=${this.#click}
      @keydown=${this.#key}
    ></div>`;
  }

  protected override updated(changed: PropertyValues): void {
    if (changed.has("mode") || !this.#observer) this.#layOut(null);
    else if (changed.has("source")) this.#layOut(changed.get("source") as TokenSource);
    if (changed.has("shade")) for (const chip of this.querySelectorAll<HTMLElement>("[data-i]")) this.#tint(chip);
    this.#mark();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#observer?.disconnect();
    this.#observer = null;
  }

  /** Brings a token into view. */
  reveal(index: number): void {
    const block = this.#blocks[Math.floor(index / BLOCK)];
    if (!block) return;
    this.#fill(block, true);
    const box = this.firstElementChild as HTMLElement;
    const chip = block.querySelector<HTMLElement>(`[data-i="${index}"]`);
    if (!chip) return;
    const [view, at] = [box.getBoundingClientRect(), chip.getBoundingClientRect()];
    if (at.top < view.top || at.bottom > view.bottom) box.scrollTop += at.top - view.top - view.height / 2;
  }

  /** Lays out what differs from the source before: a source of the same series only adds to it. */
  #layOut(before: TokenSource | null): void {
    const grows = before?.series !== undefined && before.series === this.source.series;
    const from = grows ? before.length : 0;
    this.#fit(Math.ceil(this.source.length / BLOCK));
    for (const block of this.#blocks.slice(Math.floor(from / BLOCK))) if (block.hasChildNodes()) this.#write(block, from);
    const first = this.#blocks[0];
    if (!first) return;
    this.#fill(first, true);
    // What a block will need is best guessed from one that is there; only whole blocks tell.
    if (this.#blocks.length > 1) this.style.setProperty("--block-height", `${first.offsetHeight}px`);
  }

  /** As many blocks as there must be; those that are there stay as they are. */
  #fit(count: number): void {
    const observer = this.#observer ?? this.#watch();
    for (const block of this.#blocks.splice(count)) {
      observer.unobserve(block);
      block.remove();
    }
    const fresh: HTMLElement[] = [];
    for (let at = this.#blocks.length; at < count; at += 1) fresh.push(newBlock(at));
    this.firstElementChild?.append(...fresh);
    for (const block of fresh) observer.observe(block);
    this.#blocks.push(...fresh);
  }

  #watch(): IntersectionObserver {
    const options = { root: this.firstElementChild, rootMargin: "300px 0px" };
    this.#observer = new IntersectionObserver((seen) => this.#seen(seen), options);
    for (const block of this.#blocks) this.#observer.observe(block);
    return this.#observer;
  }

  #seen(entries: IntersectionObserverEntry[]): void {
    for (const entry of entries) this.#fill(entry.target as HTMLElement, entry.isIntersecting);
    this.#mark();
  }

  /** Chips for a block that is near; a box of the same height for one that went away. */
  #fill(block: HTMLElement, near: boolean): void {
    if (near === block.hasChildNodes()) return;
    if (!near) {
      block.style.minHeight = `${block.offsetHeight}px`;
      block.replaceChildren();
      return;
    }
    this.#write(block, 0);
    block.style.minHeight = "";
  }

  /** The block's chips from this token on; those before it are there already. */
  #write(block: HTMLElement, from: number): void {
    const start = Number(block.dataset.start);
    const chips = document.createDocumentFragment();
    for (let index = Math.max(start, from); index < Math.min(start + BLOCK, this.source.length); index += 1) {
      chips.append(this.#chip(index), document.createElement("wbr"));
    }
    if (from > start) block.append(chips);
    else block.replaceChildren(chips);
  }

  #chip(index: number): HTMLElement {
    const chip = document.createElement("span");
    const { text, partial } = this.#show(index);
    chip.className = partial ? "tok partial" : "tok";
    chip.dataset.i = String(index);
    chip.textContent = text;
    this.#tint(chip);
    return chip;
  }

  #tint(chip: HTMLElement): void {
    const index = Number(chip.dataset.i);
    chip.classList.toggle("shaded", this.shade !== null);
    if (this.shade) chip.style.setProperty("--shade-of", this.shade(index).toFixed(3));
    else chip.style.setProperty("--hue", String(tokenHue(this.source.id(index))));
  }

  #show(index: number): { text: string; partial: boolean } {
    if (this.mode === "ids") return { text: String(this.source.id(index)), partial: false };
    const bytes = this.source.bytes(index);
    if (this.mode === "bytes") return { text: hex(bytes), partial: wholeText(bytes) === null };
    const { text, partial } = tokenText(bytes);
    return { text: partial ? text : text.replaceAll("⏎", "⏎\n"), partial };
  }

  #mark(): void {
    const chip = this.querySelector(`[data-i="${this.current}"]`);
    if (chip === this.#marked) return;
    this.#marked?.classList.remove("current");
    chip?.classList.add("current");
    this.#marked = chip;
  }

  #indexOf(event: Event): number {
    const chip = (event.target as Element).closest<HTMLElement>("[data-i]");
    return chip ? Number(chip.dataset.i) : -1;
  }

  #hover = (event: Event): void => {
    const index = this.#indexOf(event);
    if (index >= 0 && index !== this.current) this.emit("hover-token", index);
  };

  #click = (event: Event): void => {
    const index = this.#indexOf(event);
    if (index >= 0) this.emit("pick-token", index);
  };

  #key = (event: KeyboardEvent): void => {
    const move = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!move || this.source.length === 0) return;
    event.preventDefault();
    const next = Math.max(0, Math.min(this.source.length - 1, this.current + move));
    this.reveal(next);
    this.emit("pick-token", next);
  };
}
function newBlock(at: number): HTMLElement {
  const block = document.createElement("div");
  block.className = "block";
  block.dataset.start = String(at * BLOCK);
  return block;
}

customElements.define("tp-token-strip", TokenStrip);
