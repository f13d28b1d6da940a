//! The model's parameters as a flat, named, ordered list: what the optimizer, checkpoints and tests walk over.
//! Names are Hugging Face's for GPT-2 without the `transformer.` prefix, because the fields are named so.

use crate::{Error, Gpt, Result};
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

/// Puts `tensors` into the model by name.
///
/// # Errors
/// [`Error::TensorMissing`] or [`Error::TensorShape`]; the model is dropped then.
pub fn load(model: Gpt, tensors: &HostTensors) -> Result<Gpt> {
    for info in infos(&model) {
        expect(tensors, &info.name, &info.shape)?;
    }
    let device = model.device().without_autodiff();
    Ok(map(model, |info, _| {
        Tensor::from_data(TensorData::new(tensors[&info.name].values.clone(), [info.len()]), &device)
    }))
}

/// The tensor of that name, if it has that shape.
///
/// # Errors
/// [`Error::TensorMissing`] or [`Error::TensorShape`].
pub fn expect<'a>(tensors: &'a HostTensors, name: &str, shape: &[usize]) -> Result<&'a HostTensor> {
    let tensor = tensors.get(name).ok_or_else(|| Error::TensorMissing { name: name.into() })?;
    if tensor.shape != shape {
        return Err(Error::TensorShape {
            name: name.into(),
            found: format!("{:?}", tensor.shape),
            expected: format!("{shape:?}"),
        });
    }
    Ok(tensor)
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
