// What the 64 threads of a workgroup have together.
var<workgroup> partial: array<f32, 64>;

fn largest(local: u32, value: f32) -> f32 {
    partial[local] = value;
    workgroupBarrier();
    var all = partial[0];
    for (var i = 1u; i < 64u; i++) { all = max(all, partial[i]); }
    workgroupBarrier();
    return all;
}

fn total(local: u32, value: f32) -> f32 {
    partial[local] = value;
    workgroupBarrier();
    var all = 0.0;
    for (var i = 0u; i < 64u; i++) { all += partial[i]; }
    workgroupBarrier();
    return all;
}
