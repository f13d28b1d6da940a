//! Passages about invented people, with questions whose answers are only in the passage. Their key is a name
//! and what is said of it.

use crate::Language;
use crate::case::{Case, answered, question};
use crate::draw::Draw;
use crate::lexicon::{ANIMALS, COLOURS, FOODS, JOBS, PLACES, THINGS, Table, a, invented_name};

/// A statement about a person.
struct Trait {
    table: &'static Table,
    /// Statement and question, {n} the name, {y} the word, {a} the word with its article.
    en: [&'static str; 2],
    zh: [&'static str; 2],
}

static TRAITS: [Trait; 6] = [
    Trait {
        table: &PLACES,
        en: ["{n} lives near the {y}.", "Where does {n} live?"],
        zh: ["{n}住在{y}旁边。", "{n}住在哪里？"],
    },
    Trait {
        table: &JOBS,
        en: ["{n} works as {a}.", "What is the job of {n}?"],
        zh: ["{n}的工作是{y}。", "{n}做什么工作？"],
    },
    Trait {
        table: &FOODS,
        en: ["{n} likes to eat {y}.", "What does {n} like to eat?"],
        zh: ["{n}喜欢吃{y}。", "{n}喜欢吃什么？"],
    },
    Trait {
        table: &ANIMALS,
        en: ["{n} has {a} at home.", "Which animal does {n} have?"],
        zh: ["{n}家里有{y}。", "{n}家里有什么动物？"],
    },
    Trait {
        table: &THINGS,
        en: ["{n} lost the {y}.", "What did {n} lose?"],
        zh: ["{n}丢了{y}。", "{n}丢了什么？"],
    },
    Trait {
        table: &COLOURS,
        en: ["{n} loves the colour {y}.", "Which colour does {n} love?"],
        zh: ["{n}最爱{y}。", "{n}最爱什么颜色？"],
    },
];

/// A statement about someone.
struct Statement {
    name: String,
    of: &'static Trait,
    word: &'static str,
}

impl Statement {
    fn new(draw: &mut Draw, language: Language, others: &[Self]) -> Self {
        draw.of_split(
            |draw| {
                let of = draw.pick(&TRAITS);
                let known = (!others.is_empty() && draw.chance(0.4)).then(|| draw.pick(others).name.clone());
                Self {
                    name: known.unwrap_or_else(|| invented_name(draw)),
                    of,
                    word: draw.pick(of.table).word(language),
                }
            },
            |made| vec![format!("{} {}", made.name, made.word)],
        )
    }

    fn fill(&self, template: &str) -> String {
        template.replace("{n}", &self.name).replace("{y}", self.word).replace("{a}", &a(self.word))
    }

    fn told(&self, language: Language) -> String {
        self.fill(language.of(self.of.en[0], self.of.zh[0]))
    }

    fn asked(&self, language: Language) -> String {
        self.fill(language.of(self.of.en[1], self.of.zh[1]))
    }

    fn same_question(&self, other: &Self) -> bool {
        self.name == other.name && std::ptr::eq(self.of, other.of)
    }
}

/// Three to six statements, with a different question for each.
fn statements(draw: &mut Draw, language: Language) -> Vec<Statement> {
    let count = draw.between(3, 6);
    let mut made: Vec<Statement> = vec![];
    while made.len() < count {
        let next = Statement::new(draw, language, &made);
        if !made.iter().any(|other| other.same_question(&next)) {
            made.push(next);
        }
    }
    made
}

fn passage(statements: &[Statement], language: Language) -> String {
    let told: Vec<String> = statements.iter().map(|statement| statement.told(language)).collect();
    told.join(language.of(" ", "")) + "\n"
}

/// A passage, and one or more questions.
pub fn document(draw: &mut Draw, language: Language) -> String {
    let statements = statements(draw, language);
    let mut text = passage(&statements, language);
    let count = draw.between(1, statements.len());
    for statement in draw.some(&statements, count) {
        text += &answered(
            language,
            &statement.asked(language),
            &(statement.word.to_string() + language.of(".", "。")),
        );
    }
    text
}

/// A question about a passage, with or without the passage before it.
pub fn case(draw: &mut Draw, language: Language, with: bool) -> Case {
    let statements = statements(draw, language);
    let asked = draw.pick(&statements);
    let shown = if with { passage(&statements, language) } else { String::new() };
    Case { prompt: shown + &question(language, &asked.asked(language)), answer: asked.word.into() }
}
