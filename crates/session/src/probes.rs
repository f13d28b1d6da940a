//! What can be measured of the live model besides its answers: how sure it is of a place that does not exist, whether words that
//! mean alike lie near each other, and which head looks at what a pronoun means.

use crate::{Result, Session};
use serde::Serialize;
use std::ops::Range;
use tadpole_gpt::Gpt;
use tadpole_gpt::generate::{last_logits, read_logits};
use tadpole_gpt::observe::Recorder;
use tadpole_gpt::sampling::{softmax, top};
use tadpole_tokenizer::Tokenizer;
use tadpole_world::draw::{Draw, Split};
use tadpole_world::lexicon::{CLASSES, Entry};
use tadpole_world::stories::{Reading, Scene, scene};
use tadpole_world::{Language, facts};

/// Nearest words that are looked at.
const NEAREST: usize = 10;
const DIGIT: &str = "digit";

/// How sure a model is where nothing is right.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Surety {
    /// Questions.
    pub n: usize,
    /// Mean probability of the likeliest first token.
    pub mean_probability: f32,
}

/// Whether words of a class lie near each other.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Neighbours {
    pub class: &'static str,
    /// Its words, in both languages.
    pub words: usize,
    /// Share of the ten nearest words that are of the class, over all of them.
    pub share: f64,
    /// The share that random neighbours would have.
    pub chance: f64,
}

/// The head that looks at what a pronoun means.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PronounHead {
    /// Its block, from 0.
    pub layer: usize,
    /// Its place in the block, from 0.
    pub head: usize,
    /// Stories.
    pub n: usize,
    /// Those in which its largest weight is on the right noun.
    pub right: usize,
    pub share: f64,
}

impl Session {
    /// How likely the likeliest first token of an answer is, where the question is about a place that does not exist.
    ///
    /// # Errors
    /// [`crate::Error::NoModel`], a context too short for the question, a device that fails.
    pub async fn made_up_places(&self, cases: usize, seed: u64) -> Result<Surety> {
        let live = self.live()?;
        let mut sum = 0.0;
        for index in 0..cases {
            let mut draw = Draw::new(seed, index as u64, Split::HeldOut);
            let language = *draw.pick(&Language::ALL);
            let ids = prompt_ids(&live.model, &live.tokenizer, &facts::made_up(&mut draw, language).prompt)?;
            let logits =
                read_logits(last_logits(&live.model, &ids, None, &mut (), &live.model.device())).await?;
            sum += softmax(&logits).into_iter().fold(0.0, f32::max);
        }
        Ok(Surety { n: cases, mean_probability: sum / cases as f32 })
    }

