// Copies the keys and values of T new tokens (sizes.y) to a cache of CONTEXT places that holds sizes.z earlier ones. A thread has
// one Numbers of each; sizes.x of them.
@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) local: u32) {
    let thread = (group.y * groups.x + group.x) * 64 + local;
    if (thread >= sizes.x) { return; }
    let d = thread % DN;
    let head = thread / DN % HKV;
    let i = thread / (DN * HKV);
    let place = (head * CONTEXT + sizes.z + i) * DN + d;
    keys[place] = qkv[key(0, i, head) + d];
    values[place] = qkv[value(0, i, head) + d];
}
