//! Text out of a model: streaming, stop strings across token borders, seeds, the stages of the next token; and the bench
//! of the Tokens lab.

mod common;

use common::*;
use futures_lite::future::block_on;
use tadpole_gpt::checkpoint::File;
use tadpole_session::*;

fn generate(session: &mut Session, request: GenerateRequest) -> (String, Vec<u32>, FinishReason) {
    let handle = session.open_generate(request).expect("a valid request");
    let (mut text, mut ids, mut end) = (String::new(), vec![], None);
    for event in drain(session, handle) {
        match event {
            Event::Token(WrittenToken { id, text: more, .. }) => {
                ids.push(id);
                text.push_str(&more);
            }
            Event::Finished(Finished { reason, text: more }) => {
                end = Some(reason);
                text.push_str(&more);
            }
            other => panic!("{other:?} is no part of a generation"),
        }
    }
    (text, ids, end.expect("every generation says why it ended"))
}

fn ask(prompt: &str) -> GenerateRequest {
    let sampling = SamplingConfig { temperature: 1.0, seed: 9, ..SamplingConfig::default() };
    GenerateRequest { prompt: prompt.into(), max_new_tokens: 60, sampling, ..GenerateRequest::default() }
}

#[test]
fn a_seed_repeats_a_text_beyond_the_context_and_another_does_not() {
    let mut session = trained();
    let first = generate(&mut session, ask("the frog"));
    assert_eq!((first.1.len(), first.2), (60, FinishReason::Length));
    assert_eq!(generate(&mut session, ask("the frog")), first);
    let mut other = ask("the frog");
    other.sampling.seed = 10;
    assert_ne!(generate(&mut session, other), first);
}

#[test]
fn a_stop_string_ends_the_text_wherever_tokens_cut_it() {
    let mut session = trained();
    let (whole, ids, _) = generate(&mut session, ask("the frog"));
    let tokenizer = session.tokenizer().expect("a model");
    let bytes: Vec<usize> = ids
        .iter()
        .scan(0, |end, &id| {
            *end += tokenizer.token_bytes(id).unwrap_or_default().len();
            Some(*end)
        })
        .collect();
    // A piece of the text that begins inside one token and ends inside another.
    let places = whole.char_indices().map(|(at, _)| at).collect::<Vec<_>>();
    let across =
        places.windows(4).find(|w| bytes.contains(&w[1]) || bytes.contains(&w[2])).expect("tokens have ends");
    let stop = whole[across[0]..across[3]].to_string();
    let mut request = ask("the frog");
    request.stop = vec!["never written".into(), stop.clone()];
    let (text, _, reason) = generate(&mut session, request);
    let at = whole.find(&stop).expect("it was cut from there");
    assert_eq!((text.as_str(), reason), (&whole[..at], FinishReason::Stop));
}

#[test]
fn a_special_token_ends_the_text() {
    let mut session = session();
    let mut request = request();
    request.tokenizer.special_tokens = vec!["<|endoftext|>".into()];
    let handle = session.open_train(corpus(), request).expect("a valid run");
    drain(&mut session, handle);
    // After a thousand nearly uniform draws from 300 tokens the special one has occurred.
    let mut ask = ask("the frog");
    ask.sampling = SamplingConfig { temperature: 2.0, top_k: 0, top_p: 1.0, min_p: 0.0, ..ask.sampling };
    ask.max_new_tokens = 20_000;
    let (text, _, reason) = generate(&mut session, ask);
    assert_eq!(reason, FinishReason::EndToken);
    assert!(!text.is_empty() && !text.contains("endoftext"), "its name is no part of the text: {text}");
}

