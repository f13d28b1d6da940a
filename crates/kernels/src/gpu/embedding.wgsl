// y[row] = tokens[ids[row]] + positions[start + row % T]; one thread a number. sizes: numbers, T, start.
@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) local: u32) {
    let i = thread_index(group, groups, local);
    if (i >= sizes.x) { return; }
    let row = i / C;
    let column = i % C;
    var sum = tokens[u32(ids[row]) * C + column];
    sum += positions[(sizes.z + row % sizes.y) * C + column]; //? positions
    y[i] = sum;
}
