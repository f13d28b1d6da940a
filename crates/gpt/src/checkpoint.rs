//! Checkpoint files are safetensors (the format of Hugging Face's `safetensors` library): tensors by name, strings beside them.
//! Refuses truncated, overlapping or mistyped data; reads F32, F16 and BF16, and raw bytes as U8.

use crate::params::{HostTensor, HostTensors, Source};
use crate::{Error, Result};
use safetensors::tensor::{Dtype, TensorView};
use safetensors::{SafeTensors, serialize};
use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};

/// The most bytes of strings in a header; together with the tensors' offsets it stays within the format's 100
/// MB.
const HEADER_STRINGS: usize = 90_000_000;

/// Bytes of the header's length, in front of it.
const LENGTH: usize = 8;

/// Where a file's strings begin: after the length and their name, which comes first in the header.
const STRINGS_AT: usize = LENGTH + r#"{"__metadata__":"#.len();

/// The contents of a checkpoint file.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct File {
    /// Numbers by name.
    pub tensors: HostTensors,
    /// Raw bytes by name, such as a corpus.
    pub blobs: BTreeMap<String, Vec<u8>>,
    /// Strings by name, such as configurations.
    pub metadata: BTreeMap<String, String>,
}

impl File {
    /// Reads a file; tensors whose name `keep` refuses are skipped. Copies everything: [`Contents`] copies on
    /// request.
    ///
    /// # Errors
    /// What [`Contents::read`] refuses.
    pub fn read(bytes: &[u8], keep: impl Fn(&str) -> bool) -> Result<Self> {
        let Contents { metadata, blobs, tensors } = Contents::read(bytes, keep)?;
        let copied = |view: TensorView| HostTensor { shape: view.shape().to_vec(), values: floats(&view) };
        Ok(Self {
            tensors: tensors.into_iter().map(|(name, view)| (name, copied(view))).collect(),
            blobs: blobs.into_iter().map(|(name, blob)| (name, blob.to_vec())).collect(),
            metadata,
        })
    }

    /// The bytes of the file, tensors in F32.
    ///
    /// # Errors
    /// [`Error::CheckpointCorrupt`] when the strings exceed what the format's header may hold (100 MB).
    pub fn write(&self) -> Result<Vec<u8>> {
        // All our targets are little-endian, like the format: the values are borrowed, not copied.
        self.write_as(Dtype::F32, |values| Cow::Borrowed(bytemuck::cast_slice(values)))
    }

    /// The bytes of the file, tensors rounded to F16: half the size, for weights that are only read.
    ///
    /// # Errors
    /// As [`File::write`].
    pub fn write_halves(&self) -> Result<Vec<u8>> {
        self.write_as(Dtype::F16, |values| {
            values.iter().flat_map(|&value| half::f16::from_f32(value).to_le_bytes()).collect()
        })
    }

    fn write_as(&self, dtype: Dtype, bytes: impl Fn(&[f32]) -> Cow<'_, [u8]>) -> Result<Vec<u8>> {
        let numbers: Vec<Cow<[u8]>> = self.tensors.values().map(|tensor| bytes(&tensor.values)).collect();
        let shapes: Vec<[usize; 1]> = self.blobs.values().map(|blob| [blob.len()]).collect();
        let floats = self.tensors.iter().zip(&numbers);
        let floats = floats.map(|((name, t), bytes)| (name.as_str(), view(dtype, &t.shape, bytes)));
        let blobs = self
            .blobs
            .iter()
            .zip(&shapes)
            .map(|((name, blob), shape)| (name.as_str(), view(Dtype::U8, shape, blob)));
        let metadata: HashMap<String, String> = self.metadata.clone().into_iter().collect();
        let shuffled = serde_json::to_string(&metadata).expect("strings serialize");
        if shuffled.len() > HEADER_STRINGS {
            let strings = shuffled.len();
            return Err(Error::corrupt(format!("{strings} bytes of strings where {HEADER_STRINGS} fit")));
        }
        let mut file = serialize(floats.chain(blobs), Some(metadata)).expect("shapes and lengths agree");
        // The library takes the strings from a hash map, whose order changes at every run; the same model
        // must give the same bytes.
        let sorted = serde_json::to_string(&self.metadata).expect("strings serialize");
        let strings = &mut file[STRINGS_AT..STRINGS_AT + shuffled.len()];
        debug_assert_eq!(strings, shuffled.as_bytes());
        strings.copy_from_slice(sorted.as_bytes());
        Ok(file)
    }
}

