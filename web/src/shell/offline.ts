// What loads when the page is idle: the glossary, and the page's texts on offline use: the offer of a new version, above the labs; the
// announcement that everything will be fetched, at the foot of the page; and the state, in the File menu.
import { html, nothing } from "lit";
import "../components/notice.ts";
import { beginGlossary } from "../glossary/mark.ts";
import "./files.css";
import { fill, size, whole } from "../i18n/index.ts";
import * as offline from "../offline/index.ts";
import { status } from "../run.ts";
import { phase } from "../session.ts";
import { extra, foot } from "./lab-host.ts";
import { texts } from "./texts.ts";

export async function begin(): Promise<void> {
  beginGlossary();
  extra.value = freshNotice;
  foot.value = footLine;
  await offline.begin(() => phase.value !== "ready" || status.value === "running");
}

function freshNotice() {
  const now = offline.fresh.value;
  if (!now) return nothing;
  const mine = texts();
  return html`<tp-notice
    data-testid="fresh"
    .tone=${"info"}
    .message=${mine.fresh}
    .remedy=${now === "waits" ? mine.freshUse : mine.freshOthers}
    .action=${mine.freshNow}
    .dismiss=${mine.freshLater}
    @act=${() => void offline.takeOver()}
    @dismiss=${() => (offline.fresh.value = null)}
  ></tp-notice>`;
}

/** Before everything is fetched unasked, and during it. */
function footLine() {
  const state = offline.state.value;
  if (state !== "later" && state !== "fetching") return nothing;
  return html`<div class="offline" data-testid="offline-foot" data-state=${state}><p>${said(state)}</p>${choices(state, "foot-")}</div>`;
}

export function offlinePart() {
  const state = offline.state.value;
  if (state === "off") return nothing;
  return html`<h2>${texts().offline}</h2>
    <p class="hint" data-testid="offline" data-state=${state}>${said(state)}</p>
    <div class="row">${choices(state)}</div>`;
}

function said(state: Exclude<offline.State, "off">): string {
  const mine = texts();
  const now = offline.stock.value;
  const bytes = offline.toFetch.value;
  const all = bytes === null ? mine.offlineAll : size(bytes);
  return {
    saving: fill(mine.offlineSaving, { size: all }),
    later: fill(mine.offlineWaits, { size: all }),
    declined: fill(mine.offlineDeclined, { size: all }),
    fetching: now
      ? fill(mine.offlineFetching, { size: all, done: whole(now.done), total: whole(now.total) })
      : fill(mine.offlineBegins, { size: all }),
    here: fill(mine.offlineHere, { size: size(now?.bytes ?? 0) }),
    failed: mine.offlineFailed,
  }[state];
}

/** To fetch it now, or never. */
function choices(state: offline.State, prefix = "") {
  const mine = texts();
  const canGet = state === "saving" || state === "later" || state === "declined" || state === "failed";
  const canDecline = state === "later" || state === "fetching";
  const no = state === "later" ? mine.offlineNo : mine.offlineStop;
  return html`${canGet ? html`<button data-testid="${prefix}offline-get" @click=${() => void offline.keep()}>${mine.offlineGet}</button>` : nothing}
  ${canDecline ? html`<button class="quiet" data-testid="${prefix}offline-decline" @click=${() => void offline.decline()}>${no}</button>` : nothing}`;
}
