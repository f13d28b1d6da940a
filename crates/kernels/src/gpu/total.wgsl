// The sum of a workgroup's 64 pairs, for every thread.
fn total(local: u32, value: vec2<f32>) -> vec2<f32> {
    partial[local] = value;
    workgroupBarrier();
    var all = vec2<f32>();
    for (var i = 0u; i < 64u; i++) { all += partial[i]; }
    workgroupBarrier();
    return all;
}
