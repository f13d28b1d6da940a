//! The parameters of any module as a flat, named, ordered list, for the optimizer, checkpoints and tests. A
//! name is the path of fields to the parameter.

use crate::{Error, Result};
use burn::module::{Module, ModuleMapper, ModuleVisitor, Param};
use burn::tensor::{Gradients, Tensor, TensorData, Transaction};
use std::collections::BTreeMap;
use ts_rs::TS;

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

    /// Whether the optimizer decays it: matrices and embeddings, not biases and norms.
    pub fn decays(&self) -> bool {
        self.shape.len() > 1
    }

    /// Whether it holds no number at all.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// A tensor read back from the device: its shape, and its values with the last dimension fastest.
#[derive(Debug, Clone, PartialEq, TS)]
#[ts(rename = "Numbers")]
pub struct HostTensor {
    pub shape: Vec<usize>,
    #[ts(type = "Float32Array")]
    pub values: Vec<f32>,
}

/// Tensors by name.
pub type HostTensors = BTreeMap<String, HostTensor>;

/// Source of parameter values.
pub trait Source {
    /// The shape of the tensor with that name, if there is one.
    fn shape(&self, name: &str) -> Option<&[usize]>;

    /// A copy of the values of an existing tensor.
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
pub fn infos<M: Module>(model: &M) -> Vec<ParamInfo> {
    let mut found = Vec::new();
    visit(model, |info, _| found.push(info));
    found
}

/// The parameters as flat tensors without gradients.
pub fn flat<M: Module>(model: &M) -> Vec<Tensor<1>> {
    let mut found = Vec::new();
    visit(model, |_, tensor| found.push(tensor));
    found
}

/// One parameter by its name, flat and without gradients.
///
/// # Errors
/// [`Error::TensorMissing`].
pub fn find<M: Module>(model: &M, name: &str) -> Result<(ParamInfo, Tensor<1>)> {
    let mut found = None;
    visit(model, |info, tensor| {
        if info.name == name {
            found = Some((info, tensor));
        }
    });
    found.ok_or_else(|| Error::TensorMissing { name: name.into() })
}

/// Replaces each parameter by the result of `change` on its flat values; ids and gradient tracking stay.
pub fn map<M: Module>(model: M, change: impl FnMut(&ParamInfo, Tensor<1>) -> Tensor<1>) -> M {
    model.map(&mut Changer { path: Vec::new(), change })
}

/// Takes the gradients of all parameters, flat. A parameter that does not affect the loss gets zeros.
pub fn gradients<M: Module>(model: &M, mut gradients: Gradients) -> Vec<Tensor<1>> {
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

/// Loads the values of `source`, which must have every parameter in its shape
/// ([`crate::layout::Layout::check`]), into the model by name. Copies one tensor at a time.
pub fn load<M: Module>(model: M, source: &impl Source) -> M {
    map(model, |info, old| {
        Tensor::from_data(TensorData::new(source.values(&info.name), [info.len()]), &old.device())
    })
}

/// The tensor with that name, if it has that shape.
///
/// # Errors
/// [`Error::TensorMissing`] or [`Error::TensorShape`].
pub fn expect<'a>(tensors: &'a HostTensors, name: &str, shape: &[usize]) -> Result<&'a HostTensor> {
    has_shape(tensors, name, shape)?;
    Ok(&tensors[name])
}

/// Refuses a source without a tensor of that name and shape.
pub(crate) fn has_shape(source: &impl Source, name: &str, expected: &[usize]) -> Result<()> {
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

fn visit<M: Module>(model: &M, each: impl FnMut(ParamInfo, Tensor<1>)) {
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
