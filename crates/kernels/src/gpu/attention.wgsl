// One thread a row of the scores: thread (b, h, i) walks over keys 0..=i and keeps a running largest score, sum of exponentials
// and mix of values (Milakov & Gimelshein, 2018). sizes: threads, T. Then seed and threshold; DROPOUT holds the bits of its scale.
@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) local: u32) {
    let row = thread_index(group, groups, local);
    if (row >= sizes.x) { return; }
    let b = row / (H * sizes.y);
    let h = row / sizes.y % H;
    let i = row % sizes.y;
    var q: array<f32, D>;
    var mix: array<f32, D>;
    for (var d = 0u; d < D; d++) { q[d] = qkv[query(b, i, h) + d] * inverseSqrt(f32(D)); }
    var top = -1e30;
    var sum = 0.0;
    for (var j = 0u; j <= i; j++) {
        let k = key(b, j, h / (H / HKV));
        let v = value(b, j, h / (H / HKV));
        var score = 0.0;
        for (var d = 0u; d < D; d++) { score += q[d] * qkv[k + d]; }
        let new_top = max(top, score);
        let shrink = exp(top - new_top);
        let weight = exp(score - new_top);
        top = new_top;
        sum = sum * shrink + weight;
        var kept = weight;
        kept *= keep(sizes.z, sizes.w, bitcast<f32>(DROPOUT), row * sizes.y + j); //? DROPOUT
        for (var d = 0u; d < D; d++) { mix[d] = mix[d] * shrink + kept * qkv[v + d]; }
    }
    for (var d = 0u; d < D; d++) { y[output(b, i, h) + d] = mix[d] / sum; }
    logsumexp[row] = top + log(sum);
}
