// The same product for any sizes; M is sizes.x. A thread makes a tile of 4 rows and 4 columns: past an edge it reads the edge
// again, and writes nothing.
@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) local: u32) {
    let tile = thread_index(group, groups, local);
    let across = (N + 3) / 4;
    let m = tile / across * 4;
    let n = tile % across * 4;
    if (m >= sizes.x) { return; }
    let rows = min(vec4(m, m + 1, m + 2, m + 3), vec4(sizes.x - 1));
    let columns = min(vec4(n, n + 1, n + 2, n + 3), vec4(N - 1));
    var c: array<vec4<f32>, 4>;
    var sum = vec4<f32>(); //? sums
    for (var k = 0u; k < K; k++) {
        let start = columns + k * N; //! NT
        let start = columns * K + k; //? NT
        let bs = vec4(b[start.x], b[start.y], b[start.z], b[start.w]);
        let along = rows * K + k; //! TN
        let along = rows + k * sizes.x; //? TN
        c[$i] += a[along[$i]] * bs; //* i<4
        sum += bs; //? sums
    }
    for (var i = 0u; i < 4 && m + i < sizes.x; i++) {
        for (var j = 0u; j < 4 && n + j < N; j++) {
            let at = (m + i) * N + n + j;
            var value = c[i][j];
            value += bias[n + j]; //? bias
            value += residual[at]; //? residual
            pre[at] = value; //? pre
            value = gelu(value); //? pre
            y[at] = value;
            if (m + i == 0) { sums[n + j] = sum[j]; } //? sums
        }
    }
}
