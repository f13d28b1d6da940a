// Measures the devices before there is work that one of them may do better, once per adapter and browser. The result is stored beside the
// run; if the store fails, the devices are simply measured again.
import type { Session } from "../../../pkg/tadpole.js";
import { openFiles } from "./files.ts";

const NAME = "calibration";

export async function prepare(core: Session): Promise<void> {
  const files = await openFiles().catch(() => null);
  const kept = await files?.read(NAME).catch(() => null);
  const fresh = await core.prepare(kept ? new TextDecoder().decode(kept) : undefined);
  if (fresh) await files?.write(NAME, new TextEncoder().encode(fresh)).catch(() => {});
}
