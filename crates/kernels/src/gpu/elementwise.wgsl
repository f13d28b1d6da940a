// One thread for each number of the output, or for four; sizes.x of them.
@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) local: u32) {
    let i = thread_index(group, groups, local);
    if (i >= sizes.x) { return; }
    y[i] = gate[i] * sigmoid(gate[i]) * up[i]; //? SWIGLU
    let s = sigmoid(gate[i]); //? SWIGLU_BACKWARD
    dgate[i] = dy[i] * up[i] * s * (1.0 + gate[i] * (1.0 - s)); //? SWIGLU_BACKWARD
    dup[i] = dy[i] * gate[i] * s; //? SWIGLU_BACKWARD
    dx[i] = dy[i] * gelu_slope(x[i]); //? GELU_BACKWARD1
    dx[i] = dy[i] * gelu_slope4(x[i]); //? GELU_BACKWARD4
    y[i] = x[i] * keep(sizes.y, sizes.z, bitcast<f32>(sizes.w), i); //? DROPOUT
}
