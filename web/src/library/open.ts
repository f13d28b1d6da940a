// A core over a worker, or over anything with the same interface.
import { Client, type Wire } from "../worker/client.ts";
import type { DeviceChoice } from "../worker/protocol.ts";
import type { ReadAddress } from "./source.ts";
import { Tadpole } from "./tadpole.ts";

/** How a core is started. */
export interface OpenOptions {
  /** `auto` (the default) runs each model on the faster of WebGPU and the CPU; `webgpu` falls back to the CPU if there is none. */
  device?: DeviceChoice;
}

export async function openOver(wire: Wire, read: ReadAddress, { device = "auto" }: OpenOptions): Promise<Tadpole> {
  const client = new Client(wire, () => {});
  try {
    const answer = await client.call("init", { device, keep: false, restore: false, run: null });
    return new Tadpole(client, read, answer.device, await client.call("defaults", {}));
  } catch (error) {
    client.terminate();
    throw error;
  }
}
