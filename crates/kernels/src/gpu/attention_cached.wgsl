// T new tokens (sizes.y) after sizes.z earlier ones, or as many as a cursor tells, whose keys and values lie in a cache of CONTEXT
// places. A thread has one head of one token: it begins with the token's own key and walks over those in the cache, keeping a
// running largest score, sum of exponentials and mix of values. With APPEND the one new token's key and value go to the cache
// here; of several they lie there before.
@compute @workgroup_size(4)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) local: u32) {
    let row = (group.y * groups.x + group.x) * 4 + local;
    if (row >= sizes.x) { return; }
    let start = sizes.z; //! cursor
    let start = u32(cursor[0]); //? cursor
    let h = row / sizes.y;
    let i = row % sizes.y;
    let own = key(0, i, h / GROUP);
    let cached = h / GROUP * CONTEXT * DN;
    let q$d = qkv[query(0, i, h) + $d] * scale(); //* d<DN
    var top = 0.0;
    top += inner(q$d, qkv[own + $d]); //* d<DN
    var sum = 1.0;
    var mix$d = qkv[own + HKV * DN + $d]; //* d<DN
    if (h % GROUP == 0) { //? APPEND
        keys[cached + start * DN + $d] = qkv[own + $d]; //* d<DN //? APPEND
        values[cached + start * DN + $d] = mix$d; //* d<DN //? APPEND
    } //? APPEND
    for (var at = cached; at < cached + (start + i) * DN; at += DN) {
        var score = 0.0;
        score += inner(q$d, keys[at + $d]); //* d<DN
        let e = exp(-abs(score - top));
        let p = select(e, 1.0, score > top);
        let shrink = select(1.0, e, score > top);
        top = max(top, score);
        sum = sum * shrink + p;
        mix$d = mix$d * shrink + p * values[at + $d]; //* d<DN
    }
    y[output(0, i, h) + $d] = mix$d / sum; //* d<DN
}
