// Starts the page's own worker, the only place that does. With Trusted Types its address is the one text that may become a script's:
// https://w3c.github.io/trusted-types/dist/spec/
import script from "./worker.ts?worker&url";

interface Policy {
  createScriptURL(address: string): string;
}

const { trustedTypes } = globalThis as { trustedTypes?: { createPolicy(name: string, rules: Policy): Policy } };

const policy = trustedTypes?.createPolicy("tadpole", {
  createScriptURL(address) {
    if (address !== script) throw new TypeError(`${address} is not the worker's address`);
    return address;
  },
});

export function startWorker(): Worker {
  return new Worker(policy?.createScriptURL(script) ?? script, { type: "module", name: "tadpole" });
}
