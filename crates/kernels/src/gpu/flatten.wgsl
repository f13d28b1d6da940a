// Copies COUNT tensors into their places of a flat one; group.y picks the tensor, threads walk over its place.
// sizes[n] = (Numbers of the tensor, where its place begins, where it ends); what lies beyond the tensor becomes 0.
fn number(tensor: u32, i: u32) -> Numbers {
    switch tensor {
        case 0u: { return t0[i]; } //? t0
        case 1u: { return t1[i]; } //? t1
        case 2u: { return t2[i]; } //? t2
        case 3u: { return t3[i]; } //? t3
        case 4u: { return t4[i]; } //? t4
        case 5u: { return t5[i]; } //? t5
        default: { return Numbers(); }
    }
}

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) local: u32) {
    let place = sizes[group.y];
    for (var i = group.x * 64u + local; i < place.z - place.y; i += groups.x * 64u) {
        if (i < place.x) { flat[place.y + i] = number(group.y, i); } else { flat[place.y + i] = Numbers(); }
    }
}
