// y[m, n] = the sum over k of a(m, k) b(k, n), for sizes that are multiples of the tile's. A thread makes a tile of ROWS rows and
// 4 QUADS columns, c[QUADS i + j] being row m + i and four columns from n4 + j on, and takes STEPS steps of the sum at a time.
//   NN: a [M, K], b [K, N]    NT: a [M, K], b [N, K]    TN: a [K, M], b [K, N]
@compute @workgroup_size(WIDTH)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) local: u32) {
    let tile = (group.y * groups.x + group.x) * WIDTH + local;
    let across = N / (4 * QUADS);
    if (tile >= (M / ROWS) * across) { return; }
    let m = tile / across * ROWS;
    let n4 = tile % across * QUADS;
    var c: array<vec4<f32>, ROWS * QUADS>;
    var sum$j = vec4<f32>(); //* j<QUADS //? sums
    for (var k = 0u; k < K / STEPS; k++) {
        let b$s_$j = b[(STEPS * k + $s) * (N / 4) + n4 + $j]; //* s<STEPS j<QUADS //! NT
        let w$j_$l = b[(4 * (n4 + $j) + $l) * (K / STEPS) + k]; //* j<QUADS l<4 //? NT
        let b$s_$j = vec4(w$j_0[$s], w$j_1[$s], w$j_2[$s], w$j_3[$s]); //* s<STEPS j<QUADS //? NT
        let a$i = a[(m + $i) * (K / STEPS) + k]; //* i<ROWS //! TN
        c[QUADS * $i + $j] += a$i[$s] * b$s_$j; //* i<ROWS j<QUADS s<STEPS //! TN
        let a$s_$q = a[(STEPS * k + $s) * (M / 4) + m / 4 + $q]; //* s<STEPS q<ROW_QUADS //? TN
        c[QUADS * (4 * $q + $r) + $j] += a$s_$q[$r] * b$s_$j; //* q<ROW_QUADS r<4 j<QUADS s<STEPS //? TN
        sum$j += b$s_$j; //* s<STEPS j<QUADS //? sums
    }
    if (m == 0) { //? sums
        sums[n4 + $j] = sum$j; //* j<QUADS //? sums
    } //? sums
    put(m + $i, n4 + $j, c[QUADS * $i + $j]); //* i<ROWS j<QUADS
}
