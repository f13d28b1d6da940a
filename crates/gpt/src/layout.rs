//! What a model consists of, in one list: the name, shape, initial values and part of the model for every
//! parameter. From it follow the number of parameters, the costs in memory and products (`cost.rs`), the
//! initial weights (`init.rs`), the model's modules (`model.rs`), and what a checkpoint must hold. Names are
//! Hugging Face's for GPT-2 without its prefix; matrices are [in, out].

use crate::config::{MlpKind, ModelConfig, NormKind, PositionKind};
use crate::params::{self, ParamInfo, Source};
use crate::{Error, Result};
use serde::Serialize;
use ts_rs::TS;

/// The prefix of every name in Hugging Face's files, except for the output layer.
pub(crate) const PREFIX: &str = "transformer.";
/// The deviation of initial weights (GPT-2, section 2.3).
const DEVIATION: f64 = 0.02;

/// The parameters of a model: some before its blocks, the same ones in each block, some after them.
#[derive(Debug, Clone)]
pub struct Layout {
    before: Vec<Entry>,
    block: Vec<Entry>,
    after: Vec<Entry>,
    layers: usize,
}

/// A parameter, or one of each block.
#[derive(Debug, Clone)]
pub struct Entry {
    name: String,
    shape: Vec<usize>,
    first: First,
    part: Part,
    multiplies: bool,
}

/// The initial values of a parameter.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum First {
    /// Normal around 0, with this deviation.
    Normal(f64),
    /// All the same.
    Constant(f32),
}

/// The part of a model that a parameter belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum Part {
    /// Vectors by id and by position.
    Embedding,
    /// A block's attention with the norm before it.
    Attention,
    /// A block's MLP with the norm before it.
    Mlp,
    /// The norm after the last block.
    Norm,
    /// The output layer.
    Head,
}

impl Layout {
    /// For a model of this configuration, which must be valid.
    pub fn of(config: &ModelConfig) -> Self {
        let [v, t, c] = [config.vocab_size, config.context_length, config.d_model];
        let mut before = List::new(config, Part::Embedding);
        before.matrix("wte", [v, c], DEVIATION, config.tied_embeddings);
        if config.position == PositionKind::Learned {
            before.matrix("wpe", [t, c], DEVIATION, false);
        }
        let mut after = List::new(config, Part::Norm);
        after.norm("ln_f");
        if !config.tied_embeddings {
            after.part = Part::Head;
            after.matrix("lm_head", [c, v], DEVIATION, true);
        }
        let block = Self::block(config);
        Self { before: before.entries, block, after: after.entries, layers: config.n_layer }
    }

    /// The projections to the residual stream begin smaller by the square root of their number.
    fn block(config: &ModelConfig) -> Vec<Entry> {
        let [c, f] = [config.d_model, config.d_ff];
        let residual = DEVIATION / (2.0 * config.n_layer as f64).sqrt();
        let mut list = List::new(config, Part::Attention);
        list.norm("ln_1");
        list.linear("attn.c_attn", [c, (config.n_head + 2 * config.n_kv_head) * config.d_head()], DEVIATION);
        list.linear("attn.c_proj", [c, c], residual);
        list.part = Part::Mlp;
        list.norm("ln_2");
        if config.mlp == MlpKind::Swiglu {
            list.linear("mlp.c_gate", [c, f], DEVIATION);
        }
        list.linear("mlp.c_fc", [c, f], DEVIATION);
        list.linear("mlp.c_proj", [f, c], residual);
        list.entries
    }

    /// Names and shapes in the order of a model's [`params::infos`], without making one.
    pub fn infos(&self) -> impl Iterator<Item = ParamInfo> {
        let whole = |entry: &Entry| ParamInfo { name: entry.name.clone(), shape: entry.shape.clone() };
        let blocks = (0..self.layers).flat_map(move |layer| {
            self.block.iter().map(move |entry| ParamInfo {
                name: format!("h.{layer}.{}", entry.name),
                shape: entry.shape.clone(),
            })
        });
        self.before.iter().map(whole).chain(blocks).chain(self.after.iter().map(whole))
    }

    /// The number of all numbers.
    pub fn parameters(&self) -> u64 {
        self.sum(|_| true)
    }

    /// Numbers by which every token is multiplied once: those only looked up or added do not count.
    pub(crate) fn multiplied(&self) -> u64 {
        self.sum(|entry| entry.multiplies)
    }

    /// Numbers of the largest parameter.
    pub(crate) fn largest(&self) -> u64 {
        self.entries().map(Entry::len).max().unwrap_or(0)
    }

    /// The entry with a parameter's name, and its block; none if the model has no such parameter.
    pub(crate) fn find(&self, name: &str) -> Option<(Option<usize>, &Entry)> {
        let of_block = name.strip_prefix("h.").and_then(|rest| rest.split_once('.'));
        let found = match of_block {
            Some((layer, rest)) => {
                let layer = layer.parse().ok().filter(|layer| *layer < self.layers)?;
                (Some(layer), self.block.iter().find(|entry| entry.name == rest)?)
            }
            None => (None, self.before.iter().chain(&self.after).find(|entry| entry.name == name)?),
        };
        Some(found)
    }

