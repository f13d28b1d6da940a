// Functions that several kernels use.

// The number of a thread among all of a launch by `run_flat`.
fn thread_index(group: vec3<u32>, groups: vec3<u32>, local: u32) -> u32 {
    return (group.y * groups.x + group.x) * 64u + local;
}

// What dropout multiplies the number at `index` with, as in dropout.rs.
fn keep(stream: u32, threshold: u32, scale: f32, index: u32) -> f32 {
    var x = (index * 0x9E3779B9u) ^ stream;
    x = (x ^ (x >> 16u)) * 0x7FEB352Du;
    x = (x ^ (x >> 15u)) * 0x846CA68Bu;
    x = x ^ (x >> 16u);
    return select(scale, 0.0, x < threshold);
}

// tanh(sqrt(2/pi) (x + 0.044715 x^3)), held back from where exp overflows.
fn gelu_tanh(x: f32) -> f32 {
    let inner = clamp(0.7978845608 * (x + 0.044715 * x * x * x), -10.0, 10.0);
    return 1.0 - 2.0 / (exp(2.0 * inner) + 1.0);
}

fn gelu(x: f32) -> f32 {
    return 0.5 * x * (1.0 + gelu_tanh(x));
}

fn gelu4(x: vec4<f32>) -> vec4<f32> {
    return vec4(gelu(x.x), gelu(x.y), gelu(x.z), gelu(x.w));
}

fn gelu_slope(x: f32) -> f32 {
    let t = gelu_tanh(x);
    return 0.5 * (1.0 + t) + 0.5 * x * (1.0 - t * t) * 0.7978845608 * (1.0 + 0.134145 * x * x);
}

fn gelu_slope4(x: vec4<f32>) -> vec4<f32> {
    return vec4(gelu_slope(x.x), gelu_slope(x.y), gelu_slope(x.z), gelu_slope(x.w));
}

fn sigmoid(x: f32) -> f32 {
    return 1.0 / (1.0 + exp(-x));
}
