// The same product through workgroup memory, for M and N that are multiples of 64 and K of 16. A workgroup makes 64 rows and
// columns, a thread ROWS rows and 4 QUADS columns of them; 16 steps of the sum lie in workgroup memory, as [step][row or column].
var<workgroup> rows: array<f32, 1024>;
var<workgroup> columns: array<f32, 1024>;
const ACROSS: u32 = 16 / QUADS;
const THREADS: u32 = 64 / ROWS * ACROSS;

@compute @workgroup_size(THREADS)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) local: u32) {
    let tile = group.y * groups.x + group.x;
    let m0 = tile / (N / 64) * 64;
    let n0 = tile % (N / 64) * 64;
    if (m0 >= M) { return; }
    let m = local / ACROSS * ROWS;
    let n4 = local % ACROSS;
    var c: array<vec4<f32>, ROWS * QUADS>;
    var sum$j = vec4<f32>(); //* j<QUADS //? sums
    for (var k0 = 0u; k0 < K; k0 += 16) {
        for (var at = local; at < 256; at += THREADS) {
            // Of 256 vectors a thread takes every THREADSth: four steps of a row, or four rows of a step.
            let along = 256 * (at % 4) + at / 4;
            let from_a = a[(m0 + at / 4) * (K / 4) + k0 / 4 + at % 4]; //! TN
            rows[along + 64 * $i] = from_a[$i]; //* i<4 //! TN
            let from_a = a[(k0 + at / 16) * (M / 4) + m0 / 4 + at % 16]; //? TN
            rows[4 * at + $i] = from_a[$i]; //* i<4 //? TN
            let from_b = b[(k0 + at / 16) * (N / 4) + n0 / 4 + at % 16]; //! NT
            columns[4 * at + $i] = from_b[$i]; //* i<4 //! NT
            let from_b = b[(n0 + at / 4) * (K / 4) + k0 / 4 + at % 4]; //? NT
            columns[along + 64 * $i] = from_b[$i]; //* i<4 //? NT
        }
        workgroupBarrier();
        for (var k = 0u; k < 1024; k += 64) {
            let x$j = k + 4 * (n4 + ACROSS * $j); //* j<QUADS
            let b$j = vec4(columns[x$j], columns[x$j + 1], columns[x$j + 2], columns[x$j + 3]); //* j<QUADS
            let a$i = rows[k + m + $i]; //* i<ROWS
            c[QUADS * $i + $j] += a$i * b$j; //* i<ROWS j<QUADS
            sum$j += b$j; //* j<QUADS //? sums
        }
        workgroupBarrier();
    }
    if (m0 + m == 0) { //? sums
        sums[n0 / 4 + n4 + ACROSS * $j] = sum$j; //* j<QUADS //? sums
    } //? sums
    put(m0 + m + $i, n0 / 4 + n4 + ACROSS * $j, c[QUADS * $i + $j]); //* i<ROWS j<QUADS
}