    /// The part of the model that a parameter belongs to, and its block if it has one.
    ///
    /// # Errors
    /// [`Error::TensorMissing`].
    pub fn part(&self, name: &str) -> Result<(Option<usize>, Part)> {
        let (layer, entry) = self.find(name).ok_or_else(|| Error::TensorMissing { name: name.into() })?;
        Ok((layer, entry.part))
    }

    /// Refuses a source that lacks a parameter, in its shape and under its name after `prefix`. Nothing is
    /// copied.
    ///
    /// # Errors
    /// [`Error::TensorMissing`] or [`Error::TensorShape`].
    pub fn check(&self, source: &impl Source, prefix: &str) -> Result<()> {
        self.infos()
            .try_for_each(|info| params::has_shape(source, &format!("{prefix}{}", info.name), &info.shape))
    }

    fn entries(&self) -> impl Iterator<Item = &Entry> {
        self.before.iter().chain(&self.block).chain(&self.after)
    }

    fn sum(&self, counts: impl Fn(&&Entry) -> bool) -> u64 {
        let of = |list: &[Entry]| list.iter().filter(&counts).map(Entry::len).sum::<u64>();
        of(&self.before) + self.layers as u64 * of(&self.block) + of(&self.after)
    }
}

/// A parameter's name in Hugging Face's files.
pub fn hugging_face_name(name: &str) -> String {
    if name.starts_with("lm_head.") { name.into() } else { format!("{PREFIX}{name}") }
}

impl Entry {
    /// Its shape and initial values.
    pub(crate) fn first(&self) -> (&[usize], First) {
        (&self.shape, self.first)
    }

    fn len(&self) -> u64 {
        self.shape.iter().map(|&n| n as u64).product()
    }
}

/// A list under construction.
struct List<'a> {
    config: &'a ModelConfig,
    part: Part,
    entries: Vec<Entry>,
}

impl<'a> List<'a> {
    fn new(config: &'a ModelConfig, part: Part) -> Self {
        Self { config, part, entries: vec![] }
    }

    fn add(&mut self, name: String, shape: &[usize], first: First, multiplies: bool) {
        self.entries.push(Entry { name, shape: shape.to_vec(), first, part: self.part, multiplies });
    }

    fn matrix(&mut self, at: &str, shape: [usize; 2], deviation: f64, multiplies: bool) {
        self.add(format!("{at}.weight"), &shape, First::Normal(deviation), multiplies);
    }

    fn linear(&mut self, at: &str, shape: [usize; 2], deviation: f64) {
        self.matrix(at, shape, deviation, true);
        if self.config.bias {
            self.add(format!("{at}.bias"), &shape[1..], First::Constant(0.0), false);
        }
    }

    fn norm(&mut self, at: &str) {
        let shape = [self.config.d_model];
        self.add(format!("{at}.weight"), &shape, First::Constant(1.0), false);
        if self.config.bias && self.config.norm == NormKind::LayerNorm {
            self.add(format!("{at}.bias"), &shape, First::Constant(0.0), false);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Device, Gpt};

    #[test]
    fn the_layout_of_a_model_is_the_model() {
        let small = ModelConfig::gpt2_family(30, 10, 2, 4, 8);
        for config in [
            small.clone(),
            ModelConfig { bias: false, position: PositionKind::None, ..small.clone() },
            ModelConfig { norm: NormKind::RmsNorm, position: PositionKind::Sinusoidal, ..small.clone() },
            ModelConfig {
                mlp: MlpKind::Swiglu,
                n_kv_head: 2,
                tied_embeddings: false,
                d_ff: 20,
                ..small.clone()
            },
            ModelConfig { position: PositionKind::Rotary, norm: NormKind::RmsNorm, bias: false, ..small },
        ] {
            let layout = Layout::of(&config);
            let infos: Vec<ParamInfo> = layout.infos().collect();
            assert_eq!(infos, params::infos(&Gpt::zeros(&config, &Device::flex())), "{config:?}");
            assert_eq!(infos.iter().map(ParamInfo::len).sum::<usize>() as u64, layout.parameters());
            let largest = infos.iter().map(ParamInfo::len).max();
            assert_eq!(largest.map(|len| len as u64), Some(layout.largest()));
        }
    }

    #[test]
    fn every_parameter_has_a_part_and_a_strange_name_none() {
        let config = ModelConfig { tied_embeddings: false, ..ModelConfig::gpt2_family(30, 10, 2, 4, 8) };
        let layout = Layout::of(&config);
        for (name, part) in [
            ("wpe.weight", (None, Part::Embedding)),
            ("h.0.ln_1.weight", (Some(0), Part::Attention)),
            ("h.1.attn.c_proj.bias", (Some(1), Part::Attention)),
            ("h.1.ln_2.bias", (Some(1), Part::Mlp)),
            ("ln_f.weight", (None, Part::Norm)),
            ("lm_head.weight", (None, Part::Head)),
        ] {
            assert_eq!(layout.part(name), Ok(part));
        }
        for info in layout.infos() {
            assert!(layout.part(&info.name).is_ok(), "{}", info.name);
        }
        for name in ["h.2.ln_1.weight", "h.x.ln_1.weight", "h.0.wte.weight", "ln_1.weight", ""] {
            assert_eq!(layout.part(name), Err(Error::TensorMissing { name: name.into() }));
        }
    }
}
