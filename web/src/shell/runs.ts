// The runs that this browser keeps, in the file menu: open one (the previous one stays kept), or delete one for good.
import { signal } from "@preact/signals-core";
import { html, nothing } from "lit";
import { ask } from "../components/dialog.ts";
import { corpusTitle, fill, short, size, whole } from "../i18n/index.ts";
import { fileOfRun, forgetFile } from "../loaded.ts";
import { mayReplace } from "../replace.ts";
import { giveWay, resetToOpened } from "../run.ts";
import { client, keptVersion, phase, setModel } from "../session.ts";
import { LANGUAGES, lang } from "../settings.ts";
import type { KeptRun, Upkeep } from "../worker/protocol.ts";
import { texts } from "./texts.ts";

const kept = signal<Upkeep["runs"]["answer"] | null>(null);
let shownVersion = -1;

/** Refreshes the list when it may have changed. */
async function refreshRuns(): Promise<void> {
  const version = keptVersion.value;
  if (phase.value !== "ready" || version === shownVersion) return;
  shownVersion = version;
  kept.value = await client().upkeep("runs", {});
}

const nameOf = ({ id, name, step }: KeptRun): string =>
  fill(texts().run, { name: fileOfRun(id) ?? (name ? corpusTitle(name) : texts().nameless), n: whole(step) });

async function open({ id }: KeptRun): Promise<void> {
  if (!(await mayReplace())) return;
  giveWay();
  setModel(await client().upkeep("openRun", { run: id }), null);
  await resetToOpened();
  await again();
}

async function forget(run: KeptRun): Promise<void> {
  const mine = texts();
  const answer = await ask(mine.forget, html`<p>${fill(mine.forgetAsk, { run: nameOf(run) })}</p>`, [
    { value: "keep", label: mine.forgetNo },
    { value: "forget", label: mine.forgetYes },
  ]);
  if (answer !== "forget") return;
  await client().upkeep("forgetRun", { run: run.id });
  forgetFile(run.id);
  await again();
}

async function again(): Promise<void> {
  shownVersion = -1;
  await refreshRuns();
}

/** `attempt` shows failures. */
export function runsPart(attempt: (work: () => Promise<void>) => Promise<void>) {
  void keptVersion.value;
  // The whole page reports a core that is gone.
  void refreshRuns().catch(() => {});
  const [mine, there] = [texts(), kept.value];
  if (!there || there.runs.length === 0) return nothing;
  return html`<h2>${mine.runs}</h2>
    <p class="hint">${mine.runsHint}</p>
    <ul class="runs" data-testid="runs">
      ${there.runs.map((run) => row(run, there, attempt))}
    </ul>`;
}

function row(run: KeptRun, { keeps, live }: Upkeep["runs"]["answer"], attempt: (work: () => Promise<void>) => Promise<void>) {
  const mine = texts();
  const isLive = run.id === live;
  const label = (what: string) => `${what}: ${nameOf(run)}`;
  const button = (name: string, what: string, act: () => Promise<void>) =>
    html`<button class="quiet" data-testid=${name} aria-label=${label(what)} @click=${() => void attempt(act)}>${what}</button>`;
  return html`<li data-testid="run" data-step=${run.step} aria-current=${isLive ? "true" : nothing}>
    <span
      ><strong>${nameOf(run)}</strong>
      <small>${fill(mine.runAbout, { parameters: short(run.parameters), size: size(run.bytes), when: when(run.savedAt) })}</small></span
    >
    ${
      isLive
        ? html`<em>${mine.here}</em>`
        : html`${button("open-run", mine.openRun, () => open(run))}
          ${keeps ? button("forget-run", mine.forget, () => forget(run)) : nothing}`
    }
  </li>`;
}

function when(savedAt: number): string {
  const format = new Intl.DateTimeFormat(LANGUAGES[lang.value], { dateStyle: "medium", timeStyle: "short" });
  return format.format(savedAt);
}
