//! Sums of many digits, column addition and word problems, each answered at once or in worked steps, with or
//! without the sentence that asks for steps. A problem's key is its numbers.

use crate::Language::{self, En, Zh};
use crate::case::{ANSWER_IS, Case, answered, question};
use crate::draw::Draw;
use crate::lexicon::{Entry, FOODS, NAMES, THINGS};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// The sentence that asks for steps.
pub const TRIGGER: (&str, &str) = ("Let's think step by step.", "让我们一步一步地思考。");

/// How a problem is answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum Style {
    /// At once.
    Direct,
    /// By steps.
    Worked,
    /// By steps, after [`TRIGGER`].
    Triggered,
}

/// A problem with its steps.
#[derive(Clone, Debug)]
pub struct Problem {
    text: String,
    steps: Vec<String>,
    answer: usize,
    key: String,
}

/// The computation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// This many digits added one after another.
    Sum(usize),
    /// Two numbers with this many digits, column by column.
    Columns(usize),
    /// This many changes to a number of things.
    Story(usize),
}

/// The shapes in training.
pub const SHAPES: [Shape; 11] = [
    Shape::Sum(2),
    Shape::Sum(3),
    Shape::Sum(4),
    Shape::Sum(5),
    Shape::Sum(6),
    Shape::Columns(2),
    Shape::Columns(3),
    Shape::Story(1),
    Shape::Story(2),
    Shape::Story(3),
    Shape::Story(4),
];

impl Problem {
    /// A problem of this split.
    pub fn new(draw: &mut Draw, shape: Shape, language: Language) -> Self {
        let make = |draw: &mut Draw| match shape {
            Shape::Sum(count) => sum(draw, count, language),
            Shape::Columns(digits) => columns(draw, digits, language),
            Shape::Story(changes) => story(draw, changes, language),
        };
        // There are so few sums of two digits that all are in training.
        if shape == Shape::Sum(2) || shape == Shape::Story(1) {
            return make(draw);
        }
        draw.of_split(make, |problem| vec![problem.key.clone()])
    }

    fn answer(&self, style: Style, language: Language) -> String {
        let end = language.of(".", "。");
        let is = language
            .of(format!("{} {}.", ANSWER_IS.0, self.answer), format!("{}{}。", ANSWER_IS.1, self.answer));
        let space = language.of(" ", "");
        let steps = self.steps.join(&format!("{end}{space}")) + end;
        match style {
            Style::Direct => is,
            Style::Worked => [steps, is].join(space),
            Style::Triggered => [language.of(TRIGGER.0, TRIGGER.1).to_string(), steps, is].join(space),
        }
    }
}

fn sum(draw: &mut Draw, count: usize, language: Language) -> Problem {
    let digits: Vec<usize> = (0..count).map(|_| draw.between(1, 9)).collect();
    let mut total = digits[0];
    let steps = digits[1..].iter().map(|digit| {
        let before = total;
        total += digit;
        format!("{before}+{digit}={total}")
    });
    let steps = steps.collect();
    let sum = digits.iter().map(usize::to_string).collect::<Vec<_>>().join("+");
    let text = language.of(format!("What is {sum}?"), format!("{sum}等于多少？"));
    Problem { text, steps, answer: total, key: sum }
}

fn columns(draw: &mut Draw, digits: usize, language: Language) -> Problem {
    let (low, high) = (10usize.pow(digits as u32 - 1), 10usize.pow(digits as u32) - 1);
    let (a, b) = (draw.between(low, high), draw.between(low, high));
    let mut carry = 0;
    let steps = (0..digits as u32).map(|place| {
        let [x, y] = [a, b].map(|number| number / 10usize.pow(place) % 10);
        let sum = x + y + carry;
        let step = if carry == 0 { format!("{x}+{y}={sum}") } else { format!("{x}+{y}+1={sum}") };
        carry = sum / 10;
        step
    });
    let steps = steps.collect();
    let sum = format!("{a}+{b}");
    let text = language.of(format!("What is {sum}?"), format!("{sum}等于多少？"));
    // Its columns are the same in either order.
    Problem { text, steps, answer: a + b, key: columns_key(a, b) }
}

fn columns_key(a: usize, b: usize) -> String {
    format!("{}+{}", a.min(b), a.max(b))
}

fn story(draw: &mut Draw, changes: usize, language: Language) -> Problem {
    let (thing, measure) = countable(draw);
    let name = draw.pick(&NAMES);
    let thing = match language {
        En => plural(thing.word(En)),
        Zh => thing.word(Zh).into(),
    };
    let who = name.word(language);
    let pronoun = match (language, name.third()) {
        (En, "he") => "He",
        (En, _) => "She",
        (Zh, "he") => "他",
        (Zh, _) => "她",
    };
    let mut total = draw.between(2, 9);
    let mut text =
        language.of(format!("{who} has {total} {thing}."), format!("{who}有{total}{measure}{thing}。"));
    let mut steps = vec![];
    for _ in 0..changes {
        let gets = total < 3 || draw.chance(0.5);
        let count = draw.between(1, if gets { 9 } else { 9.min(total - 1) });
        let before = total;
        total = if gets { total + count } else { total - count };
        steps.push(format!("{before}{}{count}={total}", if gets { '+' } else { '-' }));
        text += &told(draw, gets, (pronoun, count, measure), language);
    }
    text +=
        &language.of(format!(" How many {thing} does {who} have?"), format!("{who}有几{measure}{thing}？"));
    let key = format!("{} {thing}", steps.join(" "));
    Problem { text, steps, answer: total, key }
}

