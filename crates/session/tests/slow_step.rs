//! A step taken slowly predicts what the step then measures, and afterwards shows what it changed.

mod common;

use common::*;
use futures_lite::future::block_on;
use tadpole_session::*;

fn opened(request: TrainRequest) -> (Session, u32) {
    let mut session = session();
    let handle = session.open_train(corpus(), request).expect("a valid run");
    let third = |event: &Event| matches!(event, Event::Step { steps, .. } if steps.last().is_some_and(|m| m.step == 3));
    while !block_on(session.next(handle, true)).expect("it runs").expect("it goes on").iter().any(third) {}
    (session, handle)
}

fn step(session: &mut Session, handle: u32) -> StepMetrics {
    loop {
        for event in block_on(session.next(handle, true)).expect("it runs").expect("it goes on") {
            if let Event::Step { steps, .. } = event {
                return steps[0];
            }
        }
    }
}

fn norm(list: &[Moved]) -> f64 {
    list.iter().map(|moved| f64::from(moved.change).powi(2)).sum::<f64>().sqrt()
}

#[test]
fn the_step_measures_what_was_told_of_it() {
    for (dropout, grad_accumulation) in [(0.0, 1), (0.1, 2)] {
        let mut request = request();
        request.model.dropout = dropout;
        request.train.grad_accumulation = grad_accumulation;
        let (mut session, handle) = opened(request.clone());
        let next = block_on(session.next_update()).expect("a run is open");
        let peek = &next;
        assert_eq!((peek.step, peek.batches), (3, grad_accumulation));
        assert_eq!(block_on(session.update_made()).expect("a run is open"), None, "it is not made yet");

        let made = step(&mut session, handle);
        assert_eq!(made.step, 4);
        assert_eq!(made.learning_rate, peek.learning_rate);
        assert!((made.train_loss - peek.train_loss).abs() < 1e-6, "{made:?} is not {}", peek.train_loss);
        assert!((made.grad_norm / peek.grad_norm - 1.0).abs() < 1e-5, "{made:?} is not {}", peek.grad_norm);
        let mean = peek.losses.iter().sum::<f32>() / peek.losses.len() as f32;
        if grad_accumulation == 1 {
            assert!(
                (mean - peek.train_loss).abs() < 1e-5,
                "tokens lose {mean}, the batch {}",
                peek.train_loss
            );
        }
        let (rows, t) = (request.train.batch_size, request.model.context_length);
        assert_eq!((next.ids.len(), next.bytes.len()), (rows * (t + 1), rows * (t + 1)));

        let changed = block_on(session.update_made()).expect("a run is open").expect("it is the newest");
        assert!(norm(&changed) > 0.0);
        let told = &next.parameters;
        let last = told.last().expect("a model has parameters");
        assert_eq!((last.name.as_str(), last.part, last.layer), ("ln_f.bias", Part::Norm, None));
        let mlp = told.iter().filter(|moved| (moved.part, moved.layer) == (Part::Mlp, Some(0)));
        assert_eq!(mlp.count(), 6, "norm, two maps, and their biases");
        let names = |list: &[Moved]| list.iter().map(|moved| moved.name.clone()).collect::<Vec<_>>();
        assert_eq!(names(&changed), names(told));
        assert!(changed.iter().zip(told).all(|(made, told)| made.weight == told.weight));

        step(&mut session, handle);
        assert_eq!(block_on(session.update_made()).expect("a run is open"), None, "another was made since");
    }
}

#[test]
fn looking_changes_nothing_of_the_run() {
    let mut request = request();
    request.model.dropout = 0.1;
    let (mut one, handle) = opened(request.clone());
    let (mut other, same) = opened(request);
    block_on(one.next_update()).expect("a run is open");
    for _ in 0..3 {
        assert_eq!(step(&mut one, handle), step(&mut other, same));
    }
}

#[test]
fn without_a_run_there_is_no_next_update() {
    let mut session = session();
    assert_eq!(block_on(session.next_update()).map_err(|error| error.code()), Err("noModel"));
    let (mut session, handle) = opened(request());
    session.close(handle);
    assert_eq!(block_on(session.next_update()).map_err(|error| error.code()), Err("runNotOpen"));
    assert_eq!(block_on(session.update_made()).map_err(|error| error.code()), Err("runNotOpen"));
}
