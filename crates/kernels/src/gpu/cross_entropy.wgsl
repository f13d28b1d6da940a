// Workgroup r: row r's log of the sum of exponentials, and its loss, logsumexp - logit of the target. sizes: rows.
var<workgroup> partial: array<f32, 64>;

fn largest(local: u32, value: f32) -> f32 {
    partial[local] = value;
    workgroupBarrier();
    var all = partial[0];
    for (var i = 1u; i < 64u; i++) { all = max(all, partial[i]); }
    workgroupBarrier();
    return all;
}

fn total(local: u32, value: f32) -> f32 {
    partial[local] = value;
    workgroupBarrier();
    var all = 0.0;
    for (var i = 0u; i < 64u; i++) { all += partial[i]; }
    workgroupBarrier();
    return all;
}

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) local: u32) {
    let r = group.y * groups.x + group.x;
    if (r >= sizes.x) { return; }
    let row = r * V;
    var m = logits[row];
    for (var v = local; v < V; v += 64u) { m = max(m, logits[row + v]); }
    m = largest(local, m);
    var sum = 0.0;
    for (var v = local; v < V; v += 64u) { sum += exp(logits[row + v] - m); }
    sum = total(local, sum);
    if (local == 0u) {
        logsumexp[r] = m + log(sum);
        losses[r] = m + log(sum) - logits[row + u32(targets[r])];
    }
}
