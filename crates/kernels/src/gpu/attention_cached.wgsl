// T new tokens (sizes.y) over a cache of CONTEXT places that holds sizes.z earlier ones. Thread (b, h, i): the mix of new row i;
// with a cache there is one sequence, b = 0. Keys and values of the new rows are read where they are, and the first head of
// their group writes them to the cache. With WEIGHTS, nothing is mixed: the weights themselves are written.
@compute @workgroup_size(4)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) local: u32) {
    let row = (group.y * groups.x + group.x) * 4 + local;
    if (row >= sizes.x) { return; }
    let b = row / (H * sizes.y);
    let h = row / sizes.y % H;
    let i = row % sizes.y;
    let group_head = h / GROUP;
    let start = sizes.z;
    if (h % GROUP == 0) { //! WEIGHTS
        let place = (group_head * CONTEXT + start + i) * DN; //! WEIGHTS
        for (var d = 0u; d < DN; d++) { //! WEIGHTS
            keys[place + d] = qkv[key(b, i, group_head) + d]; //! WEIGHTS
            values[place + d] = qkv[value(b, i, group_head) + d]; //! WEIGHTS
        } //! WEIGHTS
    } //! WEIGHTS
    var q: array<Numbers, DN>;
    for (var d = 0u; d < DN; d++) { q[d] = qkv[query(b, i, h) + d] * scale(); }
    var mix: array<Numbers, DN>; //! WEIGHTS
    var top = -1e30;
    var sum = 0.0;
    for (var j = 0u; j <= start + i; j++) {
        var score = 0.0;
        let v = value(b, max(j, start) - start, group_head); //! WEIGHTS
        if (j < start) { //? keys
            for (var d = 0u; d < DN; d++) { score += inner(q[d], keys[(group_head * CONTEXT + j) * DN + d]); } //? keys
        } else { //? keys
            let k = key(b, j - start, group_head);
            for (var d = 0u; d < DN; d++) { score += inner(q[d], qkv[k + d]); }
        } //? keys
        weights[row * (start + sizes.y) + j] = score; //? WEIGHTS
        let shrink = exp(min(top - score, 0.0));
        let p = exp(min(score - top, 0.0));
        top = max(top, score);
        sum = sum * shrink + p;
        if (j < start) { //! WEIGHTS
            for (var d = 0u; d < DN; d++) { mix[d] = mix[d] * shrink + p * values[(group_head * CONTEXT + j) * DN + d]; } //! WEIGHTS
        } else { //! WEIGHTS
            for (var d = 0u; d < DN; d++) { mix[d] = mix[d] * shrink + p * qkv[v + d]; } //! WEIGHTS
        } //! WEIGHTS
    }
    for (var d = 0u; d < DN; d++) { y[output(b, i, h) + d] = mix[d] / sum; } //! WEIGHTS
    for (var j = 0u; j < start + sizes.y; j++) { //? WEIGHTS
        let at = row * (start + sizes.y) + j; //? WEIGHTS
        weights[at] = select(0.0, exp(weights[at] - top) / sum, j <= start + i); //? WEIGHTS
    } //? WEIGHTS
}
