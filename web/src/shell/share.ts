// Share, and what an address does beside showing a lab: the dialog, a model that a link carries, projector mode, paper. All of it loads on
// demand.
import { effect } from "@preact/signals-core";
import { isSettled } from "../models.ts";
import { trouble } from "../session.ts";
import { read } from "../settings.ts";
import { coreError } from "../worker/client.ts";

/** Runs a part that loads; the page reports a failure. */
function part(work: () => Promise<unknown>): Promise<void> {
  return work().then(
    () => {},
    (thrown) => {
      trouble.value = coreError(thrown);
    },
  );
}

/** Returns the message for success; the dialog says it all. */
export async function share(): Promise<string> {
  await part(async () => (await import("../share/dialog.ts")).openShare());
  return "";
}

effect(() => {
  if (read("m") !== undefined && isSettled.value) void part(async () => (await import("../share/opening.ts")).openLink());
});
effect(() => {
  if (read("projector") !== undefined) void part(() => import("../share/projector.ts"));
});
/** Paper's style must be here before somebody prints. Soon, since a page that has a newer version beside it may no longer find it. */
const later = (): void => void import("../share/paper.ts").catch(() => {});
if (document.readyState === "complete") later();
else addEventListener("load", later);
