//! Every operation against a naive twin in f64, and its gradients against differences of that twin, on the CPU and, with the
//! feature `gpu`, on a GPU.

mod naive;

use burn::tensor::{Device, Int, Tensor, TensorData};
use tadpole_kernels::*;

/// Repeatable numbers in -1..1.
fn noise(len: usize, seed: u32) -> Vec<f64> {
    let mut state = seed.wrapping_mul(2_654_435_761).wrapping_add(12_345);
    let mut next = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        f64::from(state >> 8) / f64::from(1 << 23) - 1.0
    };
    (0..len).map(|_| next()).collect()
}

fn devices() -> Vec<Device> {
    let mut devices = vec![Device::flex()];
    if cfg!(feature = "gpu") {
        devices.push(Device::default());
    }
    devices
}

fn tensor(values: &[f64], device: &Device) -> Tensor<1> {
    let values: Vec<f32> = values.iter().map(|value| *value as f32).collect();
    let len = values.len();
    Tensor::from_data(TensorData::new(values, [len]), device)
}

fn ids(rows: usize, columns: usize, below: usize, device: &Device) -> (Vec<usize>, Tensor<2, Int>) {
    let ids: Vec<usize> =
        noise(rows * columns, 99).iter().map(|x| ((x + 1.0) / 2.0 * below as f64) as usize).collect();
    let data = TensorData::new(ids.iter().map(|id| *id as i32).collect::<Vec<i32>>(), [rows, columns]);
    (ids, Tensor::from_data(data, device))
}

fn close(what: &str, found: &[f64], expected: &[f64]) {
    assert_eq!(found.len(), expected.len(), "{what}");
    for (i, (a, b)) in found.iter().zip(expected).enumerate() {
        assert!((a - b).abs() <= 2e-4 * (1.0 + b.abs()), "{what}: number {i} is {a}, its twin {b}");
    }
}

fn values(tensor: Tensor<1>) -> Vec<f64> {
    tensor.into_data().iter::<f32>().map(f64::from).collect()
}

/// `op` on flat tensors must equal `twin` on flat numbers, and its gradients the twin's differences, on every
/// device.
fn check<'a>(
    what: &str,
    inputs: &[Vec<f64>],
    op: impl Fn(&[Tensor<1>], &Device) -> Tensor<1> + 'a,
    twin: impl Fn(&[Vec<f64>]) -> Vec<f64> + 'a,
) {
    let expected = twin(inputs);
    let pull = noise(expected.len(), 7);
    let loss = |inputs: &[Vec<f64>]| twin(inputs).iter().zip(&pull).map(|(y, w)| y * w).sum::<f64>();
    for device in devices() {
        let plain: Vec<Tensor<1>> = inputs.iter().map(|input| tensor(input, &device)).collect();
        close(&format!("{what} without gradients"), &values(op(&plain, &device)), &expected);
        let device = device.autodiff();
        let tracked: Vec<Tensor<1>> =
            inputs.iter().map(|input| tensor(input, &device).require_grad()).collect();
        let y = op(&tracked, &device);
        close(what, &values(y.clone().without_autodiff()), &expected);
        let mut gradients = (y * tensor(&pull, &device)).sum().backward();
        for (which, input) in tracked.iter().enumerate() {
            let found = values(input.grad_remove(&mut gradients).expect("a gradient"));
            // All numbers of a small input, a sample of a large one.
            for i in (0..found.len()).step_by(found.len().div_ceil(60)) {
                let at = |by: f64| {
                    let mut moved = inputs.to_vec();
                    moved[which][i] += by;
                    loss(&moved)
                };
                let slope = (at(1e-5) - at(-1e-5)) / 2e-5;
                let error = (found[i] - slope).abs();
                assert!(
                    error <= 3e-4 * (1.0 + slope.abs()),
                    "{what}: gradient {i} of input {which} is {}, its twin's {slope}",
                    found[i]
                );
            }
        }
    }
}

const SHAPES: [[usize; 3]; 6] =
    [[1, 1, 1], [3, 5, 7], [33, 19, 29], [64, 16, 64], [70, 32, 65], [129, 64, 192]];

