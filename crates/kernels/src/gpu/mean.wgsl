// mean[0] = the mean of sizes.x numbers; one workgroup.
var<workgroup> partial: array<f32, 64>;

@compute @workgroup_size(64)
fn main(@builtin(local_invocation_index) local: u32) {
    var sum = 0.0;
    for (var i = local; i < sizes.x; i += 64u) { sum += x[i]; }
    partial[local] = sum;
    workgroupBarrier();
    if (local == 0u) {
        var all = 0.0;
        for (var i = 0u; i < 64u; i++) { all += partial[i]; }
        mean[0] = all / f32(sizes.x);
    }
}
