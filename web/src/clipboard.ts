// Text to the clipboard, if there is one and the page may use it.

/** https://developer.mozilla.org/docs/Web/API/FeaturePolicy (Chromium's alone, and absent from TypeScript's DOM library). */
interface WithPolicy {
  featurePolicy?: { allowsFeature(name: string): boolean };
}

/**
 * Whether it was copied. The clipboard is absent on insecure pages, and may be forbidden inside a frame, where asking for it logs an error.
 */
export async function copy(text: string): Promise<boolean> {
  if ((document as WithPolicy).featurePolicy?.allowsFeature("clipboard-write") === false) return false;
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}
