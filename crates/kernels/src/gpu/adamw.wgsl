// One AdamW update of 4 N weights; the formula stands in adamw.rs. Weights at `DECAYED` and beyond do not decay.
// Every workgroup first adds up the PARTS partial sums of squares: cheaper than a launch of its own for the norm.
var<workgroup> sums: array<f32, 64>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) local: u32) {
    var sum = 0.0;
    for (var i = local; i < PARTS; i += 64u) { sum += parts[i]; }
    sums[local] = sum;
    workgroupBarrier();
    var squares = 0.0;
    for (var i = 0u; i < 64u; i++) { squares += sums[i]; }
    let length = sqrt(squares);
    if (group.x == 0u && local == 0u) { norm[0] = length; }

    let decay = rates[0];
    let rate = rates[1];
    let bias2 = rates[2];
    let beta1 = rates[3];
    let beta2 = rates[4];
    let clip = min(1.0, rates[5] / (length + 1e-6));
    for (var i = group.x * 64u + local; i < N; i += groups.x * 64u) {
        let g = gradients[i] * clip;
        let m = beta1 * moments[i] + (1.0 - beta1) * g;
        let v = beta2 * moments[N + i] + (1.0 - beta2) * g * g;
        new_moments[i] = m;
        new_moments[N + i] = v;
        new_weights[i] = weights[i] * select(1.0, decay, 4 * i < DECAYED) - rate * m / (sqrt(v) * bias2 + 1e-8);
    }
}
