// Partial sums of squares of 4 N numbers, one for each workgroup.
@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) local: u32) {
    var sum = 0.0;
    for (var i = group.x * 64u + local; i < N; i += groups.x * 64u) { sum += dot(x[i], x[i]); }
    sum = total(local, sum);
    if (local == 0u) { parts[group.x] = sum; }
}
