// What page and service worker say to each other. Nothing here imports anything.

/** A file of the site; a name that has no hash of its content in it has it here. */
export interface SiteFile {
  url: string;
  revision: string | null;
  bytes: number;
}

/** How much of this version is in the browser. */
export interface Stock {
  done: number;
  total: number;
  /** Of all of it, as the files are on disk. */
  bytes: number;
}

/** From the page, each with a port for the answer: how much is here; and whether the waiting version may take over now. */
export type Ask = "stock" | "takeOver";

/** Of `takeOver`: another tab still shows the version before. */
export type TakenOver = { others: boolean };
