// Reads the pictures and films that the page makes, as far as tests ask: sizes, pictures, times.
// https://www.w3.org/Graphics/GIF/spec-gif89a.txt, https://www.rfc-editor.org/rfc/rfc8794 (EBML), https://www.matroska.org/technical/elements.html
import assert from "node:assert/strict";

/** Width and height of a PNG. */
export function readPng(bytes) {
  assert.equal(bytes.subarray(0, 8).toString("latin1"), "\x89PNG\r\n\x1a\n");
  assert.equal(bytes.subarray(-8, -4).toString("latin1"), "IEND");
  return { width: bytes.readUInt32BE(16), height: bytes.readUInt32BE(20) };
}

/** A GIF's size, its pictures with how long each stays (milliseconds), and how often it repeats (0: for ever). */
export function readGif(bytes) {
  assert.equal(bytes.subarray(0, 6).toString("latin1"), "GIF89a");
  const gif = { width: bytes.readUInt16LE(6), height: bytes.readUInt16LE(8), frames: [], repeats: null };
  const table = (flags) => (flags & 0x80 ? 3 * 2 ** ((flags & 7) + 1) : 0);
  let at = 13 + table(bytes[10]);
  const blocks = () => {
    while (bytes[at] !== 0) at += bytes[at] + 1;
    at += 1;
  };
  let stays = 0;
  for (; bytes[at] !== 0x3b; ) {
    assert.ok(at < bytes.length, "it has an end");
    if (bytes[at] === 0x21) {
      if (bytes[at + 1] === 0xf9) stays = 10 * bytes.readUInt16LE(at + 4);
      if (bytes[at + 1] === 0xff) gif.repeats = bytes.readUInt16LE(at + 16);
      at += 2;
    } else {
      assert.equal(bytes[at], 0x2c, "a picture");
      gif.frames.push({ width: bytes.readUInt16LE(at + 5), height: bytes.readUInt16LE(at + 7), stays });
      at += 11 + table(bytes[at + 9]);
    }
    blocks();
  }
  return gif;
}

const EBML = 0x1a45dfa3;
const MASTERS = new Set([0x18538067, 0x1f43b675, 0x1654ae6b, 0xae, 0xe0, 0xa0]);
const [CLUSTER_TIME, WIDTH, HEIGHT] = [0xe7, 0xb0, 0xba];
const BLOCKS = new Set([0xa3, 0xa1]);

/** A WebM's size, how many pictures it has, and the time of the last one in milliseconds. */
export function readWebm(bytes) {
  assert.equal(bytes.readUInt32BE(0), EBML);
  const webm = { width: 0, height: 0, pictures: 0, last: 0, type: "" };
  let cluster = 0;
  for (let at = 0; at < bytes.length; ) {
    const id = number(bytes, at, false);
    const size = number(bytes, at + id.length, true);
    at += id.length + size.length;
    if (MASTERS.has(id.value)) continue;
    const body = bytes.subarray(at, at + size.value);
    if (id.value === EBML) webm.type = /webm/.exec(body.toString("latin1"))?.[0] ?? "";
    if (id.value === CLUSTER_TIME) cluster = whole(body);
    if (id.value === WIDTH) webm.width = whole(body);
    if (id.value === HEIGHT) webm.height = whole(body);
    if (BLOCKS.has(id.value)) {
      webm.pictures += 1;
      webm.last = Math.max(webm.last, cluster + body.readInt16BE(1));
    }
    at += size.value;
  }
  return webm;
}

/** EBML's numbers begin with as many zero bits as more bytes follow; a size leaves out the bit that ends them. */
function number(bytes, at, isSize) {
  const length = Math.clz32(bytes[at]) - 23;
  let value = isSize ? bytes[at] & (0xff >> length) : bytes[at];
  for (let each = 1; each < length; each += 1) value = value * 256 + bytes[at + each];
  return { value, length };
}

const whole = (body) => body.reduce((sum, byte) => sum * 256 + byte, 0);
