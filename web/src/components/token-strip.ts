// Tokens as coloured chips, for texts of any length: chips are made in blocks, and only the blocks near the viewport exist, between two
// spacers for the rest. Hover, click and arrow keys pick a token; strips over the same tokens share `current`.
import { html, type PropertyValues } from "lit";
import { onResize } from "./resized.ts";
import { drawPieces, isUnfinished, piecesOf } from "./token-pieces.ts";
import { hex, tokenHue, wholeText } from "./token-text.ts";
import { View } from "./view.ts";

export interface TokenSource {
  length: number;
  id(index: number): number;
  bytes(index: number): ArrayLike<number>;
  /** Two sources of one series begin alike; the longer one continues where the other ended. */
  series?: object;
}

/** 0..1 for each token: a shade that replaces its colour. */
export type Shade = (index: number) => number;

export type StripMode = "text" | "ids" | "bytes";

const BLOCK = 400;
/** Block size for a long source, where a strip has less time; lines break between blocks, so they are no smaller. */
const SMALL_BLOCK = 128;
/** A source with this many tokens is long. */
const LONG = 4_000;
/** How far outside the viewport a block already exists, in pixels. */
const NEAR = 120;
/** A block's height before any is measured. */
const GUESS = 100;

export class TokenStrip extends View {
  static override properties = {
    source: { attribute: false },
    mode: { attribute: false },
    shade: { attribute: false },
    current: { attribute: false },
    label: { attribute: false },
    name: { attribute: false },
    marked: { attribute: false },
    made: { attribute: false },
  };
  declare source: TokenSource;
  declare mode: StripMode;
  /** A new function reshades the existing tokens. */
  declare shade: Shade | null;
  /** The picked token's index, -1 for none. */
  declare current: number;
  declare label: string;
  /** Its test id; empty for the default of its mode. */
  declare name: string;
  /** First and last of the tokens that correspond to one elsewhere. */
  declare marked: readonly [from: number, to: number] | null;
  /** Tokens with this id stand out; -1 for none. */
  declare made: number;
  /** The existing blocks; `#first` is the index of the first one. */
  #blocks: HTMLElement[] = [];
  #first = 0;
  /** Tokens per block. */
  #per = BLOCK;
  /** Measured heights by index, and the estimate for the others. */
  #heights: number[] = [];
  #guess = GUESS;
  #guessed = false;
  #size: ResizeObserver | null = null;
  /** While a layout waits: what to scroll into view after it. */
  #later: ReturnType<typeof setTimeout> | undefined;
  #asked = -1;
  #picked: Element[] = [];
  #touched: Element[] = [];

  constructor() {
    super();
    this.source = { length: 0, id: () => 0, bytes: () => new Uint8Array() };
    this.mode = "text";
    this.shade = null;
    this.current = -1;
    this.label = "";
    this.name = "";
    this.marked = null;
    this.made = -1;
  }

  protected override render() {
    return html`<div
      class="strip strip-${this.mode}"
      role="group"
      tabindex="0"
      aria-label=${this.label}
      data-testid=${this.name || `strip-${this.mode}`}
      @pointerover=${this.#hover}
      @click=${this.#click}
      @keydown=${this.#key}
      @scroll=${this.#look}
    ><div></div><div></div></div>`;
  }