#[test]
fn what_was_written_before_the_weights_fail_is_told() {
    let mut session = trained();
    let (_, good, _) = generate(&mut session, ask("the frog"));
    let save = SaveOptions::default();
    let mut file =
        File::read(&block_on(session.save(save)).expect("it saves"), |_| true).expect("our own file");
    // The last position of the context is not a number: the text goes well until it gets there.
    let positions = &mut file.tensors.get_mut("wpe.weight").expect("learned positions").values;
    let from = positions.len() - 16;
    positions[from..].fill(f32::NAN);
    session.load(&file.write().expect("it is small")).expect("it is a model");
    let prompt = session.tokenizer().expect("a model").encode("the frog").expect("it encodes").len();
    let handle = session.open_generate(ask("the frog")).expect("a valid request");
    let mut ids = vec![];
    let error = loop {
        match block_on(session.next(handle, false)) {
            Ok(events) => ids.extend(events.expect("the text does not end").into_iter().filter_map(token)),
            Err(error) => break error,
        }
    };
    assert_eq!(error.code(), "logitsNotFinite");
    assert_eq!(ids, good[..16 - prompt]);
}

fn token(event: Event) -> Option<u32> {
    if let Event::Token(token) = event { Some(token.id) } else { None }
}

#[test]
fn prompts_that_cannot_serve_are_refused_with_their_numbers() {
    let mut session = trained();
    let code = |session: &mut Session, request| session.open_generate(request).map_err(|e| e.code());
    assert_eq!(code(&mut session, ask("")), Err("promptEmpty"));
    let long = "the frog jumps ".repeat(50);
    assert_eq!(code(&mut session, ask(&long)), Err("promptTooLong"));
    assert!(session.open_generate(GenerateRequest { truncate_prompt: true, ..ask(&long) }).is_ok());
    let mut hot = ask("x");
    hot.sampling.temperature = 3.0;
    assert_eq!(code(&mut session, hot), Err("outOfRange"));
    assert_eq!(common::session().open_generate(ask("x")).map_err(|e| e.code()), Err("noModel"));
}

#[test]
fn every_stage_of_the_next_token_is_shown() {
    let mut session = trained();
    let sampling = SamplingConfig { top_k: 3, min_p: 0.0, top_p: 1.0, ..SamplingConfig::default() };
    let next = block_on(session.next_tokens("the frog", &[], &sampling, 10)).expect("it answers");
    assert_eq!(next.stages, STAGES);
    assert_eq!(next.candidates.len(), 10);
    let vocab = session.model().expect("a model").config.vocab_size;
    assert_eq!(next.survivors, [vocab, vocab, vocab, vocab, 3, 3, 3]);
    assert!(next.candidates.is_sorted_by(|a, b| a.logit >= b.logit));
    assert!(next.candidates[3..].iter().all(|c| c.probs[4] == 0.0 && c.probs[3] > 0.0));
    let greedy = SamplingConfig { temperature: 0.0, ..sampling };
    let next = block_on(session.next_tokens("the frog", &[], &greedy, 10)).expect("it answers");
    assert_eq!(next.candidates[0].probs[6], 1.0);
}

#[test]
fn forced_ids_follow_the_prompt_as_they_are() {
    let mut session = trained();
    let ids = session.tokenizer().expect("a model").encode("the frog").expect("it encodes");
    let sampling = SamplingConfig { temperature: 1.0, ..SamplingConfig::default() };
    let whole = block_on(session.next_tokens("the frog", &[], &sampling, 10)).expect("it answers");
    let forced = block_on(session.next_tokens("", &ids, &sampling, 10)).expect("it answers");
    assert_eq!(whole, forced);
    let request = GenerateRequest { prompt: String::new(), forced: ids, ..ask("") };
    assert_eq!(generate(&mut session, request), generate(&mut session, ask("the frog")));
    let beyond = block_on(session.next_tokens("the frog", &[1 << 20], &sampling, 10));
    assert_eq!(beyond.map_err(|error| error.code()), Err("tokenOutOfRange"));
    assert!(session.open_generate(GenerateRequest { forced: vec![1 << 20], ..ask("the frog") }).is_err());
}
