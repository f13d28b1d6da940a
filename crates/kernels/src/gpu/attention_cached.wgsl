// T new tokens (sizes.y) over a cache of CONTEXT places that holds sizes.z earlier ones. Thread (b, h, i): the mix of new row i; with a cache there is one sequence, b = 0.
// Keys and values of the new rows are read where they are, and written to the cache by the first head of their group.
@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) local: u32) {
    let row = thread_index(group, groups, local);
    if (row >= sizes.x) { return; }
    let b = row / (H * sizes.y);
    let h = row / sizes.y % H;
    let i = row % sizes.y;
    let g = h / (H / HKV);
    let start = sizes.z;
    if (h % (H / HKV) == 0u) { //! WEIGHTS
        let place = (g * CONTEXT + start + i) * D; //! WEIGHTS
        for (var d = 0u; d < D; d++) { //! WEIGHTS
            keys[place + d] = qkv[key(b, i, g) + d]; //! WEIGHTS
            values[place + d] = qkv[value(b, i, g) + d]; //! WEIGHTS
        } //! WEIGHTS
    } //! WEIGHTS
    var mix: array<f32, D>; //! WEIGHTS
    var top = -1e30;
    var sum = 0.0;
    for (var j = 0u; j <= start + i; j++) {
        let score = score_of(b, h, g, i, j);
        let new_top = max(top, score);
        let shrink = exp(top - new_top);
        let weight = exp(score - new_top);
        top = new_top;
        sum = sum * shrink + weight;
        for (var d = 0u; d < D; d++) { mix[d] = mix[d] * shrink + weight * value_of(b, g, j, d); } //! WEIGHTS
    }
    for (var d = 0u; d < D; d++) { y[output(b, i, h) + d] = mix[d] / sum; } //! WEIGHTS
    let width = start + sizes.y; //? WEIGHTS
    for (var j = 0u; j < width; j++) { //? WEIGHTS
        weights[row * width + j] = select(0.0, exp(score_of(b, h, g, i, j) - top) / sum, j <= start + i); //? WEIGHTS
    } //? WEIGHTS
}

fn score_of(b: u32, h: u32, g: u32, i: u32, j: u32) -> f32 {
    var sum = 0.0;
    let q = query(b, i, h);
    if (j < sizes.z) {
        for (var d = 0u; d < D; d++) { sum += qkv[q + d] * keys[(g * CONTEXT + j) * D + d]; } //? keys
    } else {
        let k = key(b, j - sizes.z, g);
        for (var d = 0u; d < D; d++) { sum += qkv[q + d] * qkv[k + d]; }
    }
    return sum * inverseSqrt(f32(D));
}

fn value_of(b: u32, g: u32, j: u32, d: u32) -> f32 { //! WEIGHTS
    if (j < sizes.z) { return values[(g * CONTEXT + j) * D + d]; } //! WEIGHTS
    return qkv[value(b, j - sizes.z, g) + d]; //! WEIGHTS
} //! WEIGHTS
