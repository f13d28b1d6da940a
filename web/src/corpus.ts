// Texts to learn from: the built-in ones, fetched from beside the page, and files that the person drops. Files are only checked for being
// too large or empty; `reading` decodes text files.
import { size } from "./i18n/index.ts";
import { Failure } from "./worker/client.ts";

export const BUILT_IN = ["moby-dick", "first-names", "fruit"] as const;
/** Enough to learn a tokenizer from, at a twentieth of the size. */
export const OPENING = "moby-dick-opening";
export type BuiltIn = (typeof BUILT_IN)[number] | typeof OPENING;

export { CORPUS_LIMIT, CORPUS_MIB } from "./corpus/limit.ts";

export interface Corpus {
  name: string;
  bytes: Uint8Array;
}

export async function builtIn(name: BuiltIn): Promise<Corpus> {
  return { name, bytes: await beside(`corpora/${name}.txt`, "corpusUnavailable") };
}

/** A file beside the page; `code` is the error if it cannot be fetched. */
export async function beside(path: string, code: string): Promise<Uint8Array> {
  try {
    const response = await fetch(new URL(path, document.baseURI));
    if (!response.ok) throw new Error(`HTTP ${response.status}`);
    return new Uint8Array(await response.arrayBuffer());
  } catch (error) {
    throw failure(code, { name: path, reason: String(error) });
  }
}

export async function readFile(file: File, limit: number): Promise<Uint8Array> {
  if (file.size === 0) throw failure("fileEmpty", { name: file.name });
  if (file.size > limit) throw failure("fileTooLarge", { name: file.name, bytes: size(file.size), limit: size(limit) });
  try {
    return new Uint8Array(await file.arrayBuffer());
  } catch (error) {
    throw failure("fileUnreadable", { name: file.name, reason: String(error) });
  }
}

export function failure(code: string, details: Record<string, string>): Failure {
  return new Failure({ code, message: code, remedy: "", details });
}

/** Downloads a file to the person. */
export function download(name: string, bytes: Uint8Array): void {
  const url = URL.createObjectURL(new Blob([bytes as Uint8Array<ArrayBuffer>], { type: "application/octet-stream" }));
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
