// Enough of protobuf's wire format to write an ONNX file: varints, floats, bytes, text and nested messages.
// https://protobuf.dev/programming-guides/encoding/

const VARINT = 0;
const BYTES = 2;
const FIXED32 = 5;

/** A message under construction. Fields are written in the order of the calls; null writes nothing. */
export class Message {
  #parts = [];
  #length = 0;

  /** An integer of at least 0. */
  int(field, value) {
    if (value === null) return this;
    this.#tag(field, VARINT);
    return this.#add(varint(value));
  }

  float(field, value) {
    this.#tag(field, FIXED32);
    return this.#add(new Uint8Array(Float32Array.of(value).buffer));
  }

  text(field, value) {
    return this.bytes(field, new TextEncoder().encode(value));
  }

  bytes(field, value) {
    this.#tag(field, BYTES);
    this.#add(varint(value.length));
    return this.#add(value);
  }

  message(field, message) {
    return this.bytes(field, message.finish());
  }

  /** The bytes of the whole message. */
  finish() {
    const whole = new Uint8Array(this.#length);
    let at = 0;
    for (const part of this.#parts) {
      whole.set(part, at);
      at += part.length;
    }
    return whole;
  }

  #tag(field, type) {
    this.#add(varint(field * 8 + type));
  }

  #add(bytes) {
    this.#parts.push(bytes);
    this.#length += bytes.length;
    return this;
  }
}

/** Seven bits a byte, the lowest first; plain arithmetic, as lengths may pass 32 bits. */
export function varint(value) {
  if (!Number.isSafeInteger(value) || value < 0) throw new RangeError(`${value} is no whole number from 0`);
  const bytes = [];
  while (value > 127) {
    bytes.push((value % 128) + 128);
    value = Math.floor(value / 128);
  }
  bytes.push(value);
  return Uint8Array.from(bytes);
}
