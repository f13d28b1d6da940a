// The offer of a new version, above the labs, and what the File menu says of working without a network.
import { html, nothing } from "lit";
import "../components/notice.ts";
import { fill, size, whole } from "../i18n/index.ts";
import * as offline from "../offline/index.ts";
import { extra } from "./lab-host.ts";
import { texts } from "./texts.ts";

export async function begin(): Promise<void> {
  extra.value = freshNotice;
  await offline.begin();
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

export function offlinePart() {
  const mine = texts();
  const state = offline.state.value;
  const now = offline.stock.value;
  if (state === "off") return nothing;
  const said = {
    saving: mine.offlineSaving,
    fetching: now ? fill(mine.offlineFetching, { done: whole(now.done), total: whole(now.total) }) : mine.offlineBegins,
    here: fill(mine.offlineHere, { size: size(now?.bytes ?? 0) }),
    failed: mine.offlineFailed,
  }[state];
  const isAble = state === "saving" || state === "failed";
  return html`<h2>${mine.offline}</h2>
    <p class="hint" data-testid="offline" data-state=${state}>${said}</p>
    ${isAble ? html`<button data-testid="offline-get" @click=${() => void offline.keep()}>${mine.offlineGet}</button>` : nothing}`;
}
