// Thread (b, h, i) of the first half: dQ of a query row. Thread (b, h_kv, j) of the second: dK and dV of a key row, over the
// queries of its group that see it. No two threads write one number. The formulas stand in attention.rs.
fn weight(b: u32, h: u32, i: u32, score: f32) -> f32 {
    return exp(score - logsumexp[(b * H + h) * sizes.y + i]);
}

fn kept(b: u32, h: u32, i: u32, j: u32) -> f32 {
    return keep(sizes.z, sizes.w, bitcast<f32>(DROPOUT), ((b * H + h) * sizes.y + i) * sizes.y + j); //? DROPOUT
    return 1.0; //! DROPOUT
}

// sum(dO O) of a row.
fn pull(b: u32, h: u32, i: u32) -> f32 {
    let o = output(b, i, h);
    var sum = 0.0;
    for (var d = 0u; d < D; d++) { sum += dy[o + d] * y[o + d]; }
    return sum;
}

// (score, dP) of query i and key j.
fn pair(b: u32, h: u32, i: u32, j: u32) -> vec2<f32> {
    let q = query(b, i, h);
    let k = key(b, j, h / (H / HKV));
    let v = value(b, j, h / (H / HKV));
    let o = output(b, i, h);
    var sums = vec2<f32>();
    for (var d = 0u; d < D; d++) { sums += vec2(qkv[q + d] * qkv[k + d], dy[o + d] * qkv[v + d]); }
    return sums * vec2(inverseSqrt(f32(D)), 1.0);
}

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) local: u32) {
    let row = thread_index(group, groups, local);
    let t = sizes.y;
    let queries = sizes.x;
    if (row < queries) {
        query_gradient(row / (H * t), row / t % H, row % t);
    } else if (row < queries + queries / H * HKV) {
        let other = row - queries;
        key_gradient(other / (HKV * t), other / t % HKV, other % t);
    }
}

fn query_gradient(b: u32, h: u32, i: u32) {
    let mean = pull(b, h, i);
    var dq: array<f32, D>;
    for (var j = 0u; j <= i; j++) {
        let sums = pair(b, h, i, j);
        let ds = weight(b, h, i, sums.x) * (sums.y * kept(b, h, i, j) - mean) * inverseSqrt(f32(D));
        let k = key(b, j, h / (H / HKV));
        for (var d = 0u; d < D; d++) { dq[d] += ds * qkv[k + d]; }
    }
    for (var d = 0u; d < D; d++) { dqkv[query(b, i, h) + d] = dq[d]; }
}

fn key_gradient(b: u32, g: u32, j: u32) {
    var dk: array<f32, D>;
    var dv: array<f32, D>;
    for (var h = g * (H / HKV); h < (g + 1u) * (H / HKV); h++) {
        for (var i = j; i < sizes.y; i++) {
            let sums = pair(b, h, i, j);
            let p = weight(b, h, i, sums.x);
            let keeping = kept(b, h, i, j);
            let ds = p * (sums.y * keeping - pull(b, h, i)) * inverseSqrt(f32(D));
            let q = query(b, i, h);
            let o = output(b, i, h);
            for (var d = 0u; d < D; d++) {
                dk[d] += ds * qkv[q + d];
                dv[d] += p * keeping * dy[o + d];
            }
        }
    }
    for (var d = 0u; d < D; d++) {
        dqkv[key(b, j, g) + d] = dk[d];
        dqkv[value(b, j, g) + d] = dv[d];
    }
}
