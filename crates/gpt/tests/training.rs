//! The guarantees of a training run: seeds repeat to the bit, dropout too; a loss that is not a number
//! restores the last good weights; gradients match finite differences; and gradient accumulation is the
//! average of its batches.

use futures_lite::future::block_on;
use tadpole_gpt::adamw::AdamW;
use tadpole_gpt::dataset::{Batch, Dataset};
use tadpole_gpt::params;
use tadpole_gpt::train::{Trainer, loss, loss_and_gradients};
use tadpole_gpt::{Device, Error, Gpt, ModelConfig, Tensor, TrainConfig};

fn config() -> ModelConfig {
    ModelConfig::gpt2_family(17, 8, 1, 2, 16)
}

fn trainer(model: &ModelConfig, train: TrainConfig) -> Trainer {
    let ids = (0..400u32).map(|i| (i * i + i / 7) % 17).collect();
    let data = Dataset::new(ids, model, &train).expect("long enough");
    let model = Gpt::new(model, train.seed, &Device::flex().autodiff());
    let optimizer = AdamW::new(&model);
    Trainer::new(model, optimizer, 0, train, data)
}

fn small() -> TrainConfig {
    TrainConfig { steps: 20, batch_size: 4, warmup_steps: 2, ..TrainConfig::default() }
}

fn losses(mut trainer: Trainer, steps: usize) -> Vec<u32> {
    (0..steps).for_each(|_| trainer.step());
    block_on(trainer.read()).expect("finite").iter().map(|m| m.train_loss.to_bits()).collect()
}

fn values(tensors: Vec<Tensor<1>>) -> Vec<Vec<f32>> {
    tensors.into_iter().map(|tensor| tensor.into_data().iter::<f32>().collect()).collect()
}

#[test]
fn a_seeded_run_repeats_to_the_bit_with_dropout_and_accumulation() {
    let model = ModelConfig { dropout: 0.2, ..config() };
    let train = TrainConfig { grad_accumulation: 2, ..small() };
    let first = losses(trainer(&model, train.clone()), 10);
    assert_eq!(first, losses(trainer(&model, train.clone()), 10));
    assert_ne!(first, losses(trainer(&config(), train.clone()), 10), "dropout changes the losses");
    assert_ne!(first, losses(trainer(&model, TrainConfig { seed: 7, ..train }), 10), "so does the seed");
}

#[test]
fn a_loss_that_is_no_number_gives_back_the_last_good_weights() {
    let train = TrainConfig { warmup_steps: 0, grad_clip: 0.0, ..small() };
    let mut trainer = trainer(&config(), train);
    (0..3).for_each(|_| trainer.step());
    block_on(trainer.read()).expect("finite so far");
    let good = values(params::flat(&trainer.snapshot()));
    trainer.set_learning_rate(Some(1e30));
    (0..3).for_each(|_| trainer.step());
    let error = block_on(trainer.read()).expect_err("the weights are far out");
    assert!(matches!(error, Error::NotFinite { kept: 3, .. }), "{error}");
    assert_eq!(trainer.step_count(), 3);
    assert_eq!(values(params::flat(&trainer.snapshot())), good);
    trainer.set_learning_rate(None);
    trainer.step();
    assert_eq!(block_on(trainer.read()).expect("it goes on").len(), 1);
}

#[test]
fn one_update_a_read_still_finds_weights_that_work() {
    let train = TrainConfig { warmup_steps: 0, grad_clip: 0.0, ..small() };
    let mut trainer = trainer(&config(), train);
    let read = |trainer: &mut Trainer| {
        trainer.step();
        block_on(trainer.read())
    };
    (0..3).for_each(|_| drop(read(&mut trainer).expect("finite so far")));
    trainer.set_learning_rate(Some(1e30));
    read(&mut trainer).expect("the loss is that of the weights before the update");
    let error = read(&mut trainer).expect_err("the weights are far out");
    assert!(matches!(error, Error::NotFinite { step: 5, kept: 3, .. }), "{error}");
    trainer.set_learning_rate(None);
    assert_eq!(read(&mut trainer).expect("it goes on")[0].step, 4);
}

#[test]
fn accumulated_gradients_are_the_average_of_their_batches() {
    let train = TrainConfig { grad_accumulation: 3, ..small() };
    let mut trainer = trainer(&config(), train.clone());
    let device = Device::flex().autodiff();
    let model = Gpt::new(&config(), train.seed, &device);
    let singles: Vec<(Vec<f32>, Vec<f32>)> = (0..3)
        .map(|index| loss_and_gradients(&model, trainer.dataset().train_batch(&train, index, &device)))
        .map(|(loss, gradients)| (values(vec![loss]).concat(), values(gradients).concat()))
        .collect();
    let loss = singles.iter().map(|(loss, _)| loss[0]).sum::<f32>() / 3.0;
    let gradient = |at: usize| singles.iter().map(|(_, gradient)| gradient[at]).sum::<f32>() / 3.0;
    trainer.step();
    let told = block_on(trainer.read()).expect("finite")[0];
    assert!((told.train_loss - loss).abs() < 1e-6);
    let squares = (0..singles[0].1.len()).map(|at| f64::from(gradient(at)).powi(2));
    let norm = squares.sum::<f64>().sqrt() as f32;
    assert!((told.grad_norm - norm).abs() < 1e-4 * norm, "{} and {norm}", told.grad_norm);
}

#[test]
fn gradients_equal_finite_differences() {
    let device = Device::flex().autodiff();
    // Larger weights than the initial ones, so that every parameter matters.
    let model = params::map(
        Gpt::new(&config(), 3, &device),
        |info, w| if info.shape.len() == 2 { w * 8.0 } else { w },
    );
    let rows: Vec<Vec<u32>> = (0..4u32).map(|b| (0..9u32).map(|t| (b * 5 + t * t) % 17).collect()).collect();
    let batch = Batch::new(rows.iter().map(Vec::as_slice), &device);
    let (_, gradients) = loss_and_gradients(&model, batch.clone());
    let infos = params::infos(&model);
    let mut checked = 0;
    for (place, gradient) in values(gradients).into_iter().enumerate() {
        let (at, _) =
            gradient.iter().enumerate().max_by(|a, b| a.1.abs().total_cmp(&b.1.abs())).expect("not empty");
        if gradient[at].abs() < 1e-3 {
            continue; // Differences of f32 losses do not resolve it; key biases are such.
        }
        let step = 1e-2;
        let nudged = |by: f32| {
            let model = params::map(model.clone(), |info, w| {
                if info != &infos[place] {
                    return w;
                }
                let mut values: Vec<f32> = w.into_data().iter::<f32>().collect();
                values[at] += by;
                Tensor::from_floats(values.as_slice(), &Device::flex())
            });
            loss(&model, batch.clone()).into_data().iter::<f32>().next().expect("a loss")
        };
        let difference = (nudged(step) - nudged(-step)) / (2.0 * step);
        let error = (difference - gradient[at]).abs() / gradient[at].abs().max(0.02);
        checked += 1;
        assert!(
            error < 0.05,
            "{}[{at}]: {} by autodiff, {difference} by differences",
            infos[place].name,
            gradient[at]
        );
    }
    assert!(checked > infos.len() / 2, "{checked} of {} parameters matter", infos.len());
}
