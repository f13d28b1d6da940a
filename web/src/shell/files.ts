// The bar's menu, loaded when first opened. Save and load: a checkpoint as one file, files in Hugging Face's layout, in and out, the runs
// that this browser keeps, and the models that come with the page.
import { signal } from "@preact/signals-core";
import { html, nothing } from "lit";
import "../components/drop-zone.ts";
import "../components/notice.ts";
import { switchField } from "../components/fields.ts";
import { download, failure, readFile } from "../corpus.ts";
import { errorText, fill, size, t } from "../i18n/index.ts";
import { isOpening, openShipped, SHIPPED, type Shipped } from "../models.ts";
import { client, device, model, phase } from "../session.ts";
import { openBrought } from "../share/opened.ts";
import { saveFile } from "../share/saved.ts";
import { coreError } from "../worker/client.ts";
import type { CoreError } from "../worker/protocol.ts";
import { offlinePart } from "./offline.ts";
import { runsPart } from "./runs.ts";
import { texts } from "./texts.ts";

/** Copies of a file in memory while it opens: the page's, the core's, and the model made from it. */
const COPIES = 3;

const error = signal<CoreError | null>(null);
const said = signal("");
const withCorpus = signal(true);

async function attempt(work: () => Promise<void>): Promise<void> {
  error.value = null;
  said.value = "";
  try {
    await work();
  } catch (thrown) {
    error.value = coreError(thrown);
    // If the menu is longer than the screen.
    requestAnimationFrame(() => document.querySelector(".menu .panel tp-notice")?.scrollIntoView({ block: "center" }));
  }
}

const save = () =>
  attempt(async () => {
    const corpus = withCorpus.value && (model.value?.corpus?.attached ?? false);
    await saveFile(corpus);
  });

const exportHf = () =>
  attempt(async () => {
    for (const file of await client().call("exportHuggingFace", {})) download(file.name, file.bytes);
  });

/** Refuses files that do not fit into the core together, before reading any; the core counts what they hold. Returns the largest size. */
function roomFor(files: File[]): number {
  const limit = device.value?.memoryLimit ?? Number.POSITIVE_INFINITY;
  const needed = COPIES * files.reduce((sum, file) => sum + file.size, 0);
  if (needed > limit) throw failure("fileDoesNotFit", { needed: size(needed), limit: size(limit) });
  return limit / COPIES;
}

/** One file is a checkpoint; several are Hugging Face's. */
function open(files: File[]): Promise<void> {
  return attempt(async () => {
    const limit = roomFor(files);
    const read = await Promise.all(files.map(async (file) => ({ name: file.name, bytes: await readFile(file, limit) })));
    const [first] = read;
    if (!first) return;
    const foreign = read.length > 1;
    const load = () => (foreign ? client().call("importHuggingFace", { files: read }) : client().call("load", { file: first.bytes }));
    const weights = files.find(({ name }) => name.endsWith(".safetensors")) ?? files[0];
    if (!(await openBrought(weights?.name ?? first.name, load))) return;
    said.value = fill(texts().loaded, { name: files.map((file) => file.name).join(", ") });
  });
}

/** A model that comes with the page; the bar has its earlier steps. */
function shipped(of: Shipped) {
  const { name, bytes, steps } = of;
  const open = () =>
    attempt(async () => {
      if (await openShipped(of, steps.at(-1) ?? 0)) said.value = fill(texts().loaded, { name });
    });
  return html`<button data-testid="open-shipped-${name}" ?disabled=${phase.value !== "ready" || isOpening.value} @click=${open}>
    ${fill(t().bar.open, { name, size: size(bytes) })}
  </button>`;
}

export function fileParts() {
  const mine = texts();
  const none = !model.value || phase.value !== "ready";
  return html`
      <button class="primary" data-testid="save" ?disabled=${none} @click=${save}>${mine.save}</button>
      ${switchField({
        name: "with-corpus",
        label: mine.withCorpus,
        value: withCorpus.value,
        disabled: none,
        change: (value) => {
          withCorpus.value = value;
        },
      })}
      <button data-testid="export-hf" ?disabled=${none} @click=${exportHf}>${mine.exportHf}</button>
      <p class="hint">${mine.exportHint}</p>
      <tp-drop-zone
        .name=${"checkpoint"}
        .label=${mine.load}
        .multiple=${true}
        @files=${(event: CustomEvent<File[]>) => void open(event.detail)}
      ></tp-drop-zone>
      ${notice()}
      <p role="status" data-testid="loaded">${said.value}</p>
      ${runsPart(attempt)}
      <h2>${mine.shipped}</h2>
      ${SHIPPED.map(shipped)} ${offlinePart()}`;
}

function notice() {
  if (!error.value) return nothing;
  const { message, remedy } = errorText(error.value);
  const dismiss = () => {
    error.value = null;
  };
  return html`<tp-notice .message=${message} .remedy=${remedy} .dismiss=${t().dismiss} @dismiss=${dismiss}></tp-notice>`;
}
