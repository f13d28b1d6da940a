// What a frame in another site's page is for: to show a lab, or to have the core of all labs there.
import { serve } from "./core.ts";
import { show } from "./frame.ts";
import { CORE } from "./messages.ts";

export async function start(): Promise<void> {
  if (window.name === CORE) serve();
  else await show();
}
