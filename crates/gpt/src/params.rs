//! The model's parameters as a flat, named, ordered list: what the optimizer, checkpoints and tests walk over.
//! Names are Hugging Face's for GPT-2 without the `transformer.` prefix, because the fields are named so.

use crate::config::{MlpKind, NormKind, PositionKind};
use crate::{Error, Gpt, ModelConfig, Result};
use burn::module::{Module, ModuleMapper, ModuleVisitor, Param};
use burn::tensor::{Gradients, Tensor, TensorData, Transaction};
use std::collections::BTreeMap;

/// Name and shape of one parameter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParamInfo {
    /// Path, such as `h.0.attn.c_attn.weight`.
    pub name: String,
    /// Shape; two dimensions for matrices and embeddings, one for biases and norms.
    pub shape: Vec<usize>,
}

impl ParamInfo {
    /// Numbers in it.
    pub fn len(&self) -> usize {
        self.shape.iter().product()
    }

    /// Whether it holds no number at all.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// A tensor read back from the device: its shape, and its values with the last dimension fastest.
#[derive(Debug, Clone, PartialEq)]
pub struct HostTensor {
    /// Shape.
    pub shape: Vec<usize>,
    /// Values.
    pub values: Vec<f32>,
}

/// Tensors by name.
pub type HostTensors = BTreeMap<String, HostTensor>;

/// Where the values of parameters come from.
pub trait Source {
    /// The shape of the tensor of that name, if there is one.
    fn shape(&self, name: &str) -> Option<&[usize]>;

    /// A copy of the values of a tensor that is there.
    fn values(&self, name: &str) -> Vec<f32>;
}

impl Source for HostTensors {
    fn shape(&self, name: &str) -> Option<&[usize]> {
        self.get(name).map(|tensor| tensor.shape.as_slice())
    }

    fn values(&self, name: &str) -> Vec<f32> {
        self[name].values.clone()
    }
}

/// Names and shapes, in the order of every other function here.
pub fn infos(model: &Gpt) -> Vec<ParamInfo> {
    let mut found = Vec::new();
    visit(model, |info, _| found.push(info));
    found
}

/// The parameters as flat tensors without gradients.
pub fn flat(model: &Gpt) -> Vec<Tensor<1>> {
    let mut found = Vec::new();
    visit(model, |_, tensor| found.push(tensor));
    found
}

/// One parameter by its name, flat and without gradients.
///
/// # Errors
/// [`Error::TensorMissing`].
pub fn find(model: &Gpt, name: &str) -> Result<(ParamInfo, Tensor<1>)> {
    let mut found = None;
    visit(model, |info, tensor| {
        if info.name == name {
            found = Some((info, tensor));
        }
    });
    found.ok_or_else(|| Error::TensorMissing { name: name.into() })
}

/// Replaces each parameter by what `change` makes of its flat values; ids and gradient tracking stay.
pub fn map(model: Gpt, change: impl FnMut(&ParamInfo, Tensor<1>) -> Tensor<1>) -> Gpt {
    model.map(&mut Changer { path: Vec::new(), change })
}

/// Takes the gradients of all parameters, flat. A parameter that the loss does not depend on gets zeros.
pub fn gradients(model: &Gpt, mut gradients: Gradients) -> Vec<Tensor<1>> {
    struct Taker<'a> {
        gradients: &'a mut Gradients,
        found: Vec<Tensor<1>>,
    }
    impl ModuleVisitor for Taker<'_> {
        fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
            let value = param.val();
            let gradient =
                value.grad_remove(self.gradients).unwrap_or_else(|| value.without_autodiff().zeros_like());
            self.found.push(flatten(gradient));
        }
    }
    let mut taker = Taker { gradients: &mut gradients, found: Vec::new() };
    model.visit(&mut taker);
    taker.found
}

/// Reads tensors back in one transaction.
///
/// # Errors
/// [`Error::Device`] when the device fails.
pub async fn read(infos: Vec<ParamInfo>, tensors: Vec<Tensor<1>>) -> Result<HostTensors> {
    let transaction = tensors.into_iter().fold(Transaction::default(), Transaction::register);
    let data = transaction.execute_async().await?;
    Ok(infos
        .into_iter()
        .zip(data)
        .map(|(info, data)| {
            (info.name, HostTensor { shape: info.shape, values: data.iter::<f32>().collect() })
        })
        .collect())
}

/// [`infos`] of a model of that configuration, without making one. `config` must be valid.
pub fn planned(config: &ModelConfig) -> Vec<ParamInfo> {
    let [v, t, c, f] = [config.vocab_size, config.context_length, config.d_model, config.d_ff];
    let mut plan = Plan { config, infos: vec![] };
    plan.add("wte.weight".into(), &[v, c]);
    if config.position == PositionKind::Learned {
        plan.add("wpe.weight".into(), &[t, c]);
    }
    for layer in 0..config.n_layer {
        let at = |name: &str| format!("h.{layer}.{name}");
        plan.norm(&at("ln_1"));
        plan.linear(&at("attn.c_attn"), [c, (config.n_head + 2 * config.n_kv_head) * config.d_head()]);
        plan.linear(&at("attn.c_proj"), [c, c]);
        plan.norm(&at("ln_2"));
        if config.mlp == MlpKind::Swiglu {
            plan.linear(&at("mlp.c_gate"), [c, f]);
        }
        plan.linear(&at("mlp.c_fc"), [c, f]);
        plan.linear(&at("mlp.c_proj"), [f, c]);
    }
    plan.norm("ln_f");
    if !config.tied_embeddings {
        plan.add("lm_head.weight".into(), &[c, v]);
    }
    plan.infos
}

