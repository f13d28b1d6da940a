// The same product for one row, as in decoding: every weight is read once. A thread makes COLS Numbers of y (NN) or COLS numbers
// (NT), which share what it reads of the row. With `norm_weight` the row is normalised on the way in, by each thread for itself,
// which saves a launch.
@compute @workgroup_size(8)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) local: u32) {
    let thread = (group.y * groups.x + group.x) * 8 + local;
    if (thread >= OUT / COLS) { return; }
    let n$c = thread + $c * (OUT / COLS); //* c<COLS
    var mean = 0.0; //? norm_weight
    var squares = 0.0; //? norm_weight
    for (var k = 0u; k < DEPTH; k++) { mean += all_of(a[k]); } //? CENTRED
    mean /= f32(K); //? CENTRED
    for (var k = 0u; k < DEPTH; k++) { let d = a[k] - mean; squares += all_of(d * d); } //? norm_weight
    let scale = inverseSqrt(squares / f32(K) + EPSILON); //? norm_weight
    var sum$c = Numbers(); //* c<COLS //? NN
    var sum$c = 0.0; //* c<COLS //? NT
    for (var k = 0u; k < DEPTH; k++) {
        var h = a[k];
        h = (h - mean) * scale * norm_weight[k]; //? norm_weight
        h += norm_bias[k]; //? norm_bias
        sum$c += h * b[k * OUT + n$c]; //* c<COLS //? NN
        sum$c += inner(h, b[n$c * DEPTH + k]); //* c<COLS //? NT
    }
    sum$c += bias[n$c]; //* c<COLS //? bias
    sum$c += residual[n$c]; //* c<COLS //? residual
    y[n$c] = sum$c; //* c<COLS //! GELU
    y[n$c] = gelu4(sum$c); //* c<COLS //? GELU4
    y[n$c] = gelu(sum$c); //* c<COLS //? GELU1
}

fn all_of(x: f32) -> f32 { return x; } //? NN
fn all_of(x: Numbers) -> f32 { return add_up(x); } //? NT
