//! AdamW (Loshchilov & Hutter, 2019) over all parameters at once: weights, moments and gradients are flat,
//! one after another. With g the gradient scaled so that the norm of all is at most `clip`:
//! m = β1 m + (1-β1) g, v = β2 v + (1-β2) g²,
//! w = (1 - rate decay) w - rate (m / (1-β1ᵗ)) / (sqrt(v / (1-β2ᵗ)) + ε).

#[cfg(feature = "gpu")]
use burn::backend::Cube;
use burn::backend::tensor::FloatTensor;
use burn::backend::{Backend, Dispatch, DispatchKindConversion, DispatchTensor, Flex, backend_extension};
use burn::tensor::{Device, PrimitiveConversionError, Tensor, TensorData};

/// PyTorch's default.
pub(crate) const EPSILON: f32 = 1e-8;
/// Numbers in [`Rates`] as a tensor.
pub(crate) const RATES: usize = 6;
/// A parameter begins at a multiple of this many numbers, so that it can be a view of the flat tensor on every GPU.
pub const ALIGNMENT: usize = 64;

/// The inputs of one update besides weights and gradients.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rates {
    pub learning_rate: f64,
    pub weight_decay: f64,
    /// Memory of the first moment.
    pub beta1: f64,
    /// Memory of the second moment.
    pub beta2: f64,
    /// Largest norm of all gradients together; 0 for no limit.
    pub grad_clip: f64,
    /// Updates made before this one.
    pub step: usize,
}

impl Rates {
    /// In the kernels' form. Made before a step's other work, so that its upload does not split the step.
    pub fn tensor(&self, device: &Device) -> Tensor<1> {
        let [bias1, bias2] = [self.beta1, self.beta2].map(|beta| 1.0 - beta.powi(self.step as i32 + 1));
        let values: [f64; RATES] = [
            1.0 - self.learning_rate * self.weight_decay,
            self.learning_rate / bias1,
            1.0 / bias2.sqrt(),
            self.beta1,
            self.beta2,
            if self.grad_clip > 0.0 { self.grad_clip } else { f64::from(f32::MAX) },
        ];
        Tensor::from_data(TensorData::new(values.map(|value| value as f32).to_vec(), [RATES]), device)
    }
}

/// Concatenates tensors: number i begins at `offsets[i]`, the last offset is the length, gaps are 0.
pub fn flatten(tensors: Vec<Tensor<1>>, offsets: &[usize]) -> Tensor<1> {
    #[cfg(feature = "gpu")]
    if let Ok(tensors) = primitives::<Cube>(&tensors) {
        return Tensor::from_primitive::<Cube>(Cube::flatten(tensors, offsets));
    }
    let tensors = primitives::<Flex>(&tensors).expect("a tensor is on a GPU or on the CPU");
    Tensor::from_primitive::<Flex>(Flex::flatten(tensors, offsets))
}

/// The tensors of one device. (burn's extensions accept no list.)
fn primitives<B: Backend>(tensors: &[Tensor<1>]) -> Result<Vec<FloatTensor<B>>, PrimitiveConversionError>
where
    DispatchTensor: DispatchKindConversion<B>,
{
    tensors.iter().map(|tensor| tensor.clone().try_into_primitive::<B>()).collect()
}

/// How a device concatenates tensors.
pub(crate) trait Flatten: Backend {
    fn flatten(tensors: Vec<FloatTensor<Self>>, offsets: &[usize]) -> FloatTensor<Self>;
}

/// Parts of a flat tensor that share its memory: part i has `lens[i]` numbers from `offsets[i]` on, a
/// multiple of [`ALIGNMENT`].
pub fn views(flat: Tensor<1>, offsets: Vec<usize>, lens: Vec<usize>) -> Vec<Tensor<1>> {
    Dispatch::views(flat.into_dispatch(), offsets, lens).into_iter().map(Tensor::from_dispatch).collect()
}

/// One update. weights [N], first and second moments [N], gradients [N], rates from [`Rates::tensor`]; the
/// first `decayed` weights decay. Returns weights, both moments, and the gradients' norm before the clip as a
/// tensor of one number.
pub fn adamw(
    weights: Tensor<1>,
    [first, second]: [Tensor<1>; 2],
    gradients: Tensor<1>,
    rates: Tensor<1>,
    decayed: usize,
) -> [Tensor<1>; 4] {
    let [weights, first, second, gradients, rates] =
        [weights, first, second, gradients, rates].map(Tensor::into_dispatch);
    let updated = Dispatch::adamw(weights, first, second, gradients, rates, decayed);
    updated.try_into().map(|updated: [_; 4]| updated.map(Tensor::from_dispatch)).expect("four tensors")
}

/// The operations as burn dispatches them to a device; none has a gradient.
#[backend_extension(Cube: cfg(feature = "gpu"), Flex)]
pub(crate) trait AdamWOps: Backend {
    fn views(flat: FloatTensor<Self>, offsets: Vec<usize>, lens: Vec<usize>) -> Vec<FloatTensor<Self>>;
    /// Weights, first and second moments, norm.
    fn adamw(
        weights: FloatTensor<Self>,
        first: FloatTensor<Self>,
        second: FloatTensor<Self>,
        gradients: FloatTensor<Self>,
        rates: FloatTensor<Self>,
        decayed: usize,
    ) -> Vec<FloatTensor<Self>>;
}
