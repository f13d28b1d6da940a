// Small things that this browser keeps for this site over visits, under names. Where storage is full or forbidden nothing is kept.

/** A host may have several sites of ours. */
const PREFIX = `tadpole ${new URL("./", document.baseURI).pathname} `;

/** Undefined forgets it. */
export function remember(name: string, text: string | undefined): void {
  try {
    if (text === undefined) localStorage.removeItem(PREFIX + name);
    else localStorage.setItem(PREFIX + name, text);
  } catch {
    // Forbidden or full.
  }
}

export function remembered(name: string): string | undefined {
  try {
    return localStorage.getItem(PREFIX + name) ?? undefined;
  } catch {
    return undefined;
  }
}
