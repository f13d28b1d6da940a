// Thread r: row r of y = (x - mean) / deviation * weight + bias; statistics[r] = (mean, 1 / deviation). sizes: rows, numbers
// in a row. COLUMNS counts what is read at a time.
@compute @workgroup_size(32)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) local: u32) {
    let r = (group.y * groups.x + group.x) * 32 + local;
    if (r >= sizes.x) { return; }
    let row = r * COLUMNS;
    let count = f32(sizes.y);
    var mean = 0.0;
    var sum = Numbers(); //? CENTRED
    for (var c = 0u; c < COLUMNS; c++) { sum += x[row + c]; } //? CENTRED
    mean = add_up(sum) / count; //? CENTRED
    var squares = Numbers();
    for (var c = 0u; c < COLUMNS; c++) { let d = x[row + c] - mean; squares += d * d; }
    let scale = inverseSqrt(add_up(squares) / count + EPSILON);
    for (var c = 0u; c < COLUMNS; c++) {
        var value = (x[row + c] - mean) * scale * weight[c];
        value += bias[c]; //? bias
        y[row + c] = value;
    }
    statistics[r] = vec2(mean, scale);
}
