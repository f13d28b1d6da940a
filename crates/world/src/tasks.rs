//! Tasks that can only be learnt from the examples before them: a rule is drawn for each document from a
//! space too large to learn by heart. Keys are a rule's parts: an invented word with the class that it labels
//! or whose word it translates, a frame's invented words, the letters of a new order.

use crate::Language;
use crate::case::Case;
use crate::draw::Draw;
use crate::lexicon::{CLASSES, Table, class_of, syllable};

/// A rule from words to words.
#[derive(Clone, Debug)]
pub enum Rule {
    /// Each class has an invented label: `cow -> zib`.
    Labels(Vec<(usize, String)>),
    /// Each word has an invented translation: `cow -> zib`.
    Dictionary(Vec<(&'static str, String)>),
    /// The word between invented ones, either of which may be missing: `cow -> zib cow mol`.
    Frame([String; 2]),
    /// The first or the second of two words, and an invented one: `hat cow -> cow zib`.
    Item(usize, String),
    /// Three letters in another order, or two of them: `k t m -> m t k`.
    Letters(&'static [usize]),
}

/// What can be done to three letters: the indices of the remaining ones.
const OPERATIONS: [&[usize]; 4] = [&[2, 1, 0], &[1, 2, 0], &[1, 2], &[0, 1]];

/// Between a rule's input and its result.
const ARROW: &str = " -> ";

/// How many words a dictionary has.
const DICTIONARY: [usize; 2] = [3, 8];

impl Rule {
    /// A rule of this split; `kind` counts the variants from 0.
    pub fn new(draw: &mut Draw, kind: usize, language: Language) -> Self {
        draw.of_split(|draw| Self::any(draw, kind, language), Self::keys)
    }

    fn any(draw: &mut Draw, kind: usize, language: Language) -> Self {
        match kind {
            0 => {
                let count = draw.between(2, 3);
                let classes: Vec<usize> = (0..CLASSES.len()).collect();
                let classes: Vec<usize> = draw.some(&classes, count).into_iter().copied().collect();
                Self::Labels(classes.into_iter().map(|class| (class, sign(draw, CLASSES[class].0))).collect())
            }
            1 => {
                let words = words(draw, DICTIONARY, language);
                let sign = |draw: &mut Draw, word| sign(draw, class_of(word).expect("a word of a class"));
                Self::Dictionary(words.into_iter().map(|word| (word, sign(draw, word))).collect())
            }
            2 => {
                let sides = draw.weighted(&[1.0, 1.0, 1.0]);
                let side = |draw: &mut Draw, here| if here { syllable(draw) } else { String::new() };
                Self::Frame([side(draw, sides != 0), side(draw, sides != 1)])
            }
            3 => Self::Item(draw.below(2), syllable(draw)),
            _ => Self::Letters(OPERATIONS[draw.below(OPERATIONS.len())]),
        }
    }

    /// The keys that decide whether it is held out.
    pub fn keys(&self) -> Vec<String> {
        match self {
            Self::Labels(_) | Self::Dictionary(_) | Self::Letters(_) => vec![],
            Self::Frame([before, after]) => vec![format!("frame {before} {after}")],
            Self::Item(place, mark) => vec![format!("item {place} {mark}")],
        }
    }

    /// The number of entries to show before everything is known.
    fn entries(&self) -> usize {
        match self {
            Self::Labels(labels) => labels.len(),
            Self::Dictionary(pairs) => pairs.len(),
            Self::Frame(_) | Self::Item(..) | Self::Letters(_) => 1,
        }
    }

    /// An example of an entry: words, and the rule's result.
    fn example(&self, draw: &mut Draw, language: Language, entry: usize) -> (String, String) {
        match self {
            Self::Labels(labels) => {
                let (class, label) = &labels[entry];
                (word_of(draw, *class, language).into(), label.clone())
            }
            Self::Dictionary(pairs) => {
                let (word, translation) = &pairs[entry];
                (word.to_string(), translation.clone())
            }
            Self::Frame([before, after]) => {
                let word = word(draw, language);
                (word.into(), format!("{before} {word} {after}").trim().into())
            }
            Self::Item(place, mark) => {
                let words = words(draw, [2, 2], language);
                (words.join(" "), format!("{} {mark}", words[*place]))
            }
            Self::Letters(places) => {
                let letters = draw.of_split(letters, |letters| vec![letters.join(" ")]);
                let made: Vec<&str> = places.iter().map(|place| letters[*place].as_str()).collect();
                (letters.join(" "), made.join(" "))
            }
        }
    }

    /// Endless examples: each entry once, in random order, and again.
    fn examples<'a>(
        &'a self,
        draw: &'a mut Draw,
        language: Language,
    ) -> impl Iterator<Item = (String, String)> + 'a {
        let mut round = vec![];
        std::iter::repeat_with(move || {
            if round.is_empty() {
                round = (0..self.entries()).collect();
                draw.shuffle(&mut round);
            }
            let entry = round.pop().expect("a rule has entries");
            self.example(draw, language, entry)
        })
    }
}

/// A word of a class.
fn word_of(draw: &mut Draw, class: usize, language: Language) -> &'static str {
    let table: &Table = CLASSES[class].1;
    draw.pick(table).word(language)
}

