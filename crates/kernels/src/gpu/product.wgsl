// y[m, n] = the sum over k of a(m, k) b(k, n), for sizes that are multiples of 8. A thread makes a tile of 8 rows and 8 columns,
// c[2 i + j] being row m + i and four columns from n + 4 j on, and takes two steps of the sum at a time.
//   NN: a [M, K], b [K, N]    NT: a [M, K], b [N, K]    TN: a [K, M], b [K, N]
@compute @workgroup_size(WIDTH)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) local: u32) {
    let tile = (group.y * groups.x + group.x) * WIDTH + local;
    if (tile >= (M / 8) * (N / 8)) { return; }
    let m = tile / (N / 8) * 8;
    let n4 = tile % (N / 8) * 2;
    var c: array<vec4<f32>, 16>;
    var sum0 = vec4<f32>(); //? sums
    var sum1 = vec4<f32>(); //? sums
    for (var k = 0u; k < K / 2; k++) {
        let b$s$j = b[(2 * k + $s) * (N / 4) + n4 + $j]; //* s<2 j<2 //! NT
        let w$q = b[(4 * n4 + $q) * (K / 2) + k]; //* q<8 //? NT
        let b00 = vec4(w0.x, w1.x, w2.x, w3.x); //? NT
        let b01 = vec4(w4.x, w5.x, w6.x, w7.x); //? NT
        let b10 = vec4(w0.y, w1.y, w2.y, w3.y); //? NT
        let b11 = vec4(w4.y, w5.y, w6.y, w7.y); //? NT
        let a$i = a[(m + $i) * (K / 2) + k]; //* i<8 //! TN
        c[2 * $i + $j] += a$i.x * b0$j + a$i.y * b1$j; //* i<8 j<2 //! TN
        let a$s$q = a[(2 * k + $s) * (M / 4) + m / 4 + $q]; //* s<2 q<2 //? TN
        c[8 * $q + 2 * $r + $j] += a0$q[$r] * b0$j + a1$q[$r] * b1$j; //* q<2 r<4 j<2 //? TN
        sum$j += b0$j + b1$j; //* j<2 //? sums
    }
    if (m == 0) { //? sums
        sums[n4 + $j] = sum$j; //* j<2 //? sums
    } //? sums
    let at$i = (m + $i) * (N / 4) + n4; //* i<8
    c[2 * $i + $j] += bias[n4 + $j]; //* i<8 j<2 //? bias
    c[2 * $i + $j] += residual[at$i + $j]; //* i<8 j<2 //? residual
    pre[at$i + $j] = c[2 * $i + $j]; //* i<8 j<2 //? pre
    c[2 * $i + $j] = gelu4(c[2 * $i + $j]); //* i<8 j<2 //? pre
    y[at$i + $j] = c[2 * $i + $j]; //* i<8 j<2
}
