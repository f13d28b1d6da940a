// A thread has SPAN queries of one head. It walks over the keys they see, and keeps for each a running largest score, sum of
// exponentials and mix of values (Milakov & Gimelshein, 2018). sizes: threads, T, then what dropout needs; DROPOUT holds the
// bits of its scale.
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
    for (var d = 0u; d < SPAN * DN; d++) {
        q[d] = qkv[query(b, min(t + d / DN, sizes.y - 1), h) + d % DN] * scale();
    }
    var top$i = -1e30; //* i<SPAN
    var sum$i = 0.0; //* i<SPAN
    var mix$i_$d = Numbers(); //* i<SPAN d<DN
    for (var j = 0u; j < min(t + SPAN, sizes.y); j++) {
        let k = key(b, j, h / GROUP);
        let v = value(b, j, h / GROUP);
        let k$d = qkv[k + $d]; //* d<DN
        let v$d = qkv[v + $d]; //* d<DN
        var s$i = 0.0; //* i<SPAN
        s$i += inner(q[$i * DN + $d], k$d); //* i<SPAN d<DN
        s$i = select(-1e30, s$i, j <= t + $i); //* i<SPAN
        let e$i = exp(-abs(s$i - top$i)); //* i<SPAN
        let p$i = select(e$i, 1.0, s$i > top$i); //* i<SPAN
        let shrink$i = select(1.0, e$i, s$i > top$i); //* i<SPAN
        top$i = max(top$i, s$i); //* i<SPAN
        sum$i = sum$i * shrink$i + p$i; //* i<SPAN
        let kept$i = p$i; //* i<SPAN //! DROPOUT
        let kept$i = p$i * keep(sizes.z, sizes.w, bitcast<f32>(DROPOUT), (bh * sizes.y + t + $i) * sizes.y + j); //* i<SPAN //? DROPOUT
        mix$i_$d = mix$i_$d * shrink$i + kept$i * v$d; //* i<SPAN d<DN
    }
    if (t + $i < sizes.y) { logsumexp[bh * sizes.y + t + $i] = top$i + log(sum$i); } //* i<SPAN
    if (t + $i < sizes.y) { y[output(b, t + $i, h) + $d] = mix$i_$d / sum$i; } //* i<SPAN d<DN
}
