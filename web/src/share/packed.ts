// A checkpoint small enough for a link: the file that the core saves for reading (16 bits a number, safetensors), or its matrices rounded to
// 8 bits, a scale for each row; deflated (zlib, whose checksum tells a damaged link) and written as base64url. It opens as a file of 32 bits.
import { Failure } from "../worker/client.ts";

/** The most bytes of a model inside a link, before base64. */
export const MOST_IN_LINK = 30 * 1024;
/** The most bytes that a link's model may unpack to: far more than fit, far less than would hurt. */
const MOST_UNPACKED = 8 * 1024 * 1024;
/** The format that `pack` writes, in front of it. */
const FORMAT = 1;
const LENGTH = 8;
/** Our 8 bits: for each row a scale (32 bits), then a signed byte for each number. */
const Q8 = "Q8";

export type Bits = 16 | 8;

interface Entry {
  dtype: string;
  shape: number[];
  data_offsets: [number, number];
}

export interface Header {
  metadata: Record<string, string>;
  tensors: Record<string, Entry>;
}

interface Tensor {
  name: string;
  dtype: string;
  shape: number[];
  bytes: Uint8Array;
}

export const damaged = (reason: string): Failure => new Failure({ code: "linkDamaged", message: reason, remedy: "", details: { reason } });
const tooLarge = (): Failure => new Failure({ code: "linkTooLarge", message: "the model is too large", remedy: "", details: {} });

// ---------- safetensors ----------

function opened(file: Uint8Array): { header: Header; data: Uint8Array } {
  if (file.length < LENGTH) throw damaged("no header");
  const length = Number(new DataView(file.buffer, file.byteOffset, LENGTH).getBigUint64(0, true));
  if (length > file.length - LENGTH) throw damaged("a header of the wrong length");
  const text = new TextDecoder().decode(file.subarray(LENGTH, LENGTH + length));
  const { __metadata__: metadata = {}, ...tensors } = JSON.parse(text) as Record<string, Entry> & { __metadata__?: Record<string, string> };
  return { header: { metadata, tensors: tensors as Record<string, Entry> }, data: file.subarray(LENGTH + length) };
}

/** The header of a checkpoint, read before the core sees it. */
export function headerOf(file: Uint8Array): Header {
  try {
    return opened(file).header;
  } catch (thrown) {
    throw thrown instanceof Failure ? thrown : damaged(String(thrown));
  }
}

function tensorsOf(file: Uint8Array): { metadata: Record<string, string>; tensors: Tensor[] } {
  const { header, data } = opened(file);
  const tensors = Object.entries(header.tensors).map(
    ([
      name,
      {
        dtype,
        shape,
        data_offsets: [from, to],
      },
    ]) => {
      if (!(from >= 0 && to >= from && to <= data.length)) throw damaged(`${name} lies outside`);
      return { name, dtype, shape, bytes: data.subarray(from, to) };
    },
  );
  return { metadata: header.metadata, tensors };
}

function fileOf(metadata: Record<string, string>, tensors: readonly Tensor[]): Uint8Array {
  let at = 0;
  const entries = tensors.map(({ name, dtype, shape, bytes }) => {
    const from = at;
    at += bytes.length;
    return [name, { dtype, shape, data_offsets: [from, at] }];
  });
  const json = JSON.stringify({ __metadata__: metadata, ...Object.fromEntries(entries) });
  const header = new TextEncoder().encode(json);
  const padded = Math.ceil(header.length / LENGTH) * LENGTH;
  const file = new Uint8Array(LENGTH + padded + at).fill(0x20, LENGTH, LENGTH + padded);
  new DataView(file.buffer).setBigUint64(0, BigInt(padded), true);
  file.set(header, LENGTH);
  let to = LENGTH + padded;
  for (const { bytes } of tensors) {
    file.set(bytes, to);
    to += bytes.length;
  }
  return file;
}

// ---------- numbers ----------

/** IEEE 754's 16 bits as a number. */
export function halfToNumber(bits: number): number {
  const [sign, exponent, fraction] = [bits & 0x8000 ? -1 : 1, (bits >> 10) & 0x1f, bits & 0x3ff];
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 0x1f) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

const view = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.length);

function rowsOf({ shape }: Tensor): { rows: number; width: number } {
  const width = shape.at(-1) ?? 1;
  return { rows: shape.slice(0, -1).reduce((product, side) => product * side, 1), width };
}