/// Parameters that a model will have.
struct Plan<'a> {
    config: &'a ModelConfig,
    infos: Vec<ParamInfo>,
}

impl Plan<'_> {
    fn add(&mut self, name: String, shape: &[usize]) {
        self.infos.push(ParamInfo { name, shape: shape.to_vec() });
    }

    fn linear(&mut self, at: &str, shape: [usize; 2]) {
        self.add(format!("{at}.weight"), &shape);
        if self.config.bias {
            self.add(format!("{at}.bias"), &shape[1..]);
        }
    }

    fn norm(&mut self, at: &str) {
        let shape = [self.config.d_model];
        self.add(format!("{at}.weight"), &shape);
        if self.config.bias && self.config.norm == NormKind::LayerNorm {
            self.add(format!("{at}.bias"), &shape);
        }
    }
}

/// Refuses a source that has not every parameter of that configuration, in its shape and under its name after `prefix`. Nothing is
/// copied. `config` must be valid.
///
/// # Errors
/// [`Error::TensorMissing`] or [`Error::TensorShape`].
pub fn check(config: &ModelConfig, source: &impl Source, prefix: &str) -> Result<()> {
    planned(config)
        .iter()
        .try_for_each(|info| has_shape(source, &format!("{prefix}{}", info.name), &info.shape))
}

/// Puts the values of `source`, which must have passed [`check`], into the model by name. One tensor at a time is copied.
pub fn load(model: Gpt, source: &impl Source) -> Gpt {
    let device = model.device().without_autodiff();
    map(model, |info, _| Tensor::from_data(TensorData::new(source.values(&info.name), [info.len()]), &device))
}

/// The tensor of that name, if it has that shape.
///
/// # Errors
/// [`Error::TensorMissing`] or [`Error::TensorShape`].
pub fn expect<'a>(tensors: &'a HostTensors, name: &str, shape: &[usize]) -> Result<&'a HostTensor> {
    has_shape(tensors, name, shape)?;
    Ok(&tensors[name])
}

fn has_shape(source: &impl Source, name: &str, expected: &[usize]) -> Result<()> {
    let found = source.shape(name).ok_or_else(|| Error::TensorMissing { name: name.into() })?;
    if found == expected {
        return Ok(());
    }
    let [found, expected] = [found, expected].map(|shape| format!("{shape:?}"));
    Err(Error::TensorShape { name: name.into(), found, expected })
}

fn flatten<const D: usize>(tensor: Tensor<D>) -> Tensor<1> {
    let elements = tensor.dims().iter().product::<usize>();
    tensor.reshape([elements])
}

fn visit(model: &Gpt, each: impl FnMut(ParamInfo, Tensor<1>)) {
    model.visit(&mut Reader { path: Vec::new(), each });
}

struct Reader<F> {
    path: Vec<String>,
    each: F,
}

impl<F: FnMut(ParamInfo, Tensor<1>)> ModuleVisitor for Reader<F> {
    fn enter_module(&mut self, name: &str, _: &str) {
        self.path.push(name.into());
    }

    fn exit_module(&mut self, _: &str, _: &str) {
        self.path.pop();
    }

    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        let tensor = param.val().without_autodiff();
        let info = ParamInfo { name: self.path.join("."), shape: tensor.dims().to_vec() };
        (self.each)(info, flatten(tensor));
    }
}

struct Changer<F> {
    path: Vec<String>,
    change: F,
}

impl<F: FnMut(&ParamInfo, Tensor<1>) -> Tensor<1>> ModuleMapper for Changer<F> {
    fn enter_module(&mut self, name: &str, _: &str) {
        self.path.push(name.into());
    }

    fn exit_module(&mut self, _: &str, _: &str) {
        self.path.pop();
    }

    fn map_float<const D: usize>(&mut self, param: Param<Tensor<D>>) -> Param<Tensor<D>> {
        let (id, old, mapper) = param.consume();
        let shape = old.dims();
        let tracked = old.is_autodiff();
        let info = ParamInfo { name: self.path.join("."), shape: shape.to_vec() };
        let new = (self.change)(&info, flatten(old.without_autodiff())).reshape(shape);
        let new = if tracked { new.autodiff().require_grad() } else { new };
        Param::from_mapped_value(id, new, mapper)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Device;

    #[test]
    fn the_plan_of_a_model_is_the_model() {
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
            let plan = planned(&config);
            assert_eq!(plan, infos(&Gpt::zeros(&config, &Device::flex())), "{config:?}");
            assert_eq!(plan.iter().map(ParamInfo::len).sum::<usize>() as u64, config.parameters());
        }
    }
}