  protected override updated(changed: PropertyValues): void {
    if (changed.has("mode") || !this.#size) this.#layOut(null);
    else if (changed.has("source")) this.#take(changed.get("source") as TokenSource);
    if (changed.has("shade") || changed.has("made")) this.#tintAll();
    this.#mark();
  }

  #tintAll(): void {
    const { shade, made, source } = this;
    for (const chip of this.querySelectorAll<HTMLElement>("[data-i]")) {
      const index = Number(chip.dataset.i);
      chip.classList.toggle("shaded", shade !== null);
      chip.classList.toggle("made", made >= 0 && source.id(index) === made);
      this.#colour(chip, index);
    }
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#size?.disconnect();
    this.#size = null;
    clearTimeout(this.#later);
    this.#later = undefined;
  }

  /** Brings a token into view. */
  reveal(index: number): void {
    this.#asked = this.#later === undefined ? -1 : index;
    if (this.#asked >= 0) return;
    const at = Math.floor(index / this.#per);
    const box = this.#box;
    if (!box || index < 0 || index >= this.source.length) return;
    if (!this.#blocks[at - this.#first]) {
      box.scrollTop = this.#sum(0, at);
      this.#place();
    }
    const chip = this.#chips(index, index)[0];
    if (!chip) return;
    const [view, place] = [box.getBoundingClientRect(), chip.getBoundingClientRect()];
    if (place.top < view.top || place.bottom > view.bottom) box.scrollTop += place.top - view.top - view.height / 2;
    this.#look();
  }

  get #box(): HTMLElement | null {
    return this.firstElementChild as HTMLElement | null;
  }

  get #count(): number {
    return Math.ceil(this.source.length / this.#per);
  }

  /** Several strips of a long text are laid out one after the other, yielding in between. */
  #take(before: TokenSource): void {
    clearTimeout(this.#later);
    this.#later = undefined;
    if (this.source.series || this.source.length < LONG) {
      this.#layOut(before);
      return;
    }
    this.#later = setTimeout(() => {
      this.#later = undefined;
      this.#layOut(null);
      this.#mark();
      this.reveal(this.#asked);
    });
  }

  /** Lays out what differs from the previous source: a source of the same series only adds to it. */
  #layOut(before: TokenSource | null): void {
    if (!this.#size && this.#box) {
      this.#size = onResize(this.#resized);
      this.#size.observe(this.#box);
    }
    const grows = before?.series !== undefined && before.series === this.source.series;
    const from = grows ? endOf(before) : 0;
    if (!grows) this.#resize(this.source.series || this.source.length < LONG ? BLOCK : SMALL_BLOCK);
    const changed = Math.floor(from / this.#per);
    this.#heights.length = Math.min(this.#heights.length, changed);
    this.#guessed &&= changed > 0;
    for (const block of this.#blocks.splice(Math.max(0, this.#count - this.#first))) block.remove();
    this.#blocks.forEach((block, at) => {
      if (this.#first + at >= changed) this.#write(block, from);
    });
    this.#place();
  }

  /** With a new block size all blocks are new. */
  #resize(per: number): void {
    if (per === this.#per) return;
    for (const block of this.#blocks) block.remove();
    this.#blocks = [];
    this.#first = 0;
    this.#per = per;
  }

  #look = (): void => {
    this.#place();
    this.#mark();
  };

  /** A new width breaks lines elsewhere. */
  #resized = (): void => {
    this.#heights = [];
    this.#guessed = false;
    this.#look();
  };

