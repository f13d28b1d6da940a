// With n = (x - mean) / deviation and g = dy weight: dx = (g - mean(g) - n mean(g n)) / deviation, dweight = the sum of dy n,
// dbias = the sum of dy. The first threads make a row of dx each, those after them COLUMNS of the sums. sizes as in norm.wgsl.
@compute @workgroup_size(32)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) local: u32) {
    let thread = (group.y * groups.x + group.x) * 32 + local;
    if (thread < sizes.x) {
        row_gradient(thread);
    } else if (thread < sizes.x + COLUMNS) {
        weight_gradient(thread - sizes.x);
    }
}

fn row_gradient(r: u32) {
    let row = r * COLUMNS;
    let s = statistics[r];
    var sum = Numbers();
    var pull = Numbers();
    for (var c = 0u; c < COLUMNS; c++) {
        let g = dy[row + c] * weight[c];
        sum += g;
        pull += g * (x[row + c] - s.x) * s.y;
    }
    var mean = add_up(sum) / f32(sizes.y);
    mean = 0.0; //! CENTRED
    let slope = add_up(pull) / f32(sizes.y);
    for (var c = 0u; c < COLUMNS; c++) {
        dx[row + c] = (dy[row + c] * weight[c] - mean - (x[row + c] - s.x) * s.y * slope) * s.y;
    }
}

fn weight_gradient(c: u32) {
    var slope = Numbers();
    var shift = Numbers(); //? dbias
    for (var r = 0u; r < sizes.x; r++) {
        let g = dy[r * COLUMNS + c];
        let s = statistics[r];
        slope += g * (x[r * COLUMNS + c] - s.x) * s.y;
        shift += g; //? dbias
    }
    dweight[c] = slope;
    dbias[c] = shift; //? dbias
}
