// Opens a checkpoint that a person brings, from a file or a link: the live model gives way to it, and a refused one changes nothing.
import { cameFrom } from "../loaded.ts";
import { mayReplace } from "../replace.ts";
import { giveWay, resetToOpened } from "../run.ts";
import { setModel } from "../session.ts";
import type { ModelInfo } from "../worker/protocol.ts";

/** `name` is the file that the person knows it by, or empty. False if the person chose to keep the current model. */
export async function openBrought(name: string, load: () => Promise<ModelInfo>): Promise<boolean> {
  if (!(await mayReplace())) return false;
  // The run pauses in any case; a refused file leaves it unchanged.
  giveWay();
  setModel(await load(), null);
  if (name) cameFrom(name);
  await resetToOpened();
  return true;
}