  /** Makes the blocks near the viewport exist. A block that is lower than estimated makes room for another. */
  #place(): void {
    const box = this.#box;
    if (!box) return;
    for (let turn = 0; turn < 4; turn += 1) {
      const [from, to] = this.#near(box.scrollTop - NEAR, box.scrollTop + (box.clientHeight || GUESS) + NEAR);
      const settled = turn > 0 && from === this.#first && to === from + this.#blocks.length;
      if (settled) return;
      this.#swap(box, from, to);
      this.#measure();
      this.#pad(box);
    }
  }

  /** The blocks between two heights, as a half-open range; at least one if there are any. */
  #near(top: number, bottom: number): [from: number, to: number] {
    const count = this.#count;
    let [from, end] = [0, this.#height(0)];
    while (from < count - 1 && end < top) {
      from += 1;
      end += this.#height(from);
    }
    let to = Math.min(count, from + 1);
    while (to < count && end < bottom) {
      end += this.#height(to);
      to += 1;
    }
    return [from, to];
  }

  #height(at: number): number {
    return this.#heights[at] ?? this.#guess;
  }

  #sum(from: number, to: number): number {
    let sum = 0;
    for (let at = from; at < to; at += 1) sum += this.#height(at);
    return sum;
  }

  /** Removes blocks outside the range and creates the missing ones. */
  #swap(box: HTMLElement, from: number, to: number): void {
    const kept = new Map(this.#blocks.map((block, at) => [this.#first + at, block]));
    for (const [at, block] of kept) if (at < from || at >= to) block.remove();
    this.#blocks = [];
    this.#first = from;
    for (let at = from; at < to; at += 1) {
      const block = kept.get(at) ?? newBlock(at, this.#per);
      if (!block.isConnected) {
        this.#write(block, 0);
        const before = this.#blocks.at(-1) ?? box.firstElementChild;
        before?.after(block);
      }
      this.#blocks.push(block);
    }
  }

  #measure(): void {
    this.#blocks.forEach((block, at) => {
      const height = block.offsetHeight;
      if (height > 0) this.#heights[this.#first + at] = height;
    });
    // The best estimate comes from an existing block, and only once, or everything above would move; only whole blocks count.
    const whole = this.#heights[this.#first];
    if (this.#guessed || !whole || this.#count <= this.#first + 1) return;
    this.#guess = whole;
    this.#guessed = true;
  }

  #pad(box: HTMLElement): void {
    const [above, below] = [box.firstElementChild, box.lastElementChild] as (HTMLElement | null)[];
    if (above) above.style.height = `${this.#sum(0, this.#first)}px`;
    if (below) below.style.height = `${this.#sum(this.#first + this.#blocks.length, this.#count)}px`;
  }

  /** The block's chips from this token on; earlier ones exist already. */
  #write(block: HTMLElement, from: number): void {
    const start = Number(block.dataset.start);
    const chips = document.createDocumentFragment();
    for (let index = Math.max(start, from); index < Math.min(start + this.#per, this.source.length); index += 1) {
      const chip = this.#chip(index);
      // No line breaks within a character.
      chips.append(chip, document.createElement(chip.classList.contains("goes-on-right") ? "i" : "wbr"));
    }
    const kept = 2 * Math.max(0, from - start);
    if (kept === 0) block.replaceChildren();
    while (block.childNodes.length > kept) block.lastChild?.remove();
    block.append(chips);
  }

  #chip(index: number): HTMLElement {
    const chip = document.createElement("span");
    chip.dataset.i = String(index);
    const look = this.#fill(chip, index);
    const { shade, made, source } = this;
    // One string, because a strip makes hundreds of chips at once.
    chip.className = `tok${look}${shade ? " shaded" : ""}${made >= 0 && source.id(index) === made ? " made" : ""}`;
    this.#colour(chip, index);
    return chip;
  }

  #colour(chip: HTMLElement, index: number): void {
    if (this.shade) chip.style.setProperty("--shade-of", this.shade(index).toFixed(3));
    else chip.style.setProperty("--hue", String(tokenHue(this.source.id(index))));
  }

  /** Fills a chip; returns the classes for it. */
  #fill(chip: HTMLElement, index: number): string {
    if (this.mode === "text") return drawPieces(chip, piecesOf(this.source, index), { breaks: true });
    const bytes = this.source.bytes(index);
    chip.textContent = this.mode === "ids" ? String(this.source.id(index)) : hex(bytes);
    return this.mode === "bytes" && wholeText(bytes) === null ? " partial" : "";
  }

  #mark(): void {
    const { current, marked } = this;
    this.#picked = swap(this.#picked, this.#chips(current, current), "current");
    this.#touched = swap(this.#touched, marked ? this.#chips(marked[0], marked[1]) : [], "touched");
  }

  /** The chips of these tokens, as far as they exist. */
  #chips(from: number, to: number): Element[] {
    const found: Element[] = [];
    for (let index = Math.max(0, from); index <= to; index += 1) {
      // Each token has a chip and a break opportunity.
      const chip = this.#blocks[Math.floor(index / this.#per) - this.#first]?.children[2 * (index % this.#per)];
      if (chip) found.push(chip);
    }
    return found;
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

/** The first token that may look different when more tokens come: an incomplete character waits for its end. */
function endOf(source: TokenSource): number {
  let end = source.length;
  while (end > 0 && source.length - end < 3 && isUnfinished(source, end - 1)) end -= 1;
  return end;
}

/** Removes a class from some elements and adds it to others. */
function swap(before: Element[], now: Element[], name: string): Element[] {
  for (const each of before) each.classList.remove(name);
  for (const each of now) each.classList.add(name);
  return now;
}

function newBlock(at: number, per: number): HTMLElement {
  const block = document.createElement("div");
  block.className = "block";
  block.dataset.start = String(at * per);
  return block;
}

customElements.define("tp-token-strip", TokenStrip);
