// New moments of 4 N numbers, and the gradients' norm; the formula stands in adamw.rs. Every workgroup first adds up the PARTS
// partial sums of squares: cheaper than a launch of its own for the norm.
@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) local: u32) {
    var sum = 0.0;
    for (var i = local; i < PARTS; i += 64u) { sum += parts[i]; }
    let length = sqrt(total(local, sum));
    if (group.x == 0u && local == 0u) { norm[0] = length; }
    let clip = min(1.0, rates[5] / (length + 1e-6));
    for (var i = group.x * 64u + local; i < N; i += groups.x * 64u) {
        let g = gradients[i] * clip;
        new_first[i] = rates[3] * first[i] + (1.0 - rates[3]) * g;
        new_second[i] = rates[4] * second[i] + (1.0 - rates[4]) * g * g;
    }
}
