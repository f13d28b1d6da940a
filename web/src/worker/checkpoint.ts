// The corpus that a checkpoint carries, taken from its bytes: safetensors, an 8-byte length and a header of JSON before the data
// (https://huggingface.co/docs/safetensors). Refuses nothing: the core has opened the file before.

const CORPUS = "corpus";
const LENGTH_BYTES = 8;

/** A copy; null where it carries none. */
export function corpusOf(file: Uint8Array): Uint8Array | null {
  const length = Number(new DataView(file.buffer, file.byteOffset).getBigUint64(0, true));
  const begin = LENGTH_BYTES + length;
  const header = JSON.parse(new TextDecoder().decode(file.subarray(LENGTH_BYTES, begin))) as Record<string, { data_offsets?: number[] }>;
  const [from, to] = header[CORPUS]?.data_offsets ?? [];
  return from === undefined || to === undefined ? null : file.slice(begin + from, begin + to);
}
