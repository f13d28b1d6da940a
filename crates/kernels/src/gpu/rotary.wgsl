// Rotates the queries and keys of packed rows [B T, ROW]; one thread for each number. sizes: numbers, T, and start where no cursor tells it.
// A pair (a, b) lies half a head apart; it becomes (a cos - b sin, b cos + a sin), or back with sin negated.
@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) local: u32) {
    let i = thread_index(group, groups, local);
    if (i >= sizes.x) { return; }
    let column = i % ROW;
    if (column >= ROTATED) { y[i] = x[i]; return; }
    let j = column % D;
    let start = sizes.z; //! cursor
    let start = u32(cursor[0]); //? cursor
    let angle = (start + (i / ROW) % sizes.y) * D + j;
    let first = j < D / 2u;
    let other = x[select(i - D / 2u, i + D / 2u, first)];
    var s = select(sine[angle], -sine[angle], first);
    s = -s; //? BACK
    y[i] = x[i] * cosine[angle] + other * s;
}
