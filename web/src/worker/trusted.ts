// Trusted Types: of all texts, the worker's address alone may become a script's. https://w3c.github.io/trusted-types/dist/spec/
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

/** The worker's address, in the form that the browser asks for. */
export const workerAddress = (): string => policy?.createScriptURL(script) ?? script;
