//! A run from text to samples; stopped, saved, opened elsewhere and resumed, bit for bit.

mod common;

use common::*;
use futures_lite::future::block_on;
use tadpole_session::*;

#[test]
fn a_run_tells_what_it_does_in_order() {
    let mut session = session();
    let handle = session.open_train(corpus(), request()).expect("a valid run");
    assert!(session.model().is_none(), "nothing is replaced before the first update can be made");
    let events = drain(&mut session, handle);
    let at = |wanted: fn(&Event) -> bool| events.iter().position(wanted).expect("the event comes");
    let order = [
        at(|e| matches!(e, Event::Progress { stage: Preparation::Count, .. })),
        at(|e| matches!(e, Event::Progress { stage: Preparation::Merge, .. })),
        at(|e| matches!(e, Event::Progress { stage: Preparation::Encode, .. })),
        at(|e| matches!(e, Event::Started { .. })),
        at(|e| matches!(e, Event::Eval(_))),
        at(|e| matches!(e, Event::Step { .. })),
        at(|e| matches!(e, Event::Done { step: 12 })),
    ];
    assert!(order.is_sorted(), "{order:?}");
    let steps: Vec<usize> = losses(&events).iter().map(|(step, _)| *step).collect();
    assert_eq!(steps, (1..=12).collect::<Vec<_>>());
    let evals: Vec<usize> =
        events.iter().filter_map(|e| if let Event::Eval(m) = e { Some(m.step) } else { None }).collect();
    assert_eq!(evals, [0, 4, 8, 12]);
    let samples: Vec<usize> =
        events.iter().filter_map(|e| if let Event::Sample(s) = e { Some(s.step) } else { None }).collect();
    assert_eq!(samples, [0, 6, 12]);
    let info = session.model().expect("a model");
    assert_eq!((info.step, info.resumable), (12, true));
    assert_eq!(info.config.vocab_size, info.tokenizer.vocab_size);
    let eval = block_on(session.evaluate()).expect("it has its corpus");
    assert!(
        eval.val_loss < (info.config.vocab_size as f32).ln(),
        "it has learnt something: {}",
        eval.val_loss
    );
    assert!(eval.bits_per_byte > 0.0 && eval.bits_per_byte < 8.0);
}

#[test]
fn a_run_that_was_saved_and_opened_elsewhere_goes_on_to_the_same_bits() {
    let mut request = request();
    request.model.dropout = 0.1;
    request.train.grad_accumulation = 2;
    let mut whole = session();
    let handle = whole.open_train(corpus(), request.clone()).expect("a valid run");
    let expected = losses(&drain(&mut whole, handle));

    let mut first = session();
    let handle = first.open_train(corpus(), request).expect("a valid run");
    let fifth = |event: &Event| matches!(event, Event::Step { steps, .. } if steps.last().is_some_and(|m| m.step == 5));
    let begun = losses(&drain_until(&mut first, handle, fifth));
    first.close(handle);
    let file =
        block_on(first.save(SaveOptions { training: true, ..SaveOptions::default() })).expect("it saves");

    let mut second = session();
    let info = second.load(&file).expect("our own file");
    assert_eq!((info.step, info.resumable), (5, false));
    assert_eq!(block_on(second.open_resume(None)).map_err(|e| e.code()), Err("corpusMissing"));
    assert_eq!(second.attach_corpus(b"another text".to_vec()).map_err(|e| e.code()), Err("corpusMismatch"));
    assert!(second.attach_corpus(corpus()).expect("the same corpus").resumable);
    let handle = block_on(second.open_resume(None)).expect("it goes on");
    let rest = losses(&drain(&mut second, handle));

    assert_eq!([begun, rest].concat(), expected);
    let all = SaveOptions { training: true, corpus: true, ..SaveOptions::default() };
    assert_eq!(
        weights(&mut whole, all),
        weights(&mut second, all),
        "weights and moments are the same to the bit"
    );
}

/// The tensors of a checkpoint; its strings contain histories with different times.
fn weights(session: &mut Session, options: SaveOptions) -> Vec<u8> {
    let file = block_on(session.save(options)).expect("it saves");
    let header = u64::from_le_bytes(file[..8].try_into().expect("8 bytes")) as usize;
    file[8 + header..].to_vec()
}

#[test]
fn a_finished_run_can_be_given_more_steps_and_keeps_its_history() {
    let mut session = trained();
    let handle = block_on(session.open_resume(Some(16))).expect("it goes on");
    let events = drain(&mut session, handle);
    assert_eq!(losses(&events).iter().map(|(step, _)| *step).collect::<Vec<_>>(), [13, 14, 15, 16]);
    assert_eq!(losses(&session.history()).len(), 16);
    let file = block_on(session.save(SaveOptions::default())).expect("it saves");
    let mut other = common::session();
    let info = other.load(&file).expect("our own file");
    assert_eq!((info.step, info.resumable), (16, false));
    assert_eq!(losses(&other.history()), losses(&session.history()));
    assert_eq!(block_on(other.open_resume(None)).map_err(|e| e.code()), Err("notResumable"));
}

