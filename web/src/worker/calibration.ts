// The measuring of the devices, before there is work that one of them may be better at: once for an adapter and a browser.
// What was measured lies beside the run; a store that fails costs the measuring anew, and nothing else.

import type { Session } from "./bindings.ts";
import { openFiles } from "./files.ts";

const NAME = "calibration";

export async function prepare(core: Session): Promise<void> {
  const files = await openFiles().catch(() => null);
  const kept = await files?.read(NAME).catch(() => null);
  const fresh = await core.prepare(kept ? new TextDecoder().decode(kept) : undefined);
  if (fresh) await files?.write(NAME, new TextEncoder().encode(fresh)).catch(() => {});
}
