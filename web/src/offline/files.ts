// What page and service worker say to each other. Nothing here imports anything.

/** A file of the site; a name that has no hash of its content in it has it here. */
export interface SiteFile {
  url: string;
  revision: string | null;
  /** As in subresource integrity. */
  integrity: string;
  bytes: number;
}

/** What a build writes beside the site: bytes of all of it as gzip has them, for an engine with relaxed SIMD and for one without. */
export interface Sizes {
  relaxed: number;
  plain: number;
}

/** What the name of the module begins with that an engine does not need. */
export const needless = (isRelaxed: boolean): string => (isRelaxed ? "tadpole_bg-" : "tadpole_fused_bg-");

/** How much of this version is in the browser. */
export interface Stock {
  done: number;
  total: number;
  /** Of all of it, as the files are on disk. */
  bytes: number;
}

/**
 * From the page, each with a port for the answer: how much is here (`Stock`), how many pages of ours are open, to take over now (whether it does), and to
 * be this page's from now on, where the script with this address is of the same version (null).
 */
export type Ask = "stock" | "pages" | "takeOver" | { script: string };
