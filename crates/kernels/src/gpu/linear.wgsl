// One thread a number of the output [M, N], a sum over K. sizes: M, N, K.
@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) local: u32) {
    let i = thread_index(group, groups, local);
    let n = sizes.y;
    if (i >= sizes.x * n) { return; }
    let row = i / n;
    let column = i % n;
    var sum = 0.0;
    for (var k = 0u; k < sizes.z; k++) {
        sum += a[row * sizes.z + k] * b[k * n + column]; //? NN
        sum += a[row * sizes.z + k] * b[column * sizes.z + k]; //? NT
        sum += a[k * sizes.x + row] * b[k * n + column]; //? TN
    }
    sum += bias[column]; //? bias
    sum += residual[i]; //? residual
    pre[i] = sum; //? pre
    sum = gelu(sum); //? pre
    y[i] = sum;
}
