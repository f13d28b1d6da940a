// What this tab keeps over a reload and no other tab sees. Where storage is full or forbidden nothing is kept, and what was
// typed or trained lives on in the page itself.

const PREFIX = "tadpole.";

/** A frame in another site's page keeps nothing: all frames of ours in a tab would have the same storage. */
const KEEPS = document.documentElement.dataset.page !== "embed";

/** Undefined forgets it. */
export function keep(name: string, text: string | undefined): void {
  if (!KEEPS) return;
  try {
    if (text === undefined) sessionStorage.removeItem(PREFIX + name);
    else sessionStorage.setItem(PREFIX + name, text);
  } catch {
    // An older text under this name would come back in its place.
    if (text !== undefined) keep(name, undefined);
  }
}

export function kept(name: string): string | undefined {
  if (!KEEPS) return undefined;
  try {
    return sessionStorage.getItem(PREFIX + name) ?? undefined;
  } catch {
    return undefined;
  }
}

/** Everything kept under names that begin like this, by the rest of the name. */
export function keptUnder(start: string): Map<string, string> {
  const found = new Map<string, string>();
  if (!KEEPS) return found;
  try {
    for (const key of Object.keys(sessionStorage))
      if (key.startsWith(PREFIX + start)) found.set(key.slice(PREFIX.length + start.length), sessionStorage.getItem(key) ?? "");
  } catch {
    // Forbidden: nothing was kept.
  }
  return found;
}
