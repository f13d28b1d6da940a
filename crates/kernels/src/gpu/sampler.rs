//! Draws tokens on the GPU, and records a token's launches once to replay them for each following token.

use super::launch::Launch;
use crate::draw::{CHUNK, Drawn, Rules, SampleError, Sequence};
use burn::backend::Cube;
use burn::backend::tensor::IntTensor;
use burn::tensor::{Bytes, Device, Int, Tensor, TensorData};
use burn_cubecl::cubecl::client::Graph;
use burn_cubecl::cubecl::zspace::{metadata::Metadata, strides};
use burn_cubecl::tensor::CubeTensor;

const SOURCE: &[&str] = &[include_str!("sample.wgsl")];
/// Numbers of the cursor: the last token's position, the draws since the host's last read, the tokens so far.
const CURSOR: usize = 3;
/// Tokens per thread if enough threads are available; fewest and most threads.
const SHARE: usize = 64;
const WIDTHS: [usize; 2] = [8, 256];

/// Draws tokens one after another; everything that a draw needs from earlier ones is on the device.
pub struct Sampler {
    /// Dropped first: its launches read and write the buffers below.
    recorded: Option<Graph>,
    /// Recording failed; every token is launched separately.
    unrecorded: bool,
    rules: Rules,
    vocab: usize,
    id: Tensor<2, Int>,
    cursor: Tensor<1, Int>,
    /// [`Sampler::id`] and the cursor, in the kernel's form.
    state: [CubeTensor; 2],
    uniforms: CubeTensor,
    /// [CHUNK, 2].
    results: CubeTensor,
    /// [CHUNK, V].
    kept: Option<CubeTensor>,
    /// [2, V], if there are penalties.
    seen: Option<CubeTensor>,
}

impl Sampler {
    /// A sampler over the first `vocab` logits that keeps them or not; none if `device` is not a GPU.
    pub fn new(device: &Device, rules: Rules, vocab: usize, keeps: bool) -> Option<Self> {
        let id = Tensor::<2, Int>::from_data(TensorData::new(vec![0i32], [1, 1]), device);
        let cursor = Tensor::<1, Int>::from_data(TensorData::new(vec![0i32; CURSOR], [CURSOR]), device);
        let state = [bound(id.clone())?, bound(cursor.clone())?];
        let floats = |len| super::empty(&state[0], [len]);
        let penalties = repetition(&rules) || times(&rules);
        let zeros =
            || Tensor::<1, Int>::from_data(TensorData::new(vec![0i32; 2 * vocab], [2 * vocab]), device);
        Some(Self {
            recorded: None,
            unrecorded: false,
            rules,
            vocab,
            uniforms: floats(CHUNK),
            results: floats(2 * CHUNK),
            kept: keeps.then(|| floats(CHUNK * vocab)),
            seen: if penalties { Some(bound(zeros())?) } else { None },
            id,
            cursor,
            state,
        })
    }

    /// Sets the state of the sequence; following draws are counted from here.
    pub fn begin(&mut self, sequence: Sequence<'_>) {
        let Sequence { history, generated, place, uniforms } = sequence;
        let [id, cursor] = &self.state;
        write(id, Bytes::from_elems(vec![history.last().map_or(0, |id| *id as i32)]));
        write(cursor, Bytes::from_elems(vec![place as i32, 0, history.len() as i32]));
        write(&self.uniforms, Bytes::from_elems(uniforms.to_vec()));
        if let Some(seen) = &self.seen {
            let mut numbers = vec![0i32; 2 * self.vocab];
            for (place, id) in history.iter().enumerate().filter(|(_, id)| (**id as usize) < self.vocab) {
                numbers[*id as usize] = place as i32 + 1;
                numbers[self.vocab + *id as usize] += i32::from(place >= history.len() - generated);
            }
            write(seen, Bytes::from_elems(numbers));
        }
    }

    /// Draws from `logits` [V].
    pub fn draw(&self, logits: Tensor<1>) {
        let logits = logits.try_into_primitive::<Cube>().expect("the model is on the sampler's device");
        let logits = super::contiguous(&logits);
        let weights = super::empty(&logits, [self.vocab]);
        let width = self.vocab.div_ceil(SHARE).next_power_of_two().clamp(WIDTHS[0], WIDTHS[1]);
        let Rules { temperature, top_k, top_p, min_p, .. } = self.rules;
        let (greedy, settings) = (temperature == 0.0, self.settings());
        Launch::new("sample", SOURCE)
            .constant("COUNT", self.vocab)
            .constant("WIDTH", width)
            .constant("SHARE", self.vocab.div_ceil(width))
            .constant("WINDOW", self.rules.penalty_window)
            .flag("GREEDY", greedy)
            .flag("TOP_K", !greedy && top_k > 0 && top_k < self.vocab)
            .flag("TOP_P", !greedy && top_p < 1.0)
            .flag("MIN_P", !greedy && min_p > 0.0)
            .flag("REPETITION", repetition(&self.rules))
            .flag("TIMES", times(&self.rules))
            .read("logits", &logits)
            .read("uniforms", &self.uniforms)
            .write("weights", &weights)
            .write("results", &self.results)
            .write_ids("id", &self.state[0])
            .write_ids("cursor", &self.state[1])
            .maybe(Launch::write_ids, "seen", self.seen.as_ref())
            .maybe(Launch::write, "kept", self.kept.as_ref())
            .flag("SETTINGS", !settings.is_empty())
            .sizes(&settings)
            .run([1, 1, 1]);
    }

