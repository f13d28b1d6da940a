// mean[0] = the mean of sizes.x numbers; one workgroup.
@compute @workgroup_size(64)
fn main(@builtin(local_invocation_index) local: u32) {
    var sum = 0.0;
    for (var i = local; i < sizes.x; i += 64u) { sum += x[i]; }
    sum = total(local, sum);
    if (local == 0u) { mean[0] = sum / f32(sizes.x); }
}
