// Merges as columns: their buffers transfer at once, while 200,000 objects would block the page for half a second.
import type { Merge, Merges } from "./protocol.ts";

export function mergeColumns(merges: readonly Merge[]): Merges {
  const column = () => new Uint32Array(merges.length);
  const packed = { left: column(), right: column(), id: column(), count: column(), cuts: column(), ends: column() };
  const bytes = new Uint8Array(merges.reduce((sum, merge) => sum + merge.bytes.length, 0));
  // A token that no merge made is a byte.
  const lengths = new Map<number, number>();
  let end = 0;
  merges.forEach((merge, at) => {
    lengths.set(merge.id, merge.bytes.length);
    bytes.set(merge.bytes, end);
    end += merge.bytes.length;
    packed.left[at] = merge.left;
    packed.right[at] = merge.right;
    packed.id[at] = merge.id;
    packed.count[at] = merge.count;
    packed.cuts[at] = lengths.get(merge.left) ?? 1;
    packed.ends[at] = end;
  });
  return { ...packed, bytes };
}