/// A countable thing or food, and its measure word in 中文.
fn countable(draw: &mut Draw) -> (&'static Entry, &'static str) {
    if draw.chance(0.5) {
        let thing = draw.pick(&THINGS);
        return (thing, thing.third());
    }
    let food = loop {
        let food = draw.pick(&FOODS);
        if food.fact(0, En) != "drink" {
            break food;
        }
    };
    (food, "个")
}

fn told(
    draw: &mut Draw,
    gets: bool,
    (pronoun, count, measure): (&str, usize, &str),
    language: Language,
) -> String {
    const GETS: [(&str, &str); 3] = [("finds", "找到了"), ("buys", "买了"), ("gets", "得到了")];
    const LOSES: [(&str, &str); 3] = [("loses", "丢了"), ("sells", "卖了"), ("gives away", "送了")];
    let (en, zh) = draw.pick(if gets { &GETS } else { &LOSES });
    match language {
        En => format!(" {pronoun} {en} {count}."),
        Zh => format!("{pronoun}{zh}{count}{measure}。"),
    }
}

fn plural(word: &str) -> String {
    match word.as_bytes() {
        [.., b'y'] if !word.ends_with("ey") => format!("{}ies", &word[..word.len() - 1]),
        [.., b'h' | b'x' | b's' | b'o'] => format!("{word}es"),
        _ => format!("{word}s"),
    }
}

/// One problem or several, all answered in one style, so that the first shows how to answer the next.
pub fn document(draw: &mut Draw, language: Language) -> String {
    // The longest are the hardest, and contain the shorter ones.
    let shape = SHAPES[draw.weighted(&[1.0, 1.0, 1.0, 1.0, 2.0, 1.0, 1.0, 1.0, 1.0, 1.0, 2.0])];
    document_of(draw, language, shape)
}

/// The same with problems of a single shape.
pub fn document_of(draw: &mut Draw, language: Language, shape: Shape) -> String {
    let style = [Style::Direct, Style::Worked, Style::Triggered][draw.weighted(&[0.45, 0.2, 0.35])];
    let count = if style == Style::Worked { draw.between(2, 4) } else { draw.between(1, 4) };
    (0..count)
        .map(|_| {
            let problem = Problem::new(draw, shape, language);
            answered(language, &problem.text, &problem.answer(style, language))
        })
        .collect()
}

/// A problem after `shots` others answered in this style. The prompt of a triggered one ends with
/// [`TRIGGER`]; any other ends where the answer begins.
pub fn case(draw: &mut Draw, language: Language, shape: Shape, style: Style, shots: usize) -> Case {
    let shown: String = (0..shots)
        .map(|_| {
            let problem = Problem::new(draw, shape, language);
            answered(language, &problem.text, &problem.answer(style, language))
        })
        .collect();
    let problem = Problem::new(draw, shape, language);
    let mut prompt = shown + &question(language, &problem.text);
    if style == Style::Triggered {
        prompt += language.of(" ", "");
        prompt += language.of(TRIGGER.0, TRIGGER.1);
    }
    Case { prompt, answer: problem.answer.to_string() }
}

/// The keys of a text's sums, except sums of two digits, to check that none is held out.
pub fn keys_in(text: &str) -> impl Iterator<Item = String> {
    text.lines().filter_map(|line| {
        let question = line.strip_prefix("Q: What is ").or_else(|| line.strip_prefix("问："))?;
        let sum = &question[..question.find(['?', '等'])?];
        let terms = sum.split('+').map(str::parse).collect::<Result<Vec<usize>, _>>().ok()?;
        match terms[..] {
            [a, b] if a > 9 => Some(columns_key(a, b)),
            [_, _] => None,
            _ => Some(sum.into()),
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::draw::Split;

    #[test]
    fn steps_lead_to_the_answer() {
        for (shape, language) in
            SHAPES.iter().flat_map(|shape| Language::ALL.map(|language| (*shape, language)))
        {
            let mut draw = Draw::new(1, 0, Split::Train);
            for _ in 0..200 {
                let problem = Problem::new(&mut draw, shape, language);
                for step in &problem.steps {
                    let (sum, total) = step.split_once('=').expect("a step is an equation");
                    let terms = sum.replace('-', "+-");
                    let terms: Vec<i64> =
                        terms.split('+').map(|term| term.parse().expect("a number")).collect();
                    assert_eq!(terms.iter().sum::<i64>(), total.parse::<i64>().expect("a number"), "{step}");
                }
                let shown: usize = match shape {
                    Shape::Columns(_) => {
                        problem.key.split('+').map(|n| n.parse::<usize>().expect("a number")).sum()
                    }
                    _ => problem
                        .steps
                        .last()
                        .and_then(|step| step.rsplit('=').next()?.parse().ok())
                        .expect("a step"),
                };
                assert_eq!(shown, problem.answer, "{problem:?}");
                let case = Case { prompt: String::new(), answer: problem.answer.to_string() };
                for style in [Style::Direct, Style::Worked, Style::Triggered] {
                    assert!(case.accepts(&problem.answer(style, language)));
                }
            }
        }
    }
}
