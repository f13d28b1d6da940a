// Share: copies the address, which holds the settings; if there is no clipboard, or not all settings fit into an address, a dialog shows
// the address and says so.
import { html, nothing } from "lit";
import { copy } from "../clipboard.ts";
import { ask } from "../components/dialog.ts";
import { t } from "../i18n/index.ts";
import { model, shippedAs } from "../session.ts";
import { flush, outgrowsAddress } from "../settings.ts";

/** Returns the message for success. */
export async function share(): Promise<string> {
  flush();
  const texts = t().bar;
  const isCopied = await copy(location.href);
  const isOwn = model.value !== null && shippedAs.value === null;
  if (isCopied && !outgrowsAddress() && !isOwn) return texts.shared;
  const body = html`<label class="field"
      ><span>${isCopied ? texts.shared : texts.shareManual}</span>
      <input type="text" readonly data-testid="address" .value=${location.href} @focus=${selectAll} />
    </label>
    ${outgrowsAddress() ? html`<p data-testid="outgrown">${texts.shareOutgrown}</p>` : nothing}
    ${isOwn ? html`<p data-testid="own-model">${texts.shareOwn}</p>` : nothing}`;
  await ask(texts.share, body, [{ value: "close", label: t().dismiss }]);
  return "";
}

function selectAll(event: Event): void {
  (event.target as HTMLInputElement).select();
}
