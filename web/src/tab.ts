// What this tab keeps across a reload, unseen by other tabs. If storage is full or forbidden nothing is kept, and what was typed or trained
// lasts as long as the page.

const PREFIX = "tadpole.";

/** A frame in another site's page keeps nothing: all our frames in a tab would share the storage. */
const KEEPS = document.documentElement.dataset.page !== "embed";

/** Undefined deletes it. */
export function keep(name: string, text: string | undefined): void {
  if (!KEEPS) return;
  try {
    if (text === undefined) sessionStorage.removeItem(PREFIX + name);
    else sessionStorage.setItem(PREFIX + name, text);
  } catch {
    // Otherwise an older text under this name would return.
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

/** Everything kept under names with this prefix, by the rest of the name. */
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
