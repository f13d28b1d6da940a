//! Tasks that can only be learnt from the examples before them: a rule is drawn for each document from a space too large to learn
//! by heart. Rules are held out by their parts: an invented word by the class that it is a label of or translates a word of, a
//! frame by its invented words.

use crate::Language;
use crate::case::Case;
use crate::draw::Draw;
use crate::lexicon::{CLASSES, Table, class_of, syllable};

/// A rule from words to words.
#[derive(Clone, Debug)]
pub enum Rule {
    /// Each class has an invented label: `cow -> zib`.
    Labels(Vec<(usize, String)>),
    /// Each word has an invented translation, and is asked for after it was shown: `cow -> zib`.
    Dictionary(Vec<(&'static str, String)>),
    /// The word again, between invented ones, either of which may be missing: `cow -> zib cow mol`.
    Frame([String; 2]),
    /// One of three words, and an invented one: `hat cow key -> cow zib`.
    Item(usize, String),
}

/// How examples are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// `cow -> zib`.
    Arrow,
    /// `Input: cow` and `Output: zib`.
    Named,
}

/// The most words that a dictionary has.
const DICTIONARY: usize = 8;

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
                let mut words: Vec<&str> = (0..2 * DICTIONARY).map(|_| word(draw, language)).collect();
                words.sort_unstable();
                words.dedup();
                draw.shuffle(&mut words);
                words.truncate(DICTIONARY);
                Self::Dictionary(
                    words
                        .into_iter()
                        .map(|word| (word, sign(draw, class_of(word).expect("a word of a class"))))
                        .collect(),
                )
            }
            2 => {
                let sides = draw.weighted(&[1.0, 1.0, 1.0]);
                let side = |draw: &mut Draw, here| if here { syllable(draw) } else { String::new() };
                Self::Frame([side(draw, sides != 0), side(draw, sides != 1)])
            }
            _ => Self::Item(draw.below(3), syllable(draw)),
        }
    }

    /// What decides whether it is held out.
    pub fn keys(&self) -> Vec<String> {
        match self {
            Self::Labels(_) | Self::Dictionary(_) => vec![],
            Self::Frame([before, after]) => vec![format!("frame {before} {after}")],
            Self::Item(place, mark) => vec![format!("item {place} {mark}")],
        }
    }

    /// The words of an example and what the rule makes of them; `shown` are the words of the examples before. Of a dictionary
    /// the next `again` word is one of them, for only that can be known; of other rules none is.
    fn example(
        &self,
        draw: &mut Draw,
        language: Language,
        shown: &[String],
        again: bool,
    ) -> (String, String) {
        match self {
            Self::Labels(labels) => loop {
                let (class, label) = draw.pick(labels);
                let word = word_of(draw, *class, language);
                if !shown.iter().any(|shown| shown == word) {
                    return (word.into(), label.clone());
                }
            },
            Self::Dictionary(pairs) => {
                let known = |word: &str| shown.iter().any(|shown| shown == word);
                let fit: Vec<_> = pairs.iter().filter(|(word, _)| known(word) == again).collect();
                let (word, translation) = draw.pick(&fit);
                (word.to_string(), translation.clone())
            }
            Self::Frame([before, after]) => {
                let word = word(draw, language);
                (word.into(), format!("{before} {word} {after}").trim().into())
            }
            Self::Item(place, mark) => {
                let words = [word(draw, language), word(draw, language), word(draw, language)];
                (words.join(" "), format!("{} {mark}", words[*place]))
            }
        }
    }

    /// Whether words that were shown can be asked for now, and whether others can.
    fn choices(&self, shown: &[String]) -> [bool; 2] {
        let Self::Dictionary(pairs) = self else { return [false, true] };
        let known = pairs.iter().filter(|(word, _)| shown.iter().any(|shown| shown == word)).count();
        [known > 0, known < pairs.len()]
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

/// An invented word for a class, or for a word of it.
fn sign(draw: &mut Draw, class: &str) -> String {
    draw.of_split(syllable, |sign| vec![sign_key(class, sign)])
}

/// What decides whether an invented word is held out as the label of a class and as the translation of its words.
fn sign_key(class: &str, sign: &str) -> String {
    format!("{class} {sign}")
}

fn line(form: Form, language: Language, input: &str, output: &str) -> String {
    match (form, language) {
        (Form::Arrow, _) => format!("{input} -> {output}\n"),
        (Form::Named, Language::En) => format!("Input: {input}\nOutput: {output}\n"),
        (Form::Named, Language::Zh) => format!("输入：{input}\n输出：{output}\n"),
    }
}

/// Examples of one rule, from five to sixteen. What has to be looked up comes more often: it takes longest to learn.
pub fn document(draw: &mut Draw, language: Language) -> String {
    let kind = draw.weighted(&[4.0, 4.0, 1.0, 2.0]);
    let rule = Rule::new(draw, kind, language);
    let form = *draw.pick(&[Form::Arrow, Form::Named]);
    let mut shown = vec![];
    (0..draw.between(5, 16))
        .map(|_| {
            let [old, new] = rule.choices(&shown);
            let again = old && (!new || draw.chance(0.5));
            let (input, output) = rule.example(draw, language, &shown, again);
            let line = line(form, language, &input, &output);
            shown.push(input);
            line
        })
        .collect()
}

/// A word to which a rule of this kind is to be applied, after `shots` examples of it, at most eight.
pub fn case(draw: &mut Draw, language: Language, kind: usize, form: Form, shots: usize) -> Case {
    let rule = Rule::new(draw, kind, language);
    let (mut shown, mut prompt) = (vec![], String::new());
    for _ in 0..shots {
        let (input, output) = rule.example(draw, language, &shown, false);
        prompt += &line(form, language, &input, &output);
        shown.push(input);
    }
    let [again, _] = rule.choices(&shown);
    let (input, answer) = rule.example(draw, language, &shown, again);
    let asked = line(form, language, &input, "");
    Case { prompt: prompt + asked.trim_end(), answer }
}

/// The keys of the labels and translations in a text, to look for what should not be there.
pub fn keys_in(text: &str) -> Vec<String> {
    let lines: Vec<&str> = text.lines().collect();
    let arrows = lines.iter().filter_map(|line| line.split_once(" -> "));
    let named = lines.windows(2).filter_map(|pair| {
        let input = pair[0].strip_prefix("Input: ").or_else(|| pair[0].strip_prefix("输入："))?;
        Some((input, pair[1].strip_prefix("Output: ").or_else(|| pair[1].strip_prefix("输出："))?))
    });
    let one_word = |(_, output): &(&str, &str)| !output.contains(' ');
    let key = |(input, output): (&str, &str)| Some(sign_key(class_of(input)?, output));
    arrows.chain(named).filter(one_word).filter_map(key).collect()
}