    /// The numbers that the kernel reads, if any.
    fn settings(&self) -> Vec<usize> {
        let Rules { temperature, top_k, top_p, min_p, .. } = self.rules;
        if temperature == 0.0 && self.seen.is_none() {
            return vec![];
        }
        let Rules { repetition_penalty, frequency_penalty, presence_penalty, .. } = self.rules;
        let fractions = [temperature, top_p, min_p, repetition_penalty, frequency_penalty, presence_penalty];
        std::iter::once(top_k).chain(fractions.map(|number| number.to_bits() as usize)).collect()
    }

    /// Draws `count` tokens, each from the logits [V] that `forward` computes from the last token's id [1, 1]
    /// and its position; `forward` is called at most twice and may launch nothing but the same kernels on the
    /// same buffers.
    #[expect(unsafe_code, reason = "a recorded graph knows its buffers by their places alone")]
    pub fn extend(
        &mut self,
        count: usize,
        mut forward: impl FnMut(Tensor<2, Int>, Tensor<1, Int>) -> Tensor<1>,
    ) {
        for left in (1..=count).rev() {
            match &self.recorded {
                // SAFETY: the sampler's buffers live as long as the graph, which is dropped first; the caller's are those of a
                // model and a cache that it owns beside the sampler. All work is on the one stream of this thread.
                // A failure here makes the read of its results fail.
                Some(graph) => drop(unsafe { graph.replay() }),
                None if left > 1 && !self.unrecorded => self.record(&mut forward),
                None => self.draw(forward(self.id.clone(), self.cursor.clone())),
            }
        }
    }
}

impl Sampler {
    /// Draws once, and records the launches of that draw.
    fn record(&mut self, forward: &mut impl FnMut(Tensor<2, Int>, Tensor<1, Int>) -> Tensor<1>) {
        let client = self.state[0].client.clone();
        let mut step = || self.draw(forward(self.id.clone(), self.cursor.clone()));
        let prepared = client.graph_prepare().is_ok();
        step();
        self.recorded =
            (prepared && client.start_capture().is_ok()).then(step).and_then(|()| client.stop_capture().ok());
        self.unrecorded = self.recorded.is_none();
    }

    /// Waits for the last `count` draws.
    ///
    /// # Errors
    /// [`SampleError::NotFinite`] if a logit is not a number; [`SampleError::Device`].
    pub async fn read(&self, count: usize) -> Result<Vec<Drawn>, SampleError> {
        let results = beginning(&self.results, 2 * count).await?;
        let kept = match &self.kept {
            Some(kept) => beginning(kept, count * self.vocab).await?,
            None => vec![],
        };
        let mut kept = kept.chunks(self.vocab);
        let drawn = |result: &[f32]| match *result {
            [id, logprob] if id >= 0.0 => {
                Ok(Drawn { id: id as u32, logprob, logits: kept.next().unwrap_or_default().to_vec() })
            }
            _ => Err(SampleError::NotFinite(result[1])),
        };
        results.chunks(2).map(drawn).collect()
    }
}

/// A tensor in the kernel's form; none if it is not on a GPU.
fn bound<const D: usize>(tensor: Tensor<D, Int>) -> Option<IntTensor<Cube>> {
    tensor.try_into_primitive::<Cube>().ok()
}

/// Writes into a tensor that recorded launches may use.
fn write(tensor: &CubeTensor, numbers: Bytes) {
    tensor.client.write(&tensor.handle, numbers);
}

/// The first numbers of a tensor.
async fn beginning(tensor: &CubeTensor, numbers: usize) -> Result<Vec<f32>, SampleError> {
    let mut part = tensor.clone();
    let rest = tensor.meta.shape().num_elements() - numbers;
    part.handle = part.handle.offset_end(4 * rest as u64);
    part.meta = Box::new(Metadata::new([numbers], strides![1]));
    let data =
        Tensor::<1>::from_primitive::<Cube>(part).into_data_async().await.map_err(SampleError::Device)?;
    Ok(data.iter::<f32>().collect())
}

fn repetition(rules: &Rules) -> bool {
    rules.repetition_penalty != 1.0
}

fn times(rules: &Rules) -> bool {
    rules.frequency_penalty != 0.0 || rules.presence_penalty != 0.0
}
