// The corpus in a checkpoint, read from its bytes: safetensors, an 8-byte length and a JSON header before the data
// (https://huggingface.co/docs/safetensors). Checks nothing: the core has already opened the file.

const CORPUS = "corpus";
const LENGTH_BYTES = 8;

/** A copy; null if it has none. */
export function corpusOf(file: Uint8Array): Uint8Array | null {
  const length = Number(new DataView(file.buffer, file.byteOffset).getBigUint64(0, true));
  const begin = LENGTH_BYTES + length;
  const header = JSON.parse(new TextDecoder().decode(file.subarray(LENGTH_BYTES, begin))) as Record<string, { data_offsets?: number[] }>;
  const [from, to] = header[CORPUS]?.data_offsets ?? [];
  return from === undefined || to === undefined ? null : file.slice(begin + from, begin + to);
}
