// A row's log of the sum of exponentials, and its loss, logsumexp - logit of the target: a thread for a row, or TOGETHER a
// workgroup. sizes: rows.
@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) local: u32) {
    let r = thread_index(group, groups, local); //! TOGETHER
    let r = group.y * groups.x + group.x; //? TOGETHER
    let first = select(0, local, LANES > 1);
    if (r >= sizes.x) { return; }
    let row = r * V;
    var top = logits[row];
    for (var v = first; v < V; v += LANES) { top = max(top, logits[row + v]); }
    top = largest(local, top); //? TOGETHER
    var sum = 0.0;
    for (var v = first; v < V; v += LANES) { sum += exp(logits[row + v] - top); }
    sum = total(local, sum); //? TOGETHER
    if (first == 0) {
        logsumexp[r] = top + log(sum);
        losses[r] = top + log(sum) - logits[row + u32(targets[r])];
    }
}
