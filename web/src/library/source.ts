// A program's file as bytes. An address is resolved in the usual way of the platform; any failure becomes one refusal.
import { refusal } from "./refusal.ts";

/**
 * Bytes of a file, in any form that a program may have them; a string or a URL is an address to fetch. In Node a string that is not an
 * absolute URL is a file's path, and a `file:` URL is read from disk.
 */
export type Source = Uint8Array | ArrayBuffer | Blob | URL | string;

/** Reads an address. Whatever it throws becomes the refusal's reason. */
export type ReadAddress = (address: URL | string) => Promise<Uint8Array>;

export async function bytesOf(source: Source, read: ReadAddress): Promise<Uint8Array> {
  if (source instanceof Uint8Array) return source;
  if (source instanceof ArrayBuffer) return new Uint8Array(source);
  try {
    return await (source instanceof Blob ? bytesIn(source) : read(source));
  } catch (thrown) {
    const [name, reason] = [source instanceof Blob ? "The blob" : String(source), reasonOf(thrown)];
    throw refusal("notFetched", `${name} was not read: ${reason}.`, "Check that it is there and may be read.", { name, reason });
  }
}

export async function fetchBytes(address: URL | string): Promise<Uint8Array> {
  const response = await fetch(address);
  if (!response.ok) throw new Error(`it answered ${response.status}`);
  return bytesIn(response);
}

async function bytesIn(body: Blob | Response): Promise<Uint8Array> {
  return new Uint8Array(await body.arrayBuffer());
}

/** Node's `fetch` gives the reason only in `cause`, and for several errors at once only in its code. */
function reasonOf(thrown: unknown): string {
  const { message, cause } = thrown as { message?: string; cause?: { message?: string; code?: string } };
  return cause?.message || cause?.code || message || String(thrown);
}
