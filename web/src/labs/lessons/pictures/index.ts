// The cards' pictures. Each is computed when its card is in sight and the core has nothing else to do, one after another, and kept for this visit
// by model, step and language. While a model trains or the page writes they wait.
import { computed, effect, signal, untracked } from "@preact/signals-core";
import { html, nothing } from "lit";
import { View } from "../../../components/view.ts";
import { fill, short, whole } from "../../../i18n/index.ts";
import { atHand, isSettled, liveModel } from "../../../models.ts";
import * as run from "../../../run.ts";
import { model, modelVersion, phase, shippedAs } from "../../../session.ts";
import { lang } from "../../../settings.ts";
import { LESSONS, type LessonId } from "../list.ts";
import { texts } from "../texts.ts";
import { pictureOf, Unwanted } from "./compute.ts";
import { draw } from "./draw.ts";
import type { Picture } from "./picture.ts";

/** Milliseconds between two looks at whether the core is at rest. */
const RESTING_MS = 150;
/** A browser that is never idle is asked this long. */
const IDLE_MS = 2_000;
/** Pictures kept; the oldest go first. */
const KEPT = 200;

interface Shown extends Picture {
  /** Of which model, step and language. */
  of: string;
  by: string;
}

const kept = new Map<string, Shown>();
const shown = signal<ReadonlyMap<LessonId, Shown>>(new Map());
/** Cards in sight, by lesson. */
const inSight = new Set<LessonId>();

/** Which model's pictures are wanted; a model of one's own has no name, but each opening of it has a number. */
const wanted = computed(() => `${lang.value} ${shippedAs.value ?? `own ${modelVersion.value}`} ${model.value?.step}`);
const isAtRest = computed(
  () =>
    isSettled.value && phase.value === "ready" && model.value !== null && !["running", "preparing", "pausing"].includes(run.status.value),
);

/** Whatever on the first page is being written comes first; it says so. */
const writes = (): boolean => document.querySelector('.lessons [aria-busy="true"]') !== null;

// ---------- one after another ----------

let works = false;

async function work(): Promise<void> {
  if (works) return;
  works = true;
  try {
    for (let id = next(); id !== null; id = next()) if (await rested()) await make(id);
  } catch {
    // The core is gone, which the page itself says; a new one is asked again.
  } finally {
    works = false;
  }
}

/** The first card in sight whose picture is not of this model. */
function next(): LessonId | null {
  if (!isAtRest.peek()) return null;
  const is = wanted.peek();
  for (const { id } of LESSONS) {
    const before = kept.get(`${id} ${is}`);
    if (before) show(id, before);
    else if (inSight.has(id)) return id;
  }
  return null;
}

/** Waits until the page is idle and nothing is written; false if the core was put to work meanwhile. */
async function rested(): Promise<boolean> {
  do await new Promise<void>((idle) => setTimeout(() => requestIdle(idle), RESTING_MS));
  while (writes() && inSight.size > 0);
  return isAtRest.peek();
}

function requestIdle(act: () => void): void {
  if (typeof requestIdleCallback === "function") requestIdleCallback(act, { timeout: IDLE_MS });
  else setTimeout(act);
}

async function make(id: LessonId): Promise<void> {
  const [of, info] = [wanted.peek(), model.peek()];
  if (!info || !inSight.has(id)) return;
  const isWanted = () => wanted.peek() === of && isAtRest.peek() && inSight.has(id) && !writes();
  const by = fill(texts().pictures.by, { name: nameNow(), n: short(info.parameters) });
  const picture = await pictureOf(id, info, isWanted).catch((thrown) => {
    if (thrown instanceof Unwanted) return null;
    throw thrown;
  });
  // Another model may have come meanwhile, and answered.
  if (!picture || wanted.peek() !== of) return;
  const made = { ...picture, of, by };
  kept.set(`${id} ${of}`, made);
  for (const oldest of kept.keys()) {
    if (kept.size <= KEPT) break;
    kept.delete(oldest);
  }
  show(id, made);
}

function show(id: LessonId, picture: Shown): void {
  if (shown.peek().get(id) !== picture) shown.value = new Map(shown.peek()).set(id, picture);
}

/** The live model; with its step if it has not grown up, or is the reader's own. */
function nameNow(): string {
  const [name, step] = [liveModel(), model.peek()?.step ?? 0];
  return atHand.peek()?.steps.at(-1) === step ? name : fill(texts().atStep, { name, n: whole(step) });
}

/** Keeps the pictures of the cards in sight up to date; returns the function that ends it. */
export function follow(): () => void {
  return effect(() => {
    void wanted.value;
    if (isAtRest.value) untracked(() => void work());
  });
}

// ---------- a card's picture ----------

const sight = new IntersectionObserver(
  (entries) => {
    for (const { target, isIntersecting } of entries) {
      const { lesson } = target as CardPicture;
      if (isIntersecting) inSight.add(lesson);
      else inSight.delete(lesson);
    }
    void work();
  },
  { rootMargin: "100px" },
);

export class CardPicture extends View {
  static override properties = { lesson: { attribute: false } };
  declare lesson: LessonId;

  protected override firstUpdated(): void {
    sight.observe(this);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    if (this.hasUpdated) sight.observe(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    sight.unobserve(this);
    inSight.delete(this.lesson);
  }

  protected override render() {
    const picture = shown.value.get(this.lesson);
    // Of the other language it would be read wrongly.
    if (!picture?.of.startsWith(`${lang.value} `)) return nothing;
    const isDrawn = picture.shape.kind !== "none";
    return html`<figure data-testid="picture-${this.lesson}" data-kind=${picture.shape.kind} data-of=${picture.of}>
      ${isDrawn ? html`<div class="card-drawn" role="img" aria-label=${`${picture.caption}: ${picture.words}`}>${draw(picture.shape)}</div>` : nothing}
      <figcaption><span class="card-says">${picture.caption}</span> ${picture.by}</figcaption>
    </figure>`;
  }
}
customElements.define("tp-card-picture", CardPicture);
