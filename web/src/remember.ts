// Small named values that this browser keeps for this site across visits. If storage is full or forbidden nothing is kept.

/** A host may have several sites of ours. */
const PREFIX = `tadpole ${new URL("./", document.baseURI).pathname} `;

/** Undefined deletes it. */
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
