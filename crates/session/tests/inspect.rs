//! A session's view of its model's inside: it agrees with the model's output, and refuses what the model does
//! not have.

mod common;

use common::trained;
use futures_lite::future::block_on;
use tadpole_session::*;

fn ask(text: &str) -> InspectRequest {
    InspectRequest { text: text.into(), forced: vec![], block: 0, token: usize::MAX, top: 5 }
}

fn named<'a>(inside: &'a Inside, name: &str) -> &'a Activation {
    inside.activations.iter().find(|activation| activation.name == name).expect("it is told")
}

#[test]
fn the_last_depth_expects_what_the_model_says() {
    let mut session = trained();
    let inside = block_on(session.inspect(&ask("the frog"))).expect("a valid text");
    let next = block_on(session.next_tokens("the frog", &[], &SamplingConfig::default(), 5))
        .expect("a valid prompt");
    assert_eq!(inside.ids, next.prompt_ids);
    assert_eq!(inside.lens.len(), 2, "before the only block, and after it");
    for (expected, candidate) in inside.lens[1].iter().zip(&next.candidates) {
        assert_eq!(expected.id, candidate.id);
        assert!((expected.logit - candidate.logit).abs() < 1e-4, "{expected:?} {candidate:?}");
        assert!((expected.prob - candidate.probs[0]).abs() < 1e-5);
    }
}

#[test]
fn the_lens_alone_is_that_of_the_whole_inside() {
    let session = trained();
    for token in [0, 1, usize::MAX] {
        let inside =
            block_on(session.inspect(&InspectRequest { token, ..ask("the frog") })).expect("a valid text");
        let lens =
            block_on(session.lens(&LensRequest { text: "the frog".into(), forced: vec![], token, top: 5 }))
                .expect("a valid text");
        assert_eq!(lens.len(), inside.lens.len());
        for (alone, whole) in lens.concat().iter().zip(inside.lens.concat()) {
            assert_eq!(alone.id, whole.id);
            assert!((alone.logit - whole.logit).abs() < 1e-4, "{alone:?} {whole:?}");
        }
    }
    let error =
        block_on(session.lens(&LensRequest { text: String::new(), forced: vec![], token: 0, top: 5 }))
            .expect_err("nothing to read");
    assert_eq!(error.code(), "promptEmpty");
}

#[test]
fn forced_tokens_are_read_as_they_are() {
    let session = trained();
    let asked = InspectRequest { forced: vec![3, 3], ..ask("the frog") };
    let inside = block_on(session.inspect(&asked)).expect("a valid text");
    let alone = block_on(session.inspect(&ask("the frog"))).expect("a valid text");
    assert_eq!(inside.ids, [&alone.ids[..], &[3, 3]].concat());
    let beyond = InspectRequest { forced: vec![1_000_000], ..ask("the frog") };
    assert_eq!(block_on(session.inspect(&beyond)).expect_err("no such token").code(), "tokenOutOfRange");
}

#[test]
fn weights_are_shares_of_what_came_before() {
    let inside = block_on(trained().inspect(&ask("the frog jumps"))).expect("a valid text");
    let t = inside.ids.len();
    let weights = named(&inside, "h.0.weights");
    assert_eq!(weights.shape, [1, 2, t, t]);
    for (at, row) in weights.values.chunks_exact(t).enumerate() {
        assert!((row.iter().sum::<f32>() - 1.0).abs() < 1e-5);
        assert!(row[at % t + 1..].iter().all(|&share| share == 0.0));
    }
    assert_eq!(named(&inside, "h.0.hidden").shape, [1, t, 32]);
    assert_eq!(named(&inside, "h.0.mixed").shape, [1, t, 16]);
}

#[test]
fn of_a_long_text_the_end_is_read_and_of_nothing_nothing() {
    let session = trained();
    let long = block_on(session.inspect(&ask(&"the frog jumps ".repeat(50)))).expect("a valid text");
    assert_eq!(long.ids.len(), 16, "the context's length");
    assert!(long.unread > 0);
    assert_eq!((long.block, long.token), (0, 15));
    let error = block_on(session.inspect(&ask(""))).expect_err("nothing to read");
    assert_eq!(error.code(), "promptEmpty");
}

#[test]
fn parameters_come_whole_by_row_and_by_column() {
    let session = trained();
    let part = |name: &str, row, column| {
        block_on(session.parameter(&ParameterRequest { name: name.into(), row, column }))
    };
    let whole = part("h.0.mlp.c_fc.weight", None, None).expect("it has one");
    assert_eq!(whole.shape, [16, 32]);
    let row = part("h.0.mlp.c_fc.weight", Some(3), None).expect("a row");
    assert_eq!(row.values, whole.values[3 * 32..4 * 32]);
    let column = part("h.0.mlp.c_fc.weight", None, Some(5)).expect("a column");
    assert_eq!(column.values, whole.values.iter().skip(5).step_by(32).copied().collect::<Vec<_>>());
    assert_eq!(part("h.0.mlp.c_fc.bias", None, None).expect("a bias").shape, [32]);
    assert_eq!(part("h.7.mlp.c_fc.bias", None, None).expect_err("one block").code(), "tensorMissing");
    assert_eq!(part("h.0.mlp.c_fc.weight", None, Some(32)).expect_err("too far").code(), "outOfRange");
}

#[test]
fn the_map_holds_readable_tokens_and_the_nearest_come_first() {
    let session = trained();
    let map = block_on(session.embedding_map()).expect("a model");
    assert_eq!(map.points.len(), 2 * map.ids.len());
    assert!(map.bytes.iter().all(|bytes| std::str::from_utf8(bytes).is_ok()));
    assert!(map.explained[0] >= map.explained[1] && map.explained[1] > 0.0);
    let near = block_on(session.nearest(map.ids[0], 10)).expect("a token");
    assert_eq!(near.len(), 10);
    assert!(near.windows(2).all(|pair| pair[0].cosine >= pair[1].cosine));
    assert!(near.iter().all(|other| other.id != map.ids[0] && other.cosine <= 1.0));
    assert_eq!(block_on(session.nearest(9_999, 3)).expect_err("no such token").code(), "tokenOutOfRange");
}
