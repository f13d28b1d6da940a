// New weights, 4 N numbers, from their new moments; the formula stands in adamw.rs. Weights at `DECAYED` and beyond do not decay.
@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) local: u32) {
    let decay = rates[0];
    let rate = rates[1];
    let bias2 = rates[2];
    for (var i = group.x * 64u + local; i < N; i += groups.x * 64u) {
        let kept = weights[i] * select(1.0, decay, 4 * i < DECAYED);
        new_weights[i] = kept - rate * first[i] / (sqrt(second[i]) * bias2 + 1e-8);
    }
}
