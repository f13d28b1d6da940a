// The messages between page and service worker. Nothing here imports anything.

/** A file of the site; if its name contains no hash of its content, the hash is here. */
export interface SiteFile {
  url: string;
  revision: string | null;
  /** As in subresource integrity. */
  integrity: string;
  bytes: number;
}

/** Written by the build: gzipped bytes of the whole site, for an engine with relaxed SIMD and for one without. */
export interface Sizes {
  relaxed: number;
  plain: number;
}

/** The prefix of the module that an engine does not need. */
export const needless = (isRelaxed: boolean): string => (isRelaxed ? "tadpole_bg-" : "tadpole_fused_bg-");

/** How much of this version is in the browser. */
export interface Stock {
  done: number;
  total: number;
  /** Of the whole site, as on disk. */
  bytes: number;
}

/**
 * From the page, each with a port for the answer: how much is stored (`Stock`), how many pages of ours are open, to take over now (whether
 * it does), and to become this page's service worker, if the script with this address is of the same version (null).
 */
export type Ask = "stock" | "pages" | "takeOver" | { script: string };