/// The contents of a file, from its header alone. A tensor is copied on request, so that a file can be
/// refused before it costs anything, and an accepted one is not in memory twice.
#[derive(Debug)]
pub struct Contents<'a> {
    /// Strings by name.
    pub metadata: BTreeMap<String, String>,
    /// Raw bytes by name, borrowed from the file.
    pub blobs: BTreeMap<String, &'a [u8]>,
    tensors: BTreeMap<String, TensorView<'a>>,
}

impl<'a> Contents<'a> {
    /// Reads the header, which must account for every byte of the file; tensors whose name `keep` refuses are skipped.
    ///
    /// # Errors
    /// [`Error::CheckpointCorrupt`] or [`Error::TensorDtype`].
    pub fn read(bytes: &'a [u8], keep: impl Fn(&str) -> bool) -> Result<Self> {
        let (len, header) = SafeTensors::read_metadata(bytes).map_err(Error::corrupt)?;
        let data = &bytes[LENGTH + len..];
        let metadata = header.metadata().clone().unwrap_or_default().into_iter().collect();
        let (mut blobs, mut tensors) = (BTreeMap::new(), BTreeMap::new());
        for (name, info) in header.tensors().into_iter().filter(|(name, _)| keep(name)) {
            let bytes = &data[info.data_offsets.0..info.data_offsets.1];
            match info.dtype {
                Dtype::U8 => {
                    blobs.insert(name, bytes);
                }
                Dtype::F32 | Dtype::F16 | Dtype::BF16 => {
                    tensors.insert(name, view(info.dtype, &info.shape, bytes));
                }
                other => return Err(Error::TensorDtype { name, dtype: format!("{other:?}") }),
            }
        }
        Ok(Self { metadata, blobs, tensors })
    }

    /// The same with this prefix removed from the tensors' names.
    pub fn without_prefix(self, prefix: &str) -> Self {
        let short = |name: String| name.strip_prefix(prefix).map(str::to_string).unwrap_or(name);
        let tensors = self.tensors.into_iter().map(|(name, view)| (short(name), view)).collect();
        Self { tensors, ..self }
    }

    /// Whether both exist and differ in their bytes.
    pub fn differ(&self, one: &str, other: &str) -> bool {
        let same = |(one, other): (&TensorView, &TensorView)| {
            one.dtype() == other.dtype() && one.data() == other.data()
        };
        self.tensors.get(one).zip(self.tensors.get(other)).is_some_and(|both| !same(both))
    }

    /// Names of the tensors.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.tensors.keys().map(String::as_str)
    }

    /// The size, in numbers, of the largest tensor.
    pub fn largest(&self) -> u64 {
        self.tensors.values().map(|view| view.shape().iter().product::<usize>() as u64).max().unwrap_or(0)
    }
}

impl Source for Contents<'_> {
    fn shape(&self, name: &str) -> Option<&[usize]> {
        self.tensors.get(name).map(TensorView::shape)
    }

    fn values(&self, name: &str) -> Vec<f32> {
        floats(&self.tensors[name])
    }
}

/// The length of a file's header in bytes; 0 if it cannot be as long as it says, in which case it is
/// refused unread.
pub fn header_len(bytes: &[u8]) -> usize {
    let len = bytes.first_chunk().and_then(|len| usize::try_from(u64::from_le_bytes(*len)).ok());
    len.filter(|len| *len <= bytes.len() - LENGTH).unwrap_or(0)
}

fn view<'a>(dtype: Dtype, shape: &[usize], bytes: &'a [u8]) -> TensorView<'a> {
    TensorView::new(dtype, shape.to_vec(), bytes).expect("shapes and lengths agree")
}

