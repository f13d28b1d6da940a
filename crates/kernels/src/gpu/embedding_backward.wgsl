// Workgroup v < V: dtokens[v] = the sum of dy over the rows whose id is v. Workgroup V + p: dpositions[p] = the sum of dy over
// the batch. sizes: rows, T, start. No atomics, and one order of summing: the rows with v are found 2048 at a time as bits.
var<workgroup> found: array<u32, 64>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) local: u32) {
    let v = group.y * groups.x + group.x;
    let rows = sizes.x;
    if (v >= VECTORS) { return; }
    if (v >= V) { //? dpositions
        for (var c = local; c < C; c += 64u) { dpositions[(v - V) * C + c] = position_sum(v - V, c); } //? dpositions
        return; //? dpositions
    } //? dpositions
    for (var base = 0u; base < rows; base += 2048u) {
        var bits = 0u;
        let first = base + 32u * local;
        for (var i = 0u; i < 32u && first + i < rows; i++) {
            bits |= select(0u, 1u << i, u32(ids[first + i]) == v);
        }
        found[local] = bits;
        workgroupBarrier();
        for (var c = local; c < C; c += 64u) {
            var sum = 0.0;
            if (base > 0u) { sum = dtokens[v * C + c]; }
            for (var word = 0u; word < 64u; word++) {
                for (var left = found[word]; left != 0u; left &= left - 1u) {
                    sum += dy[(base + 32u * word + firstTrailingBit(left)) * C + c];
                }
            }
            dtokens[v * C + c] = sum;
        }
        workgroupBarrier();
    }
}

fn position_sum(position: u32, c: u32) -> f32 { //? dpositions
    let t = position - sizes.z; //? dpositions
    var sum = 0.0; //? dpositions
    if (position >= sizes.z && t < sizes.y) { //? dpositions
        for (var row = t; row < sizes.x; row += sizes.y) { sum += dy[row * C + c]; } //? dpositions
    } //? dpositions
    return sum; //? dpositions
} //? dpositions
