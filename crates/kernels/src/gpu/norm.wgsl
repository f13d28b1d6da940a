// Workgroup r: row r of y = (x - mean) / deviation * weight + bias; statistics[r] = (mean, 1 / deviation). sizes: rows.
var<workgroup> partial: array<vec2<f32>, 64>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) local: u32) {
    let row = group.y * groups.x + group.x;
    if (row >= sizes.x) { return; }
    var mean = 0.0;
    var sum = 0.0; //? CENTRED
    for (var c = local; c < C; c += 64u) { sum += x[row * C + c]; } //? CENTRED
    mean = total(local, vec2(sum, 0.0)).x / f32(C); //? CENTRED
    var squares = 0.0;
    for (var c = local; c < C; c += 64u) { let d = x[row * C + c] - mean; squares += d * d; }
    let scale = 1.0 / sqrt(total(local, vec2(squares, 0.0)).x / f32(C) + 1e-5);
    for (var c = local; c < C; c += 64u) {
        var value = (x[row * C + c] - mean) * scale * weight[c];
        value += bias[c]; //? bias
        y[row * C + c] = value;
    }
    if (local == 0u) { statistics[2u * row] = mean; statistics[2u * row + 1u] = scale; }
}
