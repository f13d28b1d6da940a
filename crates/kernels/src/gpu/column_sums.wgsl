// y[column] = the sum of x [R, N] over its rows; one thread a column. sizes: R, N.
@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) local: u32) {
    let column = thread_index(group, groups, local);
    if (column >= sizes.y) { return; }
    var sum = 0.0;
    for (var row = 0u; row < sizes.x; row++) { sum += x[row * sizes.y + column]; }
    y[column] = sum;
}