#[test]
fn linear_maps() {
    SHAPES.into_iter().for_each(linear_map);
}

/// Sizes that every tile fits; for the CPU, which has its own tiles, they are one more shape.
#[test]
fn products_in_every_tile() {
    for tile in TILES {
        set_tiles(tile, tile);
        linear_map([64, 64, 128]);
    }
    set_tiles(TILES[0], TILES[0]);
}

fn linear_map([r, k, n]: [usize; 3]) {
    let inputs = [noise(r * k, 1), noise(k * n, 2), noise(n, 3), noise(r * n, 4)];
    let shape = |t: &[Tensor<1>]| (t[0].clone().reshape([r, k]), t[1].clone().reshape([k, n]));
    check(
        &format!("linear {r} {k} {n}"),
        &inputs[..2],
        |t, _| linear(shape(t).0, shape(t).1, None).reshape([r * n]),
        |x| naive::linear(&x[0], &x[1], None, [r, k, n]),
    );
    check(
        &format!("linear with bias {r} {k} {n}"),
        &inputs[..3],
        |t, _| linear(shape(t).0, shape(t).1, Some(t[2].clone())).reshape([r * n]),
        |x| naive::linear(&x[0], &x[1], Some(&x[2]), [r, k, n]),
    );
    check(
        &format!("linear and residual {r} {k} {n}"),
        &inputs,
        |t, _| {
            let residual = t[3].clone().reshape([r, n]);
            linear_add(shape(t).0, shape(t).1, Some(t[2].clone()), residual).reshape([r * n])
        },
        |x| naive::add(&naive::linear(&x[0], &x[1], Some(&x[2]), [r, k, n]), &x[3]),
    );
    check(
        &format!("linear and gelu {r} {k} {n}"),
        &inputs[..3],
        |t, _| linear_gelu(shape(t).0, shape(t).1, Some(t[2].clone())).reshape([r * n]),
        |x| naive::linear(&x[0], &x[1], Some(&x[2]), [r, k, n]).into_iter().map(naive::gelu).collect(),
    );
}

#[test]
fn unembedding() {
    for [r, c, v] in SHAPES {
        check(
            &format!("unembed {r} {c} {v}"),
            &[noise(r * c, 1), noise(v * c, 2)],
            |t, _| unembed(t[0].clone().reshape([r, c]), t[1].clone().reshape([v, c])).reshape([r * v]),
            |x| naive::linear(&x[0], &naive::transposed(&x[1], [v, c]), None, [r, c, v]),
        );
    }
}

#[test]
fn norms() {
    for [r, c] in [[1, 1], [3, 5], [7, 64], [33, 130]] {
        let inputs = [noise(r * c, 1), noise(c, 2), noise(c, 3)];
        check(
            &format!("layer norm {r} {c}"),
            &inputs,
            |t, _| {
                layer_norm(t[0].clone().reshape([r, c]), t[1].clone(), Some(t[2].clone())).reshape([r * c])
            },
            |x| naive::norm(&x[0], &x[1], Some(&x[2]), c, true),
        );
        check(
            &format!("layer norm without bias {r} {c}"),
            &inputs[..2],
            |t, _| layer_norm(t[0].clone().reshape([r, c]), t[1].clone(), None).reshape([r * c]),
            |x| naive::norm(&x[0], &x[1], None, c, true),
        );
        check(
            &format!("rms norm {r} {c}"),
            &inputs[..2],
            |t, _| rms_norm(t[0].clone().reshape([r, c]), t[1].clone()).reshape([r * c]),
            |x| naive::norm(&x[0], &x[1], None, c, false),
        );
    }
}

/// Batch, tokens, heads, heads of keys, width of a head.
const ATTENTIONS: [[usize; 5]; 5] =
    [[1, 1, 1, 1, 2], [2, 5, 2, 2, 3], [2, 9, 4, 2, 4], [1, 70, 2, 1, 8], [3, 33, 3, 3, 16]];

