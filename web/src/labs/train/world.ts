// The made world as a corpus: its contents, its size, and its seed.
import { html, nothing } from "lit";
import "../../components/slider-field.ts";
import { choiceField, numberField } from "../../components/fields.ts";
import { t } from "../../i18n/index.ts";
import type { Mix } from "../../worker/protocol.ts";
import { TASKS, texts as worldTexts } from "../world/texts.ts";
import { drawing, setExtent, setMix } from "./corpora.ts";
import { texts } from "./texts.ts";

const KINDS = ["stories", "facts", "arithmetic", "tasks", "passages", "chat"] as const;
const MOST = 10;

export function worldPart() {
  if (!drawing.value) return nothing;
  const { mix, mib, seed } = drawing.value;
  const mine = texts();
  const all = ["", mine.allKinds] as const;
  // The passage changes the questions, not the documents.
  const tasks = TASKS.filter((task) => task !== "noPassage");
  return html`<details class="more" open>
    <summary>${mine.world}</summary>
    ${choiceField({
      name: "mix-only",
      label: mine.only,
      value: mix.only ?? "",
      options: [all, ...tasks.map((task) => [task, worldTexts().tasks[task]] as const)],
      change: (value) => setMix("only", value || null),
    })}
    ${mix.only ? nothing : KINDS.map((kind) => slider(mix, kind, MOST))} ${slider(mix, "chinese", 1)}
    <div class="grid">
      ${numberField({ name: "world-mib", label: mine.mib, value: mib, change: (value) => setExtent("mib", value) })}
      ${numberField({ name: "world-seed", label: t().fields.seed, value: seed, change: (value) => setExtent("seed", value) })}
    </div>
  </details>`;
}

function slider(mix: Mix, key: (typeof KINDS)[number] | "chinese", max: number) {
  return html`<tp-slider
    .name=${`mix-${key}`}
    .label=${t().world[key]}
    .value=${mix[key]}
    .max=${max}
    .step=${max / 20}
    .inactive=${mix[key] === 0}
    .inactiveText=${t().off}
    @value=${(event: CustomEvent<number>) => setMix(key, event.detail)}
  ></tp-slider>`;
}
