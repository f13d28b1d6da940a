//! The parts of blocks: a linear map, a norm, and two deferred forms: [`Normed`] waits for the map that
//! follows it, [`Projected`] for the residual stream it is added to. So each pair is computed at once when
//! nothing observes.

use crate::config::{ModelConfig, NormKind};
use crate::init::Init;
use crate::observe::{LayerObserver, Observer};
use burn::module::{Module, Param};
use burn::tensor::Tensor;
use std::ops::Add;
use tadpole_kernels::{Dropout, Map};

/// `x W + b`, with W [in, out].
#[derive(Module, Debug)]
pub(super) struct Linear {
    weight: Param<Tensor<2>>,
    bias: Option<Param<Tensor<1>>>,
}

/// Layer norm, or RMS norm.
#[derive(Module, Debug)]
pub(super) struct Norm {
    weight: Param<Tensor<1>>,
    bias: Option<Param<Tensor<1>>>,
    #[module(skip)]
    kind: NormKind,
}

impl Linear {
    pub fn new(at: &str, init: &mut Init) -> Self {
        Self { weight: init.param(&format!("{at}.weight")), bias: init.optional(&format!("{at}.bias")) }
    }

    /// If the layout has one.
    pub fn optional(at: &str, init: &mut Init) -> Option<Self> {
        let weight = init.optional(&format!("{at}.weight"))?;
        Some(Self { weight, bias: init.optional(&format!("{at}.bias")) })
    }

    pub fn as_map(&self) -> Map {
        Map::Linear(self.weight.val(), self.bias())
    }

    pub fn as_gelu(&self) -> Map {
        Map::Gelu(self.weight.val(), self.bias())
    }

    fn bias(&self) -> Option<Tensor<1>> {
        self.bias.as_ref().map(Param::val)
    }
}

impl Norm {
    pub fn new(config: &ModelConfig, at: &str, init: &mut Init) -> Self {
        let (weight, bias) = (init.param(&format!("{at}.weight")), init.optional(&format!("{at}.bias")));
        Self { weight, bias, kind: config.norm }
    }

    pub fn as_norm(&self) -> tadpole_kernels::Norm {
        tadpole_kernels::Norm {
            weight: self.weight.val(),
            bias: self.bias.as_ref().map(Param::val),
            centred: self.kind == NormKind::LayerNorm,
        }
    }

    /// The normalised `x`, shown to an observer as `name`.
    pub fn of(&self, x: Tensor<3>, name: &'static str) -> Normed {
        Normed { norm: self.as_norm(), x, name }
    }
}

/// A normalised tensor that is not yet computed.
#[derive(Clone)]
pub(super) struct Normed {
    norm: tadpole_kernels::Norm,
    x: Tensor<3>,
    name: &'static str,
}

impl Normed {
    /// Shows it to an observer.
    pub fn look<O: Observer>(&self, observer: &mut LayerObserver<O>) {
        if O::LOOKS {
            observer.look(self.name, &self.norm.apply(self.x.clone()));
        }
    }

    /// The result of the map.
    pub fn through(self, map: Map) -> Tensor<3> {
        tadpole_kernels::normed(self.x, &self.norm, map)
    }
}

/// A projection to the residual stream, with its dropout; an observer sees it, and the sum, as `names`.
pub(super) struct Projected<'a, 'o, O> {
    pub linear: &'a Linear,
    pub x: Tensor<3>,
    pub dropout: Dropout,
    pub names: [&'static str; 2],
    pub observer: &'a mut LayerObserver<'o, O>,
}

impl<O: Observer> Add<Projected<'_, '_, O>> for Tensor<3> {
    type Output = Self;

    /// At once when nothing observes and nothing is dropped in between.
    fn add(self, projected: Projected<O>) -> Self {
        let Projected { linear, x, dropout, names: [name, sum_name], observer } = projected;
        let (weight, bias) = (linear.weight.val(), linear.bias());
        if !O::LOOKS && dropout.rate == 0.0 {
            return tadpole_kernels::linear_add(x, weight, bias, self);
        }
        let y = tadpole_kernels::linear(x, weight, bias);
        observer.look(name, &y);
        let sum = self + drop(y, dropout);
        observer.look(sum_name, &sum);
        sum
    }
}

pub(super) fn drop(x: Tensor<3>, dropout: Dropout) -> Tensor<3> {
    if dropout.rate == 0.0 { x } else { tadpole_kernels::dropout(x, dropout) }
}
