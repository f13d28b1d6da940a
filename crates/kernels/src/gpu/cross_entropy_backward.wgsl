// dlogits = (softmax(logits) - one_hot(target)) dy / rows; one thread a number. sizes: numbers, rows.
@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) local: u32) {
    let i = thread_index(group, groups, local);
    if (i >= sizes.x) { return; }
    let row = i / V;
    let hit = select(0.0, 1.0, u32(targets[row]) == i % V);
    dlogits[i] = (exp(logits[i] - logsumexp[row]) - hit) * dy[0] / f32(sizes.y);
}