#[test]
fn attention_with_and_without_dropout() {
    for [b, t, n_head, n_kv_head, d_head] in ATTENTIONS {
        for rate in [0.0, 0.3] {
            let heads = Heads { n_head, n_kv_head, d_head };
            let dropout = Dropout { rate, seed: 5 };
            check(
                &format!("attention {b} {t} {heads:?} {rate}"),
                &[noise(b * t * heads.row(), 1)],
                |x, _| {
                    attention(x[0].clone().reshape([b, t, heads.row()]), heads, dropout)
                        .reshape([b * t * heads.width()])
                },
                |x| naive::attention(&x[0], heads, [b, t], dropout),
            );
        }
    }
}

#[test]
fn attention_over_a_cache_equals_attention_over_all() {
    for [_, t, n_head, n_kv_head, d_head] in ATTENTIONS {
        let heads = Heads { n_head, n_kv_head, d_head };
        let (row, width) = (heads.row(), heads.width());
        let numbers = noise(t * row, 1);
        let expected = naive::attention(&numbers, heads, [1, t], Dropout::NONE);
        let weights = naive::attention_weights(&numbers, heads, [1, t]);
        for device in devices() {
            let qkv = tensor(&numbers, &device).reshape([1, t, row]);
            let cache = || Tensor::<3>::zeros([n_kv_head, t + 2, d_head], &device);
            let (mut keys, mut values_) = (cache(), cache());
            let mut found = vec![];
            let (mut start, mut pace) = (0, 1);
            while start < t {
                let new = pace.min(t - start);
                let part = qkv.clone().narrow(1, start, new);
                let seen = attention_weights(part.clone(), Some(keys.clone()), heads, start);
                let part = attention_cached(part, &mut keys, &mut values_, heads, start);
                found.extend(values(part.reshape([new * width])));
                let s = start + new;
                let expected: Vec<f64> = (0..n_head * new)
                    .flat_map(|i| {
                        let (h, row) = (i / new, start + i % new);
                        let from = (h * t + row) * t;
                        weights[from..from + s].to_vec()
                    })
                    .collect();
                close("weights over a cache", &values(seen.reshape([n_head * new * s])), &expected);
                (start, pace) = (s, 2 * pace + 1);
            }
            close("attention over a cache", &found, &expected);
            let seen = attention_weights(qkv, None, heads, 0).reshape([n_head * t * t]);
            close("weights", &values(seen), &weights);
        }
    }
}

#[test]
fn embeddings() {
    for [b, t, v, c, start] in [[1, 1, 2, 3, 0], [3, 5, 7, 9, 2], [4, 600, 33, 65, 0]] {
        let context = start + t + 1;
        let inputs = [noise(v * c, 1), noise(context * c, 2)];
        let (numbers, _) = ids(b, t, v, &Device::flex());
        check(
            "embedding",
            &inputs[..1],
            |x, device| {
                embedding(x[0].clone().reshape([v, c]), None, ids(b, t, v, device).1, 0).reshape([b * t * c])
            },
            |x| naive::embedding(&x[0], None, &numbers, c, [t, 0]),
        );
        check(
            "embedding with positions",
            &inputs,
            |x, device| {
                let positions = Some(x[1].clone().reshape([context, c]));
                embedding(x[0].clone().reshape([v, c]), positions, ids(b, t, v, device).1, start)
                    .reshape([b * t * c])
            },
            |x| naive::embedding(&x[0], Some(&x[1]), &numbers, c, [t, start]),
        );
    }
}

#[test]
fn losses() {
    for [b, t, v] in [[1, 1, 2], [2, 3, 65], [3, 50, 300], [1, 2, 5_000]] {
        let (numbers, _) = ids(b, t, v, &Device::flex());
        let logits: Vec<f64> = noise(b * t * v, 1).iter().map(|x| 8.0 * x).collect();
        check(
            "cross entropy",
            &[logits],
            |x, device| cross_entropy(x[0].clone().reshape([b, t, v]), ids(b, t, v, device).1),
            |x| vec![naive::cross_entropy(&x[0], &numbers, v)],
        );
    }
}