#[test]
fn one_step_is_one_step_and_the_learning_rate_can_be_changed_on_the_way() {
    let mut session = session();
    let handle = session.open_train(corpus(), request()).expect("a valid run");
    let step = |event: &Event| matches!(event, Event::Step { .. });
    let first = drain_until(&mut session, handle, step);
    assert_eq!(losses(&first).len(), 1);
    session.set_learning_rate(Some(0.5)).expect("a model is live");
    let second = drain_until(&mut session, handle, step);
    let rates: Vec<f64> = second
        .iter()
        .filter_map(
            |event| if let Event::Step { steps, .. } = event { Some(steps[0].learning_rate) } else { None },
        )
        .collect();
    assert_eq!(rates, [0.5]);
    assert_eq!(session.set_learning_rate(Some(f64::NAN)).map_err(|e| e.code()), Err("outOfRange"));
}

#[test]
fn a_model_goes_to_hugging_faces_layout_and_back() {
    let mut session = trained();
    let files = block_on(session.export_hugging_face()).expect("GPT-2's family");
    let mut other = common::session();
    let info = other.import_hugging_face(&files).expect("our own files");
    assert_eq!(info.config, session.model().expect("a model").config);
    let sampling = SamplingConfig::default();
    let ask = |session: &mut Session| {
        block_on(session.next_tokens("the frog", &[], &sampling, 5)).expect("it answers")
    };
    assert_eq!(ask(&mut session), ask(&mut other));
    assert_eq!(other.import_hugging_face(&files[..2]).map_err(|e| e.code()), Err("unknownFile"));
}

fn samples(events: &[Event]) -> Vec<(usize, &str)> {
    let samples = events.iter().filter_map(|event| match event {
        Event::Sample(sample) => Some((sample.step, sample.prompt.as_str())),
        _ => None,
    });
    samples.collect()
}

#[test]
fn a_run_closed_between_two_samples_writes_the_others_when_it_goes_on() {
    let mut request = request();
    request.train.sample_prompts = ["the frog", "the", "frog"].map(String::from).to_vec();
    let mut session = session();
    let handle = session.open_train(corpus(), request).expect("a valid run");
    let first = drain_until(&mut session, handle, |event| matches!(event, Event::Sample(_)));
    assert_eq!(samples(&first), [(0, "the frog")]);
    session.close(handle);
    let handle = block_on(session.open_resume(None)).expect("it goes on");
    assert_eq!(samples(&drain(&mut session, handle))[..3], [(0, "the"), (0, "frog"), (6, "the frog")]);
}

#[test]
fn a_large_update_spreads_over_calls_and_can_be_left_in_its_middle() {
    let mut request = request();
    (request.train.grad_accumulation, request.train.steps) = (300, 2);
    (request.train.eval_interval, request.train.sample_interval) = (0, 0);
    let mut whole = session();
    let handle = whole.open_train(corpus(), request.clone()).expect("a valid run");
    let expected = losses(&drain(&mut whole, handle));
    assert_eq!(expected.len(), 2);

    let mut left = session();
    let handle = left.open_train(corpus(), request).expect("a valid run");
    drain_until(&mut left, handle, |event| matches!(event, Event::Started { .. }));
    let call = |session: &mut Session, handle| block_on(session.next(handle, false)).expect("it goes well");
    for _ in 0..3 {
        assert_eq!(call(&mut left, handle), Some(vec![]), "no call computes 300 batches");
    }
    left.close(handle);
    let handle = block_on(left.open_resume(None)).expect("it goes on");
    assert_eq!(losses(&drain(&mut left, handle)), expected);
}

#[test]
fn a_measurement_leaves_the_live_model_as_it_is_and_can_be_stopped() {
    let mut session = session();
    let handle = session.open_train(corpus(), request()).expect("a valid run");
    drain(&mut session, handle);
    let before = session.model();
    let model = ModelConfig { n_layer: 1, ..session.model().expect("a model").config };
    for case in [MeasureCase::Train, MeasureCase::Decode] {
        let request = MeasureRequest { case, model: model.clone(), batch_size: 2, blocks: 1 };
        let handle = session.open_measure(request.clone()).expect("a valid request");
        let events = drain(&mut session, handle);
        let [Event::Measured(measured)] = events.as_slice() else { panic!("{events:?}") };
        assert_eq!(measured.case, case);
        assert!(0.0 < measured.min && measured.min <= measured.median && measured.median <= measured.max);
        let handle = session.open_measure(request).expect("a valid request");
        block_on(session.next(handle, false)).expect("it warms up");
        session.close(handle);
        assert!(block_on(session.next(handle, false)).is_err(), "a closed stream is over");
    }
    assert_eq!(session.model(), before);
    let huge = ModelConfig { d_model: 8_192, n_layer: 64, d_ff: 32_768, ..model };
    let request = MeasureRequest { case: MeasureCase::Train, model: huge, batch_size: 8, blocks: 1 };
    assert!(session.open_measure(request).is_err(), "it would not fit");
}
