//! The operations by their formulas, in f64, one number at a time.

use tadpole_kernels::{Dropout, Heads, Rates};

pub fn linear(x: &[f64], w: &[f64], bias: Option<&Vec<f64>>, [r, k, n]: [usize; 3]) -> Vec<f64> {
    let y = |i: usize| {
        let (row, column) = (i / n, i % n);
        let sum: f64 = (0..k).map(|j| x[row * k + j] * w[j * n + column]).sum();
        sum + bias.map_or(0.0, |bias| bias[column])
    };
    (0..r * n).map(y).collect()
}

pub fn transposed(x: &[f64], [rows, columns]: [usize; 2]) -> Vec<f64> {
    (0..columns * rows).map(|i| x[i % rows * columns + i / rows]).collect()
}

pub fn add(a: &[f64], b: &[f64]) -> Vec<f64> {
    a.iter().zip(b).map(|(a, b)| a + b).collect()
}

pub fn gelu(x: f64) -> f64 {
    0.5 * x * (1.0 + ((2.0 / std::f64::consts::PI).sqrt() * (x + 0.044715 * x.powi(3))).tanh())
}

pub fn norm(x: &[f64], weight: &[f64], bias: Option<&Vec<f64>>, c: usize, centred: bool) -> Vec<f64> {
    x.chunks(c)
        .flat_map(|row| {
            let mean = if centred { row.iter().sum::<f64>() / c as f64 } else { 0.0 };
            let variance = row.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / c as f64;
            let y = move |(i, x): (usize, &f64)| {
                (x - mean) / (variance + 1e-5).sqrt() * weight[i] + bias.map_or(0.0, |bias| bias[i])
            };
            row.iter().enumerate().map(y).collect::<Vec<f64>>()
        })
        .collect()
}

/// [B, H, T, T].
pub fn attention_weights(qkv: &[f64], heads: Heads, [b, t]: [usize; 2]) -> Vec<f64> {
    let Heads { n_head, n_kv_head, d_head } = heads;
    let part = |batch: usize, token: usize, head: usize| {
        let from = (batch * t + token) * heads.row() + head * d_head;
        &qkv[from..from + d_head]
    };
    let mut weights = vec![0.0; b * n_head * t * t];
    for (row, weights) in weights.chunks_mut(t).enumerate() {
        let (batch, head, i) = (row / (n_head * t), row / t % n_head, row % t);
        let key = n_head + head / (n_head / n_kv_head);
        let score = |j: usize| {
            let dot: f64 = part(batch, i, head).iter().zip(part(batch, j, key)).map(|(q, k)| q * k).sum();
            (dot / (d_head as f64).sqrt()).exp()
        };
        let sum: f64 = (0..=i).map(score).sum();
        (0..=i).for_each(|j| weights[j] = score(j) / sum);
    }
    weights
}

pub fn attention(qkv: &[f64], heads: Heads, [b, t]: [usize; 2], dropping: Dropout) -> Vec<f64> {
    let Heads { n_head, n_kv_head, d_head } = heads;
    let weights = dropout(&attention_weights(qkv, heads, [b, t]), dropping);
    let y = |i: usize| {
        let (batch, token, head, d) =
            (i / (t * heads.width()), i / heads.width() % t, i % heads.width() / d_head, i % d_head);
        let value = n_head + n_kv_head + head / (n_head / n_kv_head);
        let of = |j: usize| qkv[(batch * t + j) * heads.row() + value * d_head + d];
        (0..=token).map(|j| weights[((batch * n_head + head) * t + token) * t + j] * of(j)).sum()
    };
    (0..b * t * heads.width()).map(y).collect()
}

pub fn embedding(
    tokens: &[f64],
    positions: Option<&Vec<f64>>,
    ids: &[usize],
    c: usize,
    [t, start]: [usize; 2],
) -> Vec<f64> {
    let row = |(place, id): (usize, &usize)| {
        let position = (start + place % t) * c;
        (0..c)
            .map(|i| tokens[id * c + i] + positions.map_or(0.0, |positions| positions[position + i]))
            .collect::<Vec<f64>>()
    };
    ids.iter().enumerate().flat_map(row).collect()
}

pub fn cross_entropy(logits: &[f64], targets: &[usize], v: usize) -> f64 {
    let rows = logits.chunks(v).zip(targets);
    let losses: Vec<f64> =
        rows.map(|(row, target)| row.iter().map(|x| x.exp()).sum::<f64>().ln() - row[*target]).collect();
    losses.iter().sum::<f64>() / losses.len() as f64
}

pub fn swiglu(gate: &[f64], up: &[f64]) -> Vec<f64> {
    gate.iter().zip(up).map(|(g, u)| g / (1.0 + (-g).exp()) * u).collect()
}

pub fn rotary(x: &[f64], [cos, sin]: &[Vec<f64>; 2], heads: Heads, [t, start]: [usize; 2]) -> Vec<f64> {
    let (row, d) = (heads.row(), heads.d_head);
    let rotated = (heads.n_head + heads.n_kv_head) * d;
    let y = |i: usize| {
        let (token, column) = (i / row % t, i % row);
        if column >= rotated {
            return x[i];
        }
        let at = (start + token) * d + column % d;
        let other = if column % d < d / 2 { -x[i + d / 2] } else { x[i - d / 2] };
        x[i] * cos[at] + other * sin[at]
    };
    (0..x.len()).map(y).collect()
}

/// Chris Wellons' lowbias32.
fn mix(x: u32) -> u32 {
    let x = (x ^ (x >> 16)).wrapping_mul(0x7FEB_352D);
    let x = (x ^ (x >> 15)).wrapping_mul(0x846C_A68B);
    x ^ (x >> 16)
}

pub fn dropout(x: &[f64], Dropout { rate, seed }: Dropout) -> Vec<f64> {
    let kept = |i: usize| {
        f64::from(mix((i as u32).wrapping_mul(0x9E37_79B9) ^ mix(seed.wrapping_add(0x9E37_79B9))))
            >= f64::from(rate) * 4_294_967_296.0
    };
    let scale = 1.0 / (1.0 - f64::from(rate));
    x.iter().enumerate().map(|(i, x)| if kept(i) { x * scale } else { 0.0 }).collect()
}

/// New weights, first and second moments.
pub fn adamw(
    [weights, first, second, gradients]: [&Vec<f64>; 4],
    rates: &Rates,
    norm: f64,
    decays: bool,
) -> [Vec<f64>; 3] {
    let clip = if rates.grad_clip > 0.0 { (rates.grad_clip / (norm + 1e-6)).min(1.0) } else { 1.0 };
    let [bias1, bias2] = [rates.beta1, rates.beta2].map(|beta| 1.0 - beta.powi(rates.step as i32 + 1));
    let mut new = [vec![], vec![], vec![]];
    for i in 0..weights.len() {
        let g = gradients[i] * clip;
        let m = rates.beta1 * first[i] + (1.0 - rates.beta1) * g;
        let v = rates.beta2 * second[i] + (1.0 - rates.beta2) * g * g;
        let decay = if decays { 1.0 - rates.learning_rate * rates.weight_decay } else { 1.0 };
        new[0].push(decay * weights[i] - rates.learning_rate * (m / bias1) / ((v / bias2).sqrt() + 1e-8));
        new[1].push(m);
        new[2].push(v);
    }
    new
}
