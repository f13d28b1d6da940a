//! The layouts in which people keep GPT-2's weights: each gives exactly the model it was made from, or is
//! refused by name.

use std::collections::BTreeMap;
use tadpole_gpt::checkpoint::File;
use tadpole_gpt::hugging_face::{model_from_safetensors, model_to_safetensors};
use tadpole_gpt::params::{self, HostTensor, HostTensors};
use tadpole_gpt::{Device, Error, Gpt, ModelConfig};

const MATRICES: [&str; 3] = ["c_attn.weight", "c_proj.weight", "c_fc.weight"];

fn config() -> ModelConfig {
    ModelConfig::gpt2_family(30, 10, 2, 2, 8)
}

fn weights(model: &Gpt) -> HostTensors {
    let read = params::read(params::infos(model), params::flat(model));
    futures_lite::future::block_on(read).expect("the CPU reads")
}

/// The model's file, with each tensor's name and shape changed by `change`.
fn file(model: &Gpt, change: impl Fn(String, HostTensor) -> Option<(String, HostTensor)>) -> Vec<u8> {
    let bytes = futures_lite::future::block_on(model_to_safetensors(model)).expect("the CPU reads");
    let whole = File::read(&bytes, |_| true).expect("our own file");
    let tensors: BTreeMap<_, _> =
        whole.tensors.into_iter().filter_map(|(name, tensor)| change(name, tensor)).collect();
    File { tensors, ..File::default() }.write().expect("it is written")
}

fn turned(tensor: HostTensor) -> HostTensor {
    let [rows, columns] = tensor.shape[..] else { panic!("no matrix") };
    let values = (0..rows * columns).map(|at| tensor.values[at % rows * columns + at / rows]).collect();
    HostTensor { shape: vec![columns, rows], values }
}

#[test]
fn nano_gpt_keeps_matrices_turned_over_behind_a_prefix() {
    let model = Gpt::new(&config(), 1, &Device::flex());
    let nano = file(&model, |name, tensor| {
        let is_matrix = MATRICES.iter().any(|end| name.ends_with(end));
        Some((format!("_orig_mod.{name}"), if is_matrix { turned(tensor) } else { tensor }))
    });
    let read = model_from_safetensors(&nano, config(), &Device::flex()).expect("nanoGPT's layout");
    assert_eq!(weights(&read), weights(&model));
}

#[test]
fn a_file_without_biases_is_a_model_without() {
    let bare = ModelConfig { bias: false, ..config() };
    let model = Gpt::new(&bare, 2, &Device::flex());
    let read = model_from_safetensors(&file(&model, |n, t| Some((n, t))), config(), &Device::flex())
        .expect("a model");
    assert_eq!((read.config(), weights(&read)), (&bare, weights(&model)));
    let one_missing = |name: String, tensor| (!name.ends_with("h.1.mlp.c_fc.bias")).then_some((name, tensor));
    let torn = file(&Gpt::new(&config(), 2, &Device::flex()), one_missing);
    let refused = model_from_safetensors(&torn, config(), &Device::flex()).map(|_| ());
    assert_eq!(refused, Err(Error::TensorMissing { name: "h.1.mlp.c_fc.bias".into() }));
}

#[test]
fn an_output_layer_of_its_own_is_read_where_the_configuration_says_so() {
    let model = Gpt::new(&config(), 3, &Device::flex());
    let head = HostTensor { shape: vec![30, 8], values: (0..240).map(|i| i as f32).collect() };
    let with = |head: HostTensor| {
        let bytes = file(&model, |n, t| Some((n, t)));
        let mut whole = File::read(&bytes, |_| true).expect("our own file");
        whole.tensors.insert("lm_head.weight".into(), head);
        whole.write().expect("it is written")
    };
    let own = with(head.clone());
    let untied = ModelConfig { tied_embeddings: false, ..config() };
    let read = model_from_safetensors(&own, untied.clone(), &Device::flex()).expect("untied");
    assert_eq!(weights(&read)["lm_head.weight"], turned(head));
    assert_eq!(model_from_safetensors(&own, config(), &Device::flex()).map(|_| ()), Err(Error::NotTied));
    let same = with(weights(&model)["wte.weight"].clone());
    let read = model_from_safetensors(&same, config(), &Device::flex()).expect("tied");
    assert_eq!(weights(&read), weights(&model));
    assert!(Gpt::load(&untied, &weights(&model), &Device::flex()).is_err(), "a missing output layer");
}
