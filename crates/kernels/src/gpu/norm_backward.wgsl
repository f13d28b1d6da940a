// Workgroup r < rows: dx of row r. The workgroups after them: 64 columns each of dweight and dbias. sizes: rows.
// With n = (x - mean) / deviation and g = dy weight: dx = (g - mean(g) - n mean(g n)) / deviation.
var<workgroup> partial: array<vec2<f32>, 64>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) local: u32) {
    let row = group.y * groups.x + group.x;
    if (row >= sizes.x) { columns((row - sizes.x) * 64u + local); return; }
    let mean = statistics[2u * row];
    let scale = statistics[2u * row + 1u];
    var sums = vec2<f32>();
    for (var c = local; c < C; c += 64u) {
        let g = dy[row * C + c] * weight[c];
        sums += vec2(g, g * (x[row * C + c] - mean) * scale);
    }
    sums = total(local, sums) / f32(C);
    sums.x = 0.0; //! CENTRED
    for (var c = local; c < C; c += 64u) {
        let n = (x[row * C + c] - mean) * scale;
        dx[row * C + c] = (dy[row * C + c] * weight[c] - sums.x - n * sums.y) * scale;
    }
}

fn columns(c: u32) {
    if (c >= C) { return; }
    var slope = 0.0;
    var shift = 0.0; //? dbias
    for (var row = 0u; row < sizes.x; row++) {
        let g = dy[row * C + c];
        slope += g * (x[row * C + c] - statistics[2u * row]) * statistics[2u * row + 1u];
        shift += g; //? dbias
    }
    dweight[c] = slope;
    dbias[c] = shift; //? dbias
}
