// The safetensors format, float32 only: 8 bytes of header length, a JSON header, then the tensors' bytes.
// Runs in Node and in a browser. https://github.com/huggingface/safetensors

/** @param {Map<string, { shape: number[], values: Float32Array }>} tensors */
export function writeSafetensors(tensors) {
  const header = {};
  let end = 0;
  for (const [name, { shape, values }] of tensors) {
    header[name] = { dtype: "F32", shape, data_offsets: [end, end + values.byteLength] };
    end += values.byteLength;
  }
  const json = new TextEncoder().encode(JSON.stringify(header));
  // The header is padded with spaces, so that the tensors begin at a multiple of 8.
  const padded = Math.ceil(json.length / 8) * 8;
  const file = new Uint8Array(8 + padded + end).fill(32, 8, 8 + padded);
  new DataView(file.buffer).setBigUint64(0, BigInt(padded), true);
  file.set(json, 8);
  for (const [name, { values }] of tensors) {
    const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
    file.set(bytes, 8 + padded + header[name].data_offsets[0]);
  }
  return file;
}

/** The tensors by name; a leading `transformer.` is dropped, and anything but float32 is left out. */
export function readSafetensors(file) {
  const { header, start } = readHeader(file);
  const tensors = new Map();
  for (const [name, entry] of Object.entries(header)) {
    if (entry.dtype !== "F32") continue;
    const [from, to] = entry.data_offsets;
    const values = new Float32Array(file.slice(start + from, start + to).buffer);
    tensors.set(name.replace(/^transformer\./, ""), { shape: entry.shape, values });
  }
  return tensors;
}

/** Overwrites a file's float32 tensors with these names, in place; each must exist with the same number of values. */
export function replaceTensors(file, tensors) {
  const { header, start } = readHeader(file);
  for (const [name, { values }] of tensors) {
    const [from, to] = header[name]?.data_offsets ?? [0, 0];
    if (to - from !== values.byteLength) throw new Error(`the file has no ${name} of ${values.length} numbers`);
    file.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength), start + from);
  }
}

/** The strings beside the tensors, by name. */
export function readMetadata(file) {
  return readHeader(file).header.__metadata__ ?? {};
}

/** The header, and where the tensors begin. */
function readHeader(file) {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const start = 8 + Number(view.getBigUint64(0, true));
  if (!(start <= file.length)) throw new Error("this is no safetensors file: its header is longer than the file");
  return { header: JSON.parse(new TextDecoder().decode(file.subarray(8, start))), start };
}