/** A matrix in 8 bits; vectors (norms, biases) are few and stay as they are. */
function rounded(tensor: Tensor): Tensor {
  if (tensor.dtype !== "F16" || tensor.shape.length < 2) return tensor;
  const { rows, width } = rowsOf(tensor);
  const [from, bytes] = [view(tensor.bytes), new Uint8Array(rows * (4 + width))];
  const to = view(bytes);
  for (let row = 0; row < rows; row += 1) {
    const values = Array.from({ length: width }, (_, at) => halfToNumber(from.getUint16(2 * (row * width + at), true)));
    const most = values.reduce((so, value) => Math.max(so, Math.abs(value)), 0);
    const [start, scale] = [row * (4 + width), Math.fround(most / 127)];
    to.setFloat32(start, scale, true);
    for (const [at, value] of values.entries()) to.setInt8(start + 4 + at, scale > 0 ? Math.round(value / scale) : 0);
  }
  return { ...tensor, dtype: Q8, bytes };
}

/** A matrix of 8 bits as one of 32, which the core reads. */
function restored(tensor: Tensor): Tensor {
  if (tensor.dtype !== Q8) return tensor;
  const { rows, width } = rowsOf(tensor);
  if (tensor.bytes.length !== rows * (4 + width)) throw damaged(`${tensor.name} has the wrong size`);
  const [from, bytes] = [view(tensor.bytes), new Uint8Array(4 * rows * width)];
  const to = view(bytes);
  for (let row = 0; row < rows; row += 1) {
    const start = row * (4 + width);
    const scale = from.getFloat32(start, true);
    for (let at = 0; at < width; at += 1) to.setFloat32(4 * (row * width + at), scale * from.getInt8(start + 4 + at), true);
  }
  return { ...tensor, dtype: "F32", bytes };
}

// ---------- the link's text ----------

async function through(bytes: Uint8Array, way: CompressionStream | DecompressionStream, most: number): Promise<Uint8Array> {
  const reader = new Blob([bytes as Uint8Array<ArrayBuffer>])
    .stream()
    .pipeThrough(way as ReadableWritablePair<Uint8Array, Uint8Array<ArrayBuffer>>)
    .getReader();
  const parts: Uint8Array[] = [];
  let length = 0;
  for (let { done, value } = await reader.read(); !done && value; { done, value } = await reader.read()) {
    length += value.length;
    if (length > most) {
      await reader.cancel();
      throw tooLarge();
    }
    parts.push(value);
  }
  const all = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/** The bytes that a link carries for this checkpoint, which the core saved with 16 bits a number, under the name of its file, if any. */
export async function pack(file: Uint8Array, bits: Bits, name: string): Promise<Uint8Array> {
  const { metadata, tensors } = tensorsOf(file);
  const ready = fileOf({ ...metadata, name }, bits === 16 ? tensors : tensors.map(rounded));
  const deflated = await through(ready, new CompressionStream("deflate"), Number.POSITIVE_INFINITY);
  const all = new Uint8Array(1 + deflated.length);
  all[0] = FORMAT;
  all.set(deflated, 1);
  return all;
}

/** The checkpoint in a link. */
export async function unpack(text: string): Promise<{ file: Uint8Array; bits: Bits }> {
  const bytes = fromText(text);
  if (bytes.length > MOST_IN_LINK) throw tooLarge();
  if (bytes[0] !== FORMAT) throw damaged("an unknown format");
  try {
    const file = await through(bytes.subarray(1), new DecompressionStream("deflate"), MOST_UNPACKED);
    const { metadata, tensors } = tensorsOf(file);
    const isRounded = tensors.some(({ dtype }) => dtype === Q8);
    return { file: isRounded ? fileOf(metadata, tensors.map(restored)) : file, bits: isRounded ? 8 : 16 };
  } catch (thrown) {
    throw thrown instanceof Failure ? thrown : damaged(String(thrown));
  }
}

const PIECE = 0x8000;

export function asText(bytes: Uint8Array): string {
  let binary = "";
  for (let at = 0; at < bytes.length; at += PIECE) binary += String.fromCharCode(...bytes.subarray(at, at + PIECE));
  return btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

function fromText(text: string): Uint8Array {
  try {
    const binary = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
    return Uint8Array.from(binary, (sign) => sign.charCodeAt(0));
  } catch {
    throw damaged("signs that no such link has");
  }
}