#[test]
fn gates_rotations_and_dropout() {
    let (b, t, start) = (2, 5, 3);
    let heads = Heads { n_head: 4, n_kv_head: 2, d_head: 6 };
    let shape = [b, t, heads.row()];
    let len = b * t * heads.row();
    check(
        "swiglu",
        &[noise(len, 1), noise(len, 2)],
        |x, _| swiglu(x[0].clone(), x[1].clone()),
        |x| naive::swiglu(&x[0], &x[1]),
    );
    let angles = noise((start + t + 1) * heads.d_head / 2, 3);
    let tables: [Vec<f64>; 2] = [f64::cos as fn(f64) -> f64, f64::sin].map(|of| {
        let rows = angles.chunks(heads.d_head / 2);
        rows.flat_map(|row| row.iter().chain(row).map(|angle| of(3.0 * angle)).collect::<Vec<f64>>())
            .collect()
    });
    check(
        "rotary",
        &[noise(len, 1)],
        |x, device| {
            let [cos, sin] =
                [0, 1].map(|i| tensor(&tables[i], device).reshape([start + t + 1, heads.d_head]));
            rotary(x[0].clone().reshape(shape), cos, sin, heads, start).reshape([len])
        },
        |x| naive::rotary(&x[0], &tables, heads, [t, start]),
    );
    let dropping = Dropout { rate: 0.25, seed: 11 };
    check(
        "dropout",
        &[noise(len, 1)],
        |x, _| dropout(x[0].clone(), dropping),
        |x| naive::dropout(&x[0], dropping),
    );
}

#[test]
fn dropout_drops_its_rate_and_differs_by_seed() {
    let ones = Tensor::<1>::ones([100_000], &Device::flex());
    let kept = |seed| values(dropout(ones.clone(), Dropout { rate: 0.1, seed }));
    let zeros = kept(1).iter().filter(|x| **x == 0.0).count() as f64 / 1e5;
    assert!((zeros - 0.1).abs() < 0.005, "{zeros}");
    let both = kept(1).iter().zip(kept(2)).filter(|(a, b)| **a == 0.0 && *b == 0.0).count() as f64 / 1e5;
    assert!((both - 0.01).abs() < 0.002, "two seeds share {both} of their places");
}

#[test]
fn an_update_of_all_weights() {
    let lens = [130, 64, 1, 7, 65, 3, 9, 300];
    let mut offsets = vec![0];
    lens.iter()
        .for_each(|len: &usize| offsets.push(offsets[offsets.len() - 1] + len.next_multiple_of(ALIGNMENT)));
    let decayed = offsets[3];
    for (step, grad_clip) in [(0, 0.0), (3, 1.0)] {
        let rates =
            Rates { learning_rate: 0.01, weight_decay: 0.1, beta1: 0.9, beta2: 0.95, grad_clip, step };
        let parts = |seed: u32| -> Vec<Vec<f64>> {
            lens.iter().enumerate().map(|(i, len)| noise(*len, seed + i as u32)).collect()
        };
        let [weights, gradients, first] = [10, 20, 30].map(parts);
        let second: Vec<Vec<f64>> = first.iter().map(|part| part.iter().map(|x| x * x).collect()).collect();
        for device in devices() {
            let flat = |parts: &[Vec<f64>]| {
                flatten(parts.iter().map(|part| tensor(part, &device)).collect(), &offsets)
            };
            let moments = [flat(&first), flat(&second)];
            let [new, new_first, new_second, norm] =
                adamw(flat(&weights), moments, flat(&gradients), rates.tensor(&device), decayed);
            let expected_norm = gradients.iter().flatten().map(|g| g * g).sum::<f64>().sqrt();
            close("norm", &values(norm), &[expected_norm]);
            let starts: Vec<usize> = offsets[..lens.len()].to_vec();
            let found = [new, new_first, new_second].map(|flat| views(flat, starts.clone(), lens.to_vec()));
            for (i, _) in lens.iter().enumerate() {
                let expected = naive::adamw(
                    [&weights[i], &first[i], &second[i], &gradients[i]],
                    &rates,
                    expected_norm,
                    offsets[i] < decayed,
                );
                for (what, (found, expected)) in
                    ["weights", "first", "second"].iter().zip(found.iter().zip(&expected))
                {
                    close(&format!("{what} of part {i}"), &values(found[i].clone()), expected);
                }
            }
        }
    }
}