/// A word of any class.
fn word(draw: &mut Draw, language: Language) -> &'static str {
    let class = draw.below(CLASSES.len());
    word_of(draw, class, language)
}

/// Different words of any classes, between `low` and `high` of them.
fn words(draw: &mut Draw, [low, high]: [usize; 2], language: Language) -> Vec<&'static str> {
    let count = draw.between(low, high);
    let mut words = vec![];
    while words.len() < count {
        let word = word(draw, language);
        if !words.contains(&word) {
            words.push(word);
        }
    }
    words
}

/// Three different letters.
fn letters(draw: &mut Draw) -> Vec<String> {
    let alphabet: Vec<char> = ('a'..='z').collect();
    draw.some(&alphabet, 3).into_iter().map(char::to_string).collect()
}

/// An invented word for a class, or for a word of it.
fn sign(draw: &mut Draw, class: &str) -> String {
    draw.of_split(syllable, |sign| vec![sign_key(class, sign)])
}

/// The key that decides whether an invented word is held out as a class's label and as the translation of its
/// words.
fn sign_key(class: &str, sign: &str) -> String {
    format!("{class} {sign}")
}

fn line((input, output): (String, String)) -> String {
    format!("{input}{ARROW}{output}\n")
}

/// Examples of one rule, from eight to twenty. Frames are less frequent: they are learnt first.
pub fn document(draw: &mut Draw, language: Language) -> String {
    let kind = draw.weighted(&[3.0, 3.0, 1.0, 3.0, 3.0]);
    document_of(draw, language, kind)
}

/// Examples of one rule of this kind.
pub fn document_of(draw: &mut Draw, language: Language, kind: usize) -> String {
    let rule = Rule::new(draw, kind, language);
    let count = draw.between(8, 20);
    rule.examples(draw, language).take(count).map(line).collect()
}

/// A word to apply a rule of this kind to, after `shots` examples of it. The question may be about any entry
/// of the rule, even one that no example showed.
pub fn case(draw: &mut Draw, language: Language, kind: usize, shots: usize) -> Case {
    let rule = Rule::new(draw, kind, language);
    let shown: Vec<_> = rule.examples(draw, language).take(shots).collect();
    let (input, answer) = loop {
        let entry = draw.below(rule.entries());
        let (input, answer) = rule.example(draw, language, entry);
        // Looking a word up is what a dictionary asks for; elsewhere it would replace the rule.
        if matches!(rule, Rule::Dictionary(_)) || shown.iter().all(|(other, _)| *other != input) {
            break (input, answer);
        }
    };
    let shown: String = shown.into_iter().map(line).collect();
    Case { prompt: shown + &input + ARROW.trim_end(), answer }
}

/// The keys of the examples in a text, to check that none is held out.
pub fn keys_in(text: &str) -> Vec<String> {
    text.lines().filter_map(|line| line.split_once(ARROW)).filter_map(key_of).collect()
}

fn key_of((input, output): (&str, &str)) -> Option<String> {
    if input.split(' ').all(|part| part.len() == 1) {
        return Some(input.into());
    }
    let Some(class) = class_of(input) else {
        let (word, mark) = output.rsplit_once(' ')?;
        let place = usize::from(!input.starts_with(&format!("{word} ")));
        return Some(Rule::Item(place, mark.into()).keys().remove(0));
    };
    match output.split_once(input) {
        Some((before, after)) => {
            Some(Rule::Frame([before.trim().into(), after.trim().into()]).keys().remove(0))
        }
        None => Some(sign_key(class, output)),
    }
}
