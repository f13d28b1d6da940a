//! What a model must know by heart: capitals, what animals eat, kinds and colours of food, in several
//! wordings. All are in training; `claims.rs` asks about invented ones.

use crate::Language::{self, En, Zh};
use crate::case::{Case, answered, question};
use crate::draw::Draw;
use crate::lexicon::{ANIMALS, COUNTRIES, Entry, FOODS, PROVINCES, Table, a, capital};

/// A statement about the words of a table.
struct Relation {
    table: &'static Table,
    fact: usize,
    /// Statements and questions; {x} is the word, {a} the word with its article, {y} the fact.
    en: Wording,
    zh: Wording,
}

struct Wording {
    statements: &'static [&'static str],
    question: &'static str,
}

const CAPITAL: Wording = Wording {
    statements: &["The capital of {x} is {y}.", "{y} is the capital of {x}."],
    question: "What is the capital of {x}?",
};

static RELATIONS: [Relation; 5] = [
    Relation {
        table: &PROVINCES,
        fact: 0,
        en: CAPITAL,
        zh: Wording {
            statements: &["{x}的省会城市是{y}。", "{y}是{x}的省会城市。"],
            question: "{x}的省会城市是哪里？",
        },
    },
    Relation {
        table: &COUNTRIES,
        fact: 0,
        en: CAPITAL,
        zh: Wording {
            statements: &["{x}的首都是{y}。", "{y}是{x}的首都。"], question: "{x}的首都是哪里？"
        },
    },
    Relation {
        table: &ANIMALS,
        fact: 0,
        en: Wording {
            statements: &["{A} is an animal. It eats {y}.", "The {x} eats {y}."],
            question: "What does {a} eat?",
        },
        zh: Wording {
            statements: &["{x}是一种动物。它吃{y}。", "{x}吃{y}。"], question: "{x}吃什么？"
        },
    },
    Relation {
        table: &FOODS,
        fact: 0,
        en: Wording { statements: &["The {x} is a {y}."], question: "What kind of food is {x}?" },
        zh: Wording { statements: &["{x}是一种{y}。"], question: "{x}是什么食物？" },
    },
    Relation {
        table: &FOODS,
        fact: 1,
        en: Wording { statements: &["The {x} is {y}."], question: "What colour is {x}?" },
        zh: Wording { statements: &["{x}是{y}的。"], question: "{x}是什么颜色？" },
    },
];

impl Relation {
    fn wording(&self, language: Language) -> &Wording {
        language.of(&self.en, &self.zh)
    }

    fn fill(&self, template: &str, entry: &Entry, language: Language) -> String {
        let word = entry.word(language);
        let text = template
            .replace("{x}", word)
            .replace("{a}", &a(word))
            .replace("{A}", &capital(&a(word)))
            .replace("{y}", entry.fact(self.fact, language));
        capital(&text)
    }

    fn statement(&self, draw: &mut Draw, entry: &Entry, language: Language) -> String {
        let template = draw.pick(self.wording(language).statements);
        self.fill(template, entry, language)
    }

    /// The question, and the answer with its full stop.
    fn asked(&self, entry: &Entry, language: Language) -> (String, String) {
        let answer = entry.fact(self.fact, language);
        (
            self.fill(self.wording(language).question, entry, language),
            capital(answer) + language.of(".", "。"),
        )
    }
}

/// A question of fact with its answer.
pub(crate) fn asked(draw: &mut Draw, language: Language) -> (String, String) {
    let relation = draw.pick(&RELATIONS);
    let entry = draw.pick(relation.table);
    relation.asked(entry, language)
}

/// Some facts, as statements or questions.
pub fn document(draw: &mut Draw, language: Language) -> String {
    let asks = draw.chance(0.5);
    let one = draw.chance(0.5).then(|| draw.pick(&RELATIONS));
    (0..draw.between(3, 8))
        .map(|_| {
            let relation = one.unwrap_or_else(|| draw.pick(&RELATIONS));
            let entry = draw.pick(relation.table);
            if asks {
                let (text, answer) = relation.asked(entry, language);
                answered(language, &text, &answer)
            } else {
                relation.statement(draw, entry, language) + "\n"
            }
        })
        .collect()
}

/// A fact from training, as a question.
pub fn case(draw: &mut Draw, language: Language) -> Case {
    let (text, answer) = asked(draw, language);
    Case { prompt: question(language, &text), answer: answer.trim_end_matches(['.', '。']).into() }
}

/// The capital of a place that does not exist, as a question; no answer is right.
pub fn made_up(draw: &mut Draw, language: Language) -> Case {
    let place = crate::lexicon::made_up_place(draw, language);
    let text = match language {
        En => format!("What is the capital of {place}?"),
        Zh => format!("{place}的省会城市是哪里？"),
    };
    Case { prompt: question(language, &text), answer: String::new() }
}
