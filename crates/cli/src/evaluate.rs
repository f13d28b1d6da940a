//! `tadpole eval`: a checkpoint's loss over the whole validation part of its corpus, or its answers to cases of the world.

use crate::args::EvalArgs;
use crate::device::open;
use crate::files::explain;
use crate::text::read_text;
use anyhow::{Context, Result};
use futures_lite::future::block_on;
use tadpole_session::{
    CLAIMS, Case, Claim, Event, GradeRequest, Graded, Interval, Neighbours, PronounHead, Session,
};

/// Runs the command.
pub fn run(args: EvalArgs, json: bool) -> Result<()> {
    let mut session = open(&args.checkpoint, &args.device)?;
    if args.world {
        return grade(&mut session, &args, json);
    }
    if let Some(corpus) = &args.corpus {
        session.attach_corpus(read_text(corpus, &args.encoding)?).map_err(explain)?;
    }
    let eval = block_on(session.evaluate()).map_err(explain)?;
    if json {
        println!("{}", serde_json::to_string(&eval)?);
    } else {
        println!(
            "step {}  val/loss {:.4}  perplexity {:.2}  bits per byte {:.3}",
            eval.step, eval.val_loss, eval.perplexity, eval.bits_per_byte
        );
    }
    Ok(())
}

fn grade(session: &mut Session, args: &EvalArgs, json: bool) -> Result<()> {
    if !json {
        println!(
            "{:<16} {:<26} {:>6} {:>8} {:>9} {:>13}",
            "claim", "condition", "cases", "correct", "accuracy", "95 % within"
        );
    }
    let wanted = |claim: &&Claim| args.claim.is_empty() || args.claim.iter().any(|name| name == claim.claim);
    for claim in CLAIMS.iter().filter(wanted) {
        let Interval { n, correct, accuracy, low, high } = count(session, claim, args, json)?;
        let Claim { claim, condition, .. } = claim;
        if json {
            let row = serde_json::json!({
                "claim": claim, "condition": condition, "n": n, "correct": correct,
                "accuracy": accuracy, "low": low, "high": high,
            });
            println!("{row}");
        } else {
            let [accuracy, low, high] = [accuracy, low, high].map(|share| 100.0 * share);
            println!(
                "{claim:<16} {condition:<26} {n:>6} {correct:>8} {accuracy:>8.1}% {low:>5.1} - {high:.1}"
            );
        }
    }
    if args.claim.is_empty() { probe(session, args, json) } else { Ok(()) }
}

/// What is measured of the model besides its answers.
fn probe(session: &Session, args: &EvalArgs, json: bool) -> Result<()> {
    let (cases, seed) = (args.cases as usize, args.seed);
    let surety = block_on(session.made_up_places(cases, seed)).map_err(explain)?;
    let neighbours = block_on(session.neighbours()).map_err(explain)?;
    let head = |people| block_on(session.pronoun_head(people, cases, seed)).map_err(explain);
    let heads = [("he or she", head(true)?), ("it", head(false)?)];
    if json {
        println!(
            "{}",
            serde_json::json!({ "parameters": session.model().map(|model| model.parameters), "madeUpPlaces": surety, "neighbours": neighbours, "pronounHeads": heads })
        );
        return Ok(());
    }
    let percent = 100.0 * surety.mean_probability;
    println!(
        "\nA made-up place, {cases} questions: the likeliest first token of the answer has {percent:.1}% on average."
    );
    for Neighbours { class, words, share, chance } in neighbours {
        let [share, chance] = [share, chance].map(|share| 100.0 * share);
        println!(
            "Of the 10 words nearest to each of {words} {class} words, {share:.1}% are of the class; by chance {chance:.1}%."
        );
    }
    for (pronoun, PronounHead { layer, head, n, share, .. }) in heads {
        let share = 100.0 * share;
        println!(
            "Who or what {pronoun} means, {n} stories: head {head} of block {layer} looks most at the right noun in {share:.1}%."
        );
    }
    Ok(())
}

/// Counts how many of a claim's cases the model answers right.
fn count(session: &mut Session, claim: &Claim, args: &EvalArgs, json: bool) -> Result<Interval> {
    let cases: Vec<Case> = (0..args.cases).map(|index| claim.case(args.seed, index.into())).collect();
    let request = GradeRequest { cases: cases.clone(), max_new_tokens: claim.max_new_tokens };
    let handle = session.open_grade(request).map_err(explain)?;
    let (mut asked, mut total) = (cases.iter(), None);
    while let Some(events) = block_on(session.next(handle, false)).map_err(explain)? {
        for event in events {
            let (Event::Graded(Graded { output, correct, score }), Some(case)) = (event, asked.next()) else {
                continue;
            };
            total = Some(score);
            if args.answers {
                show(case, &output, correct, json);
            }
        }
    }
    total.context("the claim has no cases")
}

fn show(Case { prompt, answer }: &Case, output: &str, correct: bool, json: bool) {
    if json {
        let row =
            serde_json::json!({ "prompt": prompt, "answer": answer, "output": output, "correct": correct });
        println!("{row}");
    } else {
        println!("{prompt}{output}\n[{}: {answer}]\n", if correct { "right" } else { "wrong" });
    }
}