    /// For each class, how many of the ten words nearest to one of its words are of the class too, among all words of all
    /// classes; by the cosine of what the model has of a word alone after half of its blocks, at the word's last token.
    ///
    /// # Errors
    /// [`crate::Error::NoModel`], a device that fails.
    pub async fn neighbours(&self) -> Result<Vec<Neighbours>> {
        let live = self.live()?;
        let mut words: Vec<(&'static str, Vec<f32>)> = vec![];
        for (class, word) in classed_words() {
            words.push((class, unit(middle(&live.model, &live.tokenizer, &word).await?)));
        }
        Ok(CLASSES.iter().map(|(class, _)| *class).chain([DIGIT]).map(|class| near(class, &words)).collect())
    }

    /// The head that most often has its largest weight on the noun that a pronoun means, where the model is about to say
    /// which; `people` asks for he and she instead of it. It is chosen on as many other stories as it is counted on.
    ///
    /// # Errors
    /// [`crate::Error::NoModel`], a context too short for the story, a device that fails.
    pub async fn pronoun_head(&self, people: bool, cases: usize, seed: u64) -> Result<PronounHead> {
        let heads = self.live()?.model.config().n_head;
        let chosen = self.right_looks(people, cases as u64..2 * cases as u64, seed).await?;
        let best = (0..chosen.len()).max_by_key(|&head| chosen[head]).expect("a model has a head");
        let right = self.right_looks(people, 0..cases as u64, seed).await?[best];
        let share = right as f64 / cases as f64;
        Ok(PronounHead { layer: best / heads, head: best % heads, n: cases, right, share })
    }

    /// For each head, layer by layer, in how many of these stories its largest weight is on the right noun.
    async fn right_looks(&self, people: bool, cases: Range<u64>, seed: u64) -> Result<Vec<usize>> {
        let live = self.live()?;
        let config = live.model.config();
        let mut right = vec![0; config.n_layer * config.n_head];
        for index in cases {
            let mut draw = Draw::new(seed, index, Split::HeldOut);
            let (language, reading) = (*draw.pick(&Language::ALL), *draw.pick(&Reading::BOTH));
            let scene = scene(&mut draw, language, people, reading);
            let looks = looks_at_right(&live.model, &live.tokenizer, &scene).await?;
            right.iter_mut().zip(looks).for_each(|(right, looks)| *right += usize::from(looks));
        }
        Ok(right)
    }
}

/// A prompt's ids; refuses what the context does not hold.
fn prompt_ids(model: &Gpt, tokenizer: &Tokenizer, prompt: &str) -> Result<Vec<u32>> {
    let (ids, context_length) = (tokenizer.encode(prompt)?, model.config().context_length);
    if ids.len() > context_length {
        return Err(tadpole_gpt::Error::PromptTooLong { tokens: ids.len(), context_length }.into());
    }
    Ok(ids)
}

/// For each head, layer by layer, whether the last token's largest weight is on the right noun's first mention.
async fn looks_at_right(model: &Gpt, tokenizer: &Tokenizer, scene: &Scene) -> Result<Vec<bool>> {
    let prompt = &scene.case.prompt;
    let ids = prompt_ids(model, tokenizer, prompt)?;
    let mut recorder = Recorder::new(|name: &str| name.ends_with(".weights"));
    last_logits(model, &ids, None, &mut recorder, &model.device());
    let from = prompt.find(scene.right).expect("the story names it");
    let noun = from..from + scene.right.len();
    let ends: Vec<usize> = tokenizer.encode_spans(prompt)?.ends.iter().map(|end| *end as usize).collect();
    let on_noun = |token: usize| {
        let start = if token == 0 { 0 } else { ends[token - 1] };
        start < noun.end && ends[token] > noun.start
    };
    let layers = recorder.read().await?;
    Ok(layers
        .iter()
        .flat_map(|layer| layer.values.chunks_exact(ids.len() * ids.len()))
        .map(|head| on_noun(largest(&head[head.len() - ids.len()..])))
        .collect())
}

fn largest(values: &[f32]) -> usize {
    (0..values.len()).max_by(|&a, &b| values[a].total_cmp(&values[b])).unwrap_or(0)
}

/// Every word with its class; English ones as they stand within a text, after a space.
fn classed_words() -> Vec<(&'static str, String)> {
    let words = CLASSES.iter().flat_map(|(class, table)| {
        let forms =
            |entry: &Entry| [format!(" {}", entry.word(Language::En)), entry.word(Language::Zh).into()];
        table.iter().flat_map(forms).map(|word| (*class, word))
    });
    words.chain((0..10).map(|digit| (DIGIT, digit.to_string()))).collect()
}

/// What the model has at the last token of a text after half of its blocks [C].
async fn middle(model: &Gpt, tokenizer: &Tokenizer, text: &str) -> Result<Vec<f32>> {
    let name = format!("h.{}.residual", (model.config().n_layer / 2).max(1) - 1);
    let mut recorder = Recorder::new(|seen: &str| seen == name);
    last_logits(model, &prompt_ids(model, tokenizer, text)?, None, &mut recorder, &model.device());
    let residual = recorder.read().await?.pop().expect("every model has a block").values; // [1, T, C]
    Ok(residual[residual.len() - model.config().d_model..].to_vec())
}

/// Of length 1.
fn unit(row: Vec<f32>) -> Vec<f32> {
    let length = row.iter().map(|x| x * x).sum::<f32>().sqrt().max(f32::MIN_POSITIVE);
    row.into_iter().map(|x| x / length).collect()
}

fn near(class: &'static str, words: &[(&'static str, Vec<f32>)]) -> Neighbours {
    let own: Vec<usize> = (0..words.len()).filter(|&word| words[word].0 == class).collect();
    let mut same = 0;
    for &word in &own {
        let cosine = |(_, other): &(_, Vec<f32>)| words[word].1.iter().zip(other).map(|(a, b)| a * b).sum();
        let mut cosines: Vec<f32> = words.iter().map(cosine).collect();
        cosines[word] = f32::NEG_INFINITY;
        same += top(&cosines, NEAREST).iter().filter(|(id, _)| words[*id as usize].0 == class).count();
    }
    Neighbours {
        class,
        words: own.len(),
        share: same as f64 / (NEAREST * own.len()) as f64,
        chance: (own.len() - 1) as f64 / (words.len() - 1) as f64,
    }
}
