// y[row] = tokens[ids[row]] + positions[start + row % T]; one thread a number. sizes: numbers, T, and start where no cursor tells it.
@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) local: u32) {
    let i = thread_index(group, groups, local);
    if (i >= sizes.x) { return; }
    let start = sizes.z; //! cursor
    let start = u32(cursor[0]); //? cursor
    let row = i / C;
    let column = i % C;
    var sum = tokens[u32(ids[row]) * C + column];
    sum += positions[(start + row % sizes.y) * C + column]; //? positions
    y[i] = sum;
}
