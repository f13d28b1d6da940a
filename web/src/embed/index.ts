// What a frame in another site's page does: it shows a lab, or runs the core of all labs there.
import { serve } from "./core.ts";
import { show } from "./frame.ts";
import { CORE } from "./messages.ts";

export async function start(): Promise<void> {
  if (window.name === CORE) serve();
  else await show();
}
