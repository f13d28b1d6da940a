// Trusted Types: only two addresses, both our own, may become scripts: the worker's and the service worker's.
// https://w3c.github.io/trusted-types/dist/spec/
import worker from "./worker/worker.ts?worker&url";

interface Policy {
  createScriptURL(address: string): string;
}

const { trustedTypes } = globalThis as { trustedTypes?: { createPolicy(name: string, rules: Policy): Policy } };
const OURS = { worker, "sw.js": new URL("sw.js", document.baseURI).href };

const policy = trustedTypes?.createPolicy("tadpole", {
  createScriptURL(address) {
    if (!Object.values(OURS).includes(address)) throw new TypeError(`${address} is not a script of this page's`);
    return address;
  },
});

/** The address of one of our scripts, in the browser's trusted form. */
export function trusted(name: keyof typeof OURS): string {
  return policy?.createScriptURL(OURS[name]) ?? OURS[name];
}
