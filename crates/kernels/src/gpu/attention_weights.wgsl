// The weights of T tokens (sizes.y) over themselves and sizes.z earlier ones, whose keys lie in a cache of CONTEXT places, to look
// at. Thread (b, h, i): row i; with a cache there is one sequence, b = 0.
@compute @workgroup_size(4)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) local: u32) {
    let row = (group.y * groups.x + group.x) * 4 + local;
    if (row >= sizes.x) { return; }
    let b = row / (H * sizes.y);
    let h = row / sizes.y % H;
    let i = row % sizes.y;
    let start = sizes.z;
    let width = start + sizes.y;
    let q$d = qkv[query(b, i, h) + $d] * scale(); //* d<DN
    var top = -1e30;
    for (var j = 0u; j <= start + i; j++) {
        var score = 0.0;
        if (j < start) { //? keys
            let k = (h / GROUP * CONTEXT + j) * DN; //? keys
            score += inner(q$d, keys[k + $d]); //* d<DN //? keys
        } else { //? keys
            let k = key(b, j - start, h / GROUP);
            score += inner(q$d, qkv[k + $d]); //* d<DN
        } //? keys
        weights[row * width + j] = score;
        top = max(top, score);
    }
    var sum = 0.0;
    for (var j = 0u; j <= start + i; j++) { sum += exp(weights[row * width + j] - top); }
    for (var j = 0u; j < width; j++) {
        let at = row * width + j;
        weights[at] = select(0.0, exp(weights[at] - top) / sum, j <= start + i);
    }
}