/// The numbers of a tensor in one of the formats that [`Contents::read`] accepts.
fn floats(view: &TensorView) -> Vec<f32> {
    let pairs = || view.data().chunks_exact(2).map(|b| [b[0], b[1]]);
    match view.dtype() {
        Dtype::F16 => pairs().map(|b| half::f16::from_le_bytes(b).to_f32()).collect(),
        Dtype::BF16 => pairs().map(|b| half::bf16::from_le_bytes(b).to_f32()).collect(),
        _ => view.data().chunks_exact(4).map(|b| f32::from_le_bytes([b[0], b[1], b[2], b[3]])).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample() -> File {
        let tensor = HostTensor { shape: vec![2, 2], values: vec![1.0, -2.5, f32::MIN_POSITIVE, 3e38] };
        File {
            tensors: [("a.b".to_string(), tensor)].into(),
            blobs: [("corpus".to_string(), "长沙".as_bytes().to_vec())].into(),
            metadata: [("k".to_string(), "v".to_string())].into(),
        }
    }

    #[test]
    fn what_is_written_is_read_back() {
        assert_eq!(File::read(&sample().write().expect("small"), |_| true), Ok(sample()));
    }

    #[test]
    fn the_same_file_is_the_same_bytes() {
        let metadata = (0..20).map(|n| (format!("name {n}"), format!("\"{n}\\"))).collect();
        let file = File { metadata, ..sample() };
        let bytes = file.write().expect("small");
        assert_eq!(file.clone().write().expect("small"), bytes);
        assert_eq!(File::read(&bytes, |_| true), Ok(file));
        let none = File { metadata: BTreeMap::new(), ..sample() };
        assert_eq!(File::read(&none.write().expect("small"), |_| true), Ok(none));
    }

    #[test]
    fn every_truncation_is_refused() {
        let bytes = sample().write().expect("small");
        for len in 0..bytes.len() {
            assert!(
                matches!(File::read(&bytes[..len], |_| true), Err(Error::CheckpointCorrupt { .. })),
                "{len}"
            );
        }
    }

    #[test]
    fn a_header_that_promises_more_than_the_file_holds_is_refused() {
        let with_header =
            |header: &str| [&(header.len() as u64).to_le_bytes()[..], header.as_bytes()].concat();
        for (shape, end) in
            [("1048576,1048576", 1_u64 << 42), ("4294967296,4294967296", 1 << 20), ("8", 1 << 20)]
        {
            let header = format!(r#"{{"a":{{"dtype":"F32","shape":[{shape}],"data_offsets":[0,{end}]}}}}"#);
            let found = Contents::read(&with_header(&header), |_| true).map(|_| ());
            assert!(matches!(found, Err(Error::CheckpointCorrupt { .. })), "{found:?}");
        }
        assert_eq!(header_len(&with_header("{}")), 2);
        for unread in [&b"a text"[..], b"a text without a header"] {
            assert_eq!(header_len(unread), 0);
        }
    }

    #[test]
    fn what_is_asked_for_is_what_a_whole_read_gives() {
        let bytes = sample().write().expect("small");
        let contents = Contents::read(&bytes, |_| true).expect("valid");
        assert_eq!(contents.names().collect::<Vec<_>>(), ["a.b"]);
        assert_eq!((contents.shape("a.b"), contents.shape("b")), (Some(&[2, 2][..]), None));
        assert_eq!(contents.values("a.b"), sample().tensors["a.b"].values);
        assert_eq!((contents.largest(), contents.blobs["corpus"]), (4, "长沙".as_bytes()));
        assert_eq!(contents.without_prefix("a.").shape("b"), Some(&[2, 2][..]));
    }

    #[test]
    fn half_precision_is_rounded_and_widened() {
        let halves = HostTensor { shape: vec![3], values: vec![1.5, -0.25, 0.1] };
        let file = File { tensors: [("h".to_string(), halves)].into(), ..sample() };
        let read = File::read(&file.write_halves().expect("small"), |_| true).expect("valid");
        assert_eq!(read.tensors["h"].values, [1.5, -0.25, 0.099_975_586]);
        assert_eq!((read.blobs, read.metadata), (file.blobs, file.metadata));
    }

    #[test]
    fn other_number_formats_are_named() {
        let bytes = serialize([("n", view(Dtype::I64, &[1], &[0; 8]))], None).expect("valid");
        assert_eq!(
            File::read(&bytes, |_| true),
            Err(Error::TensorDtype { name: "n".into(), dtype: "I64".into() })
        );
    }
}
