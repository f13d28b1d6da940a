// The gradients of SPAN keys and values of one head a thread, from the queries that see them:
// dV = the sum of p dO, dK = the sum of ds Q / sqrt(D), with p and ds as in attention_dq.wgsl. sizes as in attention.wgsl.
@compute @workgroup_size(32)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) local: u32) {
    let thread = (group.y * groups.x + group.x) * 32 + local;
    if (thread >= sizes.x) { return; }
    let place = span_of(thread, HKV);
    let b = place.x;
    let group_head = place.y;
    let t = place.z;
    var k: array<Numbers, SPAN * DN>;
    var v: array<Numbers, SPAN * DN>;
    for (var i = 0u; i < SPAN * DN; i++) {
        let row = min(t + i / DN, sizes.y - 1);
        k[i] = qkv[key(b, row, group_head) + i % DN] * scale();
        v[i] = qkv[value(b, row, group_head) + i % DN];
    }
    var dk$i_$d = Numbers(); //* i<SPAN d<DN
    var dv$i_$d = Numbers(); //* i<SPAN d<DN
    for (var at = 0u; at < GROUP * (sizes.y - t); at++) {
        let h = group_head * GROUP + at / (sizes.y - t);
        let j = t + at % (sizes.y - t);
        let bh = b * H + h;
        let q = query(b, j, h);
        let o = output(b, j, h);
        let q$d = qkv[q + $d]; //* d<DN
        let g$d = dy[o + $d]; //* d<DN
        let lse = logsumexp[bh * sizes.y + j];
        let mean = pull[bh * sizes.y + j];
        var s$i = -lse; //* i<SPAN
        s$i += inner(q$d, k[$i * DN + $d]); //* i<SPAN d<DN
        var dp$i = 0.0; //* i<SPAN
        dp$i += inner(g$d, v[$i * DN + $d]); //* i<SPAN d<DN
        let p$i = select(0.0, exp(s$i), j >= t + $i); //* i<SPAN
        let keep$i = 1.0; //* i<SPAN //! DROPOUT
        let keep$i = keep(sizes.z, sizes.w, bitcast<f32>(DROPOUT), (bh * sizes.y + j) * sizes.y + t + $i); //* i<SPAN //? DROPOUT
        let ds$i = p$i * (dp$i * keep$i - mean); //* i<SPAN
        dv$i_$d += p$i * keep$i * g$d; //* i<SPAN d<DN
        dk$i_$d += ds$i * q$d; //* i<SPAN d<DN
    }
    if (t + $i < sizes.y) { dqkv[key(b, t + $i, group_head) + $d] = dk$i_$d * scale(); } //* i<SPAN d<DN
    if (t + $i < sizes.y) { dqkv[value(b, t + $i, group_head) + $d] = dv$i_$d; } //* i<SPAN d<DN
}
