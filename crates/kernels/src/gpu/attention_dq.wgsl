// The gradient of SPAN queries of one head a thread, and of each the product of its output and the output's gradient:
// p = exp(s - logsumexp), ds = p (dO V - dO O), dQ = the sum over keys of ds K / sqrt(D). sizes as in attention.wgsl.
@compute @workgroup_size(32)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) local: u32) {
    let thread = (group.y * groups.x + group.x) * 32 + local;
    if (thread >= sizes.x) { return; }
    let place = span_of(thread, H);
    let b = place.x;
    let h = place.y;
    let t = place.z;
    let bh = b * H + h;
    var q: array<Numbers, SPAN * DN>;
    var g: array<Numbers, SPAN * DN>;
    var along: array<f32, SPAN>;
    for (var i = 0u; i < SPAN; i++) {
        let row = min(t + i, sizes.y - 1);
        for (var d = 0u; d < DN; d++) {
            q[i * DN + d] = qkv[query(b, row, h) + d] * scale();
            g[i * DN + d] = dy[output(b, row, h) + d];
            along[i] += inner(g[i * DN + d], y[output(b, row, h) + d]);
        }
        if (t + i < sizes.y) { pull[bh * sizes.y + t + i] = along[i]; }
    }
    let pull$i = along[$i]; //* i<SPAN
    let lse$i = logsumexp[bh * sizes.y + min(t + $i, sizes.y - 1)]; //* i<SPAN
    var dq$i_$d = Numbers(); //* i<SPAN d<DN
    for (var j = 0u; j < min(t + SPAN, sizes.y); j++) {
        let k = key(b, j, h / GROUP);
        let v = value(b, j, h / GROUP);
        let k$d = qkv[k + $d]; //* d<DN
        let v$d = qkv[v + $d]; //* d<DN
        var s$i = -lse$i; //* i<SPAN
        s$i += inner(q[$i * DN + $d], k$d); //* i<SPAN d<DN
        var dp$i = 0.0; //* i<SPAN
        dp$i += inner(g[$i * DN + $d], v$d); //* i<SPAN d<DN
        dp$i *= keep(sizes.z, sizes.w, bitcast<f32>(DROPOUT), (bh * sizes.y + t + $i) * sizes.y + j); //* i<SPAN //? DROPOUT
        let ds$i = select(0.0, exp(s$i), j <= t + $i) * (dp$i - pull$i); //* i<SPAN
        dq$i_$d += ds$i * k$d; //* i<SPAN d<DN
    }
    if (t + $i < sizes.y) { dqkv[query(b, t + $i, h) + $d] = dq$i_$d * scale(); } //* i<SPAN d<DN
}
