//! The words of the world, from the tables in `data/` (one row per thing: English, 中文, and facts about it),
//! and invented ones.

use crate::Language;
use crate::draw::Draw;
use std::sync::LazyLock;

/// A word in both languages, and the table's other columns.
#[derive(Debug)]
pub struct Entry {
    columns: Vec<&'static str>,
}

impl Entry {
    pub fn word(&self, language: Language) -> &'static str {
        self.columns[language as usize]
    }

    /// Fact number `index` of it, from tables whose facts are pairs of columns.
    pub fn fact(&self, index: usize, language: Language) -> &'static str {
        self.columns[2 + 2 * index + language as usize]
    }

    /// The third column.
    pub fn third(&self) -> &'static str {
        self.columns[2]
    }
}

/// A table of words of one class.
pub type Table = LazyLock<Vec<Entry>>;

macro_rules! tables {
    ($($(#[$doc:meta])* $name:ident = $file:literal;)*) => {
        $($(#[$doc])* pub static $name: Table =
            LazyLock::new(|| read(include_str!(concat!("../data/", $file, ".tsv"))));)*
    };
}

tables! {
    /// Provinces of China; fact 0: the capital.
    PROVINCES = "provinces";
    /// Countries; fact 0: the capital.
    COUNTRIES = "countries";
    /// Animals; fact 0: what it eats.
    ANIMALS = "animals";
    /// Foods; fact 0: the kind, fact 1: the colour.
    FOODS = "foods";
    /// Given names; the third column is the pronoun.
    NAMES = "names";
    /// Things that a person can have; the third column is the measure word.
    THINGS = "things";
    /// Places where a person can be.
    PLACES = "places";
    /// Trades.
    JOBS = "jobs";
    COLOURS = "colours";
    /// What an animal can cross.
    WAYS = "ways";
    /// What a thing can be put into.
    HOLDERS = "holders";
}

fn read(table: &'static str) -> Vec<Entry> {
    table.lines().skip(1).map(|line| Entry { columns: line.split('\t').collect() }).collect()
}

/// The classes that an in-context task can distinguish.
pub static CLASSES: [(&str, &Table); 8] = [
    ("animal", &ANIMALS),
    ("food", &FOODS),
    ("name", &NAMES),
    ("thing", &THINGS),
    ("place", &PLACES),
    ("job", &JOBS),
    ("colour", &COLOURS),
    ("country", &COUNTRIES),
];

/// The class of a word of [`CLASSES`].
pub fn class_of(word: &str) -> Option<&'static str> {
    let has = |entry: &Entry| Language::ALL.iter().any(|&language| entry.word(language) == word);
    CLASSES.iter().find(|(_, table)| table.iter().any(has)).map(|(name, _)| *name)
}

const ONSETS: [&str; 14] = ["b", "d", "f", "g", "k", "l", "m", "n", "p", "r", "t", "v", "w", "z"];
const VOWELS: [&str; 5] = ["a", "e", "i", "o", "u"];
const CODAS: [&str; 8] = ["b", "f", "k", "l", "m", "p", "x", "z"];

/// An invented word of one syllable, such as `zib`.
pub fn syllable(draw: &mut Draw) -> String {
    [*draw.pick(&ONSETS), *draw.pick(&VOWELS), *draw.pick(&CODAS)].concat()
}

/// An invented name of a person or place in training, such as `Belomir`; [`made_up_place`] never gives one of these.
pub fn invented_name(draw: &mut Draw) -> String {
    const ENDS: [&str; 6] = ["mir", "dan", "ros", "lin", "ven", "tar"];
    let name = [
        *draw.pick(&ONSETS),
        *draw.pick(&VOWELS),
        *draw.pick(&ONSETS),
        *draw.pick(&VOWELS),
        *draw.pick(&ENDS),
    ];
    capital(&name.concat())
}

/// A place that no training document mentions.
pub fn made_up_place(draw: &mut Draw, language: Language) -> String {
    const ENDS: [&str; 5] = ["onia", "avia", "ustan", "eria", "oland"];
    const FIRST: [&str; 8] = ["云", "金", "石", "青", "白", "玉", "龙", "风"];
    const LAST: [&str; 6] = ["原", "岭", "泽", "陵", "浦", "丘"];
    match language {
        Language::En => capital(
            &[*draw.pick(&ONSETS), *draw.pick(&VOWELS), *draw.pick(&ONSETS), *draw.pick(&ENDS)].concat(),
        ),
        Language::Zh => [*draw.pick(&FIRST), *draw.pick(&LAST)].concat(),
    }
}

/// With a capital letter.
pub fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// With its article.
pub fn a(word: &str) -> String {
    format!("{} {word}", if word.starts_with(['a', 'e', 'i', 'o', 'u']) { "an" } else { "a" })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn tables_are_whole_and_no_word_is_of_two_classes() {
        let tables = [&PROVINCES, &COUNTRIES, &ANIMALS, &FOODS, &NAMES, &THINGS, &PLACES, &JOBS, &COLOURS];
        for table in tables {
            let width = table[0].columns.len();
            assert!(table.iter().all(|entry| entry.columns.len() == width && !entry.columns.contains(&"")));
        }
        for language in Language::ALL {
            let words: Vec<_> =
                CLASSES.iter().flat_map(|(_, t)| t.iter()).map(|e| e.word(language)).collect();
            assert_eq!(words.len(), words.iter().collect::<BTreeSet<_>>().len());
        }
    }

    #[test]
    fn made_up_places_are_in_no_table() {
        let mut draw = Draw::new(1, 0, crate::draw::Split::HeldOut);
        let known: BTreeSet<_> = [&PROVINCES, &COUNTRIES, &PLACES]
            .iter()
            .flat_map(|table| table.iter().flat_map(|entry| entry.columns.iter().copied()))
            .collect();
        for language in Language::ALL {
            assert!((0..500).all(|_| !known.contains(made_up_place(&mut draw, language).as_str())));
        }
    }
}
