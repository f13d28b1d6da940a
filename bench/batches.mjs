// Redraws the batches of one of our runs: rand's ChaCha8 from a seed and the batch's number (crates/gpt/src/dataset.rs), so that another
// program can train on the same tokens.

const ROUNDS = 8;
const BLOCK = 16;
const CONSTANTS = [0x61707865, 0x3320646e, 0x79622d32, 0x6b206574];
const QUARTERS = [
  [0, 4, 8, 12],
  [1, 5, 9, 13],
  [2, 6, 10, 14],
  [3, 7, 11, 15],
  [0, 5, 10, 15],
  [1, 6, 11, 12],
  [2, 7, 8, 13],
  [3, 4, 9, 14],
];
const WORD = 2 ** 32;
const U64 = (1n << 64n) - 1n;

const left = (value, by) => ((value << by) | (value >>> (32 - by))) >>> 0;

/** Expands a number to a key of eight words, as `SeedableRng::seed_from_u64` does (PCG32). */
export function key(seed) {
  let state = BigInt(seed);
  return Array.from({ length: 8 }, () => {
    state = (state * 6364136223846793005n + 11634580027462260723n) & U64;
    const mixed = Number((((state >> 18n) ^ state) >> 27n) & 0xffffffffn);
    return left(mixed, (32 - Number(state >> 59n)) & 31);
  });
}

/** A block of 16 words. */
function block(words, counter, stream) {
  const start = [...CONSTANTS, ...words, counter, 0, stream, 0];
  const x = [...start];
  const mix = (a, b, d, by) => {
    x[a] = (x[a] + x[b]) >>> 0;
    x[d] = left(x[d] ^ x[a], by);
  };
  for (let round = 0; round < ROUNDS / 2; round++) {
    for (const [a, b, c, d] of QUARTERS) {
      mix(a, b, d, 16);
      mix(c, d, b, 12);
      mix(a, b, d, 8);
      mix(c, d, b, 7);
    }
  }
  return x.map((value, index) => (value + start[index]) >>> 0);
}

/** Yields the words of a stream under an eight-word key. */
export function chacha8(words, stream) {
  let [counter, at, ready] = [0, BLOCK, []];
  return () => {
    if (at === BLOCK) [ready, at, counter] = [block(words, counter, stream), 0, counter + 1];
    at += 1;
    return ready[at - 1];
  };
}

/** A whole number from 0 to `most` (below 2^32 - 1), drawn as `Rng::random_range` does. */
function draw(next, most) {
  const range = most + 1;
  const [high, low] = wide(next(), range);
  if (low <= WORD - range) return high;
  return high + (low + wide(next(), range)[0] >= WORD ? 1 : 0);
}

/** Both words of a product. */
function wide(a, b) {
  const product = BigInt(a) * BigInt(b);
  return [Number(product >> 32n), Number(product & 0xffffffffn)];
}

/** Rows of `contextLength` + 1 ids for update `index` of a run with that seed. */
export function batch(ids, { contextLength, batchSize }, seed, index) {
  const next = chacha8(key(seed), index + 1);
  const window = contextLength + 1;
  return Array.from({ length: batchSize }, () => {
    const start = draw(next, ids.length - window);
    return ids.slice(start, start + window);
  });
}
