// Partial sums of squares of 4 N numbers, one for each workgroup.
var<workgroup> sums: array<f32, 64>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) local: u32) {
    var sum = 0.0;
    for (var i = group.x * 64u + local; i < N; i += groups.x * 64u) { sum += dot(x[i], x[i]); }
    sums[local] = sum;
    workgroupBarrier();
    if (local == 0u) {
        var total = 0.0;
        for (var i = 0u; i < 64u; i++) { total += sums[i]; }
        parts[group.x] = total;
    }
}
