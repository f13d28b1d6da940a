// The same product for one row, as in decoding: every weight is read once. A thread makes one Numbers of y (NN) or one number
// (NT). With `norm_weight` the row is normalised on the way in, by each thread for itself: cheaper than a launch.
@compute @workgroup_size(8)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) local: u32) {
    let n = (group.y * groups.x + group.x) * 8 + local;
    if (n >= OUT) { return; }
    var mean = 0.0; //? norm_weight
    var squares = 0.0; //? norm_weight
    for (var k = 0u; k < DEPTH; k++) { mean += all_of(a[k]); } //? CENTRED
    mean /= f32(K); //? CENTRED
    for (var k = 0u; k < DEPTH; k++) { let d = a[k] - mean; squares += all_of(d * d); } //? norm_weight
    let scale = inverseSqrt(squares / f32(K) + 1e-5); //? norm_weight
    var sum = Numbers(); //? NN
    var sum = 0.0; //? NT
    for (var k = 0u; k < DEPTH; k++) {
        var h = a[k];
        h = (h - mean) * scale * norm_weight[k]; //? norm_weight
        h += norm_bias[k]; //? norm_bias
        sum += h * b[k * OUT + n]; //? NN
        sum += inner(h, b[n * DEPTH + k]); //? NT
    }
    sum += bias[n]; //? bias
    sum += residual[n]; //? residual
    y[n] = sum; //! GELU
    y[n] = gelu4(sum); //? GELU4
    y[n] = gelu(sum); //? GELU1
}

fn all_of(x: f32) -> f32 { return x; } //? NN
fn all_of(x: Numbers) -> f32 { return add_up(x); } //? NT
