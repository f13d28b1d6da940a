//! One way to launch a WGSL kernel. The source is a file beside the Rust that launches it; what differs between launches is
//! put in front: `const` lines for shapes, one line for each buffer, and a uniform `sizes` for what changes from call to call.
//! Three marks at the end of a source line, the last read first:
//!
//! - `//? name` keeps the line only where a constant or buffer of that name is given, `//! name` only where it is not: that is
//!   how a kernel does without a bias;
//! - `//* i<8 j<TILE` repeats the line for i in 0..8 and each j below the constant TILE, with the numbers for `$i` and `$j`:
//!   software adapters unroll no loops, and keep only what has a name of its own in registers.

use burn_cubecl::cubecl::ir::metadata::Info;
use burn_cubecl::cubecl::ir::{ElemType, UIntKind};
use burn_cubecl::cubecl::prelude::*;
use burn_cubecl::cubecl::server::{KernelArguments, MetadataBindingInfo};
use burn_cubecl::cubecl::{CubeKernel, PrecompiledSource};
use burn_cubecl::tensor::CubeTensor;
use std::fmt::Write;

/// Threads of a workgroup in kernels of one dimension.
pub const THREADS: u32 = 64;
/// A dispatch may have this many workgroups in a dimension.
const MAX_GROUPS: u32 = 65_535;

/// What tells one compiled kernel from another.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Variant {
    name: &'static str,
    constants: Vec<(&'static str, u32)>,
    buffers: Vec<Buffer>,
    /// Quartets of numbers in the uniform.
    sizes: usize,
}

/// A buffer as the kernel's source sees it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Buffer {
    name: &'static str,
    element: &'static str,
    /// Elements, where the kernel is compiled for them: an array of known length needs no check of it at each access.
    len: Option<usize>,
    written: bool,
}

/// A kernel about to be launched.
pub struct Launch<'a> {
    variant: Variant,
    source: &'static [&'static str],
    tensors: Vec<&'a CubeTensor>,
    sizes: Vec<u32>,
}

impl<'a> Launch<'a> {
    /// The kernel `name` of these WGSL texts.
    pub fn new(name: &'static str, source: &'static [&'static str]) -> Self {
        let variant = Variant { name, constants: vec![], buffers: vec![], sizes: 0 };
        Self { variant, source, tensors: vec![], sizes: vec![] }
    }

    /// A `const NAME: u32` in front of the source; each value compiles a kernel of its own.
    pub fn constant(mut self, name: &'static str, value: usize) -> Self {
        self.variant.constants.push((name, value as u32));
        self
    }

    /// A constant that is there or not.
    pub fn flag(self, name: &'static str, set: bool) -> Self {
        if set { self.constant(name, 1) } else { self }
    }

    /// A buffer that is read.
    pub fn read(self, name: &'static str, tensor: &'a CubeTensor) -> Self {
        self.buffer(name, "f32", false, tensor)
    }

    /// A buffer that is read four numbers at a time.
    pub fn read4(self, name: &'static str, tensor: &'a CubeTensor) -> Self {
        self.buffer(name, "vec4<f32>", false, tensor)
    }

    /// A buffer that is read two numbers at a time.
    pub fn read2(self, name: &'static str, tensor: &'a CubeTensor) -> Self {
        self.buffer(name, "vec2<f32>", false, tensor)
    }

    /// A buffer of ids that is read.
    pub fn read_ids(self, name: &'static str, tensor: &'a CubeTensor) -> Self {
        self.buffer(name, "i32", false, tensor)
    }

    /// A buffer that is written.
    pub fn write(self, name: &'static str, tensor: &'a CubeTensor) -> Self {
        self.buffer(name, "f32", true, tensor)
    }

    /// A buffer that is written two numbers at a time.
    pub fn write2(self, name: &'static str, tensor: &'a CubeTensor) -> Self {
        self.buffer(name, "vec2<f32>", true, tensor)
    }

    /// A buffer that is written four numbers at a time.
    pub fn write4(self, name: &'static str, tensor: &'a CubeTensor) -> Self {
        self.buffer(name, "vec4<f32>", true, tensor)
    }

    /// One of the above, where there is a tensor.
    pub fn maybe(
        self,
        bind: fn(Self, &'static str, &'a CubeTensor) -> Self,
        name: &'static str,
        tensor: Option<&'a CubeTensor>,
    ) -> Self {
        match tensor {
            Some(tensor) => bind(self, name, tensor),
            None => self,
        }
    }

    fn buffer(
        mut self,
        name: &'static str,
        element: &'static str,
        written: bool,
        tensor: &'a CubeTensor,
    ) -> Self {
        self.variant.buffers.push(Buffer { name, element, len: None, written });
        self.tensors.push(tensor);
        self
    }

    /// Compiles the kernel for the lengths of the buffers given so far.
    pub fn fixed(mut self) -> Self {
        for (buffer, tensor) in self.variant.buffers.iter_mut().zip(&self.tensors) {
            let width = match buffer.element {
                "vec4<f32>" => 4,
                "vec2<f32>" => 2,
                _ => 1,
            };
            buffer.len = Some(tensor.meta.shape().num_elements() / width);
        }
        self
    }

    /// Numbers that do not compile a kernel anew. The source reads up to four as `sizes.x` to `sizes.w`, more as
    /// `sizes[0].x` and on.
    pub fn sizes(mut self, sizes: &[usize]) -> Self {
        self.variant.sizes = sizes.len().div_ceil(4);
        self.sizes = sizes.iter().map(|size| *size as u32).collect();
        self.sizes.resize(4 * self.variant.sizes, 0);
        self
    }

    /// Runs it with `groups` workgroups; none where there is nothing to do.
    pub fn run(self, groups: [usize; 3]) {
        let groups = groups.map(|count| u32::try_from(count).expect("a tensor's rows fit 32 bits"));
        assert!(
            groups.iter().all(|count| *count <= MAX_GROUPS),
            "{} wants {groups:?} workgroups",
            self.variant.name
        );
        let client = self.tensors[0].client.clone();
        let mut arguments = KernelArguments::new();
        for (tensor, buffer) in self.tensors.iter().zip(&self.variant.buffers) {
            let io = if buffer.written { BufferIOAttr::ReadWrite } else { BufferIOAttr::ReadOnly };
            arguments = arguments.with_buffer_io(tensor.handle.clone().binding(), io);
        }
        if self.variant.sizes > 0 {
            let words =
                self.sizes.chunks(2).map(|pair| u64::from(pair[0]) | u64::from(pair[1]) << 32).collect();
            arguments = arguments.with_info(MetadataBindingInfo::custom(words));
        }
        let [x, y, z] = groups;
        let kernel = Kernel { variant: self.variant, source: self.source };
        client.launch(Box::new(kernel), CubeCount::Static(x, y, z), arguments);
    }

    /// Runs it with enough workgroups of [`THREADS`] for `threads`; the source finds its own number with `thread_index`.
    pub fn run_flat(self, threads: usize) {
        self.run_rows(threads.div_ceil(THREADS as usize));
    }

    /// Runs it with at least `groups` workgroups, number `group.y * groups.x + group.x` each: a dimension has a limit.
    pub fn run_rows(self, groups: usize) {
        let height = groups.div_ceil(MAX_GROUPS as usize).max(1);
        self.run([groups.div_ceil(height), height, 1]);
    }
}

/// A kernel as cubecl takes it: its key, and its text for when the key is new.
struct Kernel {
    variant: Variant,
    source: &'static [&'static str],
}

impl KernelMetadata for Kernel {
    fn name(&self) -> &'static str {
        self.variant.name
    }

    fn id(&self) -> KernelId {
        KernelId::new::<Self>().mode(ExecutionMode::Unchecked).info(self.variant.clone())
    }

    fn address_type(&self) -> ElemType {
        UIntKind::U32.into()
    }
}

impl CubeKernel for Kernel {
    /// Nothing to expand: the kernel is its text.
    fn define(&self) -> KernelDefinition {
        let settings =
            KernelSettings::new(CubeDim::new_single().0, ExecutionMode::Unchecked, AddressType::U32);
        KernelDefinition { body: Scope::root(settings.clone()), settings, info: Info::default() }
    }

    fn source(&self) -> Option<PrecompiledSource> {
        let source = self.variant.source(self.source);
        Some(PrecompiledSource { source, entrypoint_name: "main".into(), lang: "wgsl" })
    }
}

impl Variant {
    /// The complete WGSL.
    fn source(&self, body: &[&str]) -> String {
        let mut text = String::new();
        let mut line = |line: std::fmt::Arguments| writeln!(text, "{line}").expect("a string takes any text");
        for (name, value) in &self.constants {
            line(format_args!("const {name}: u32 = {value}u;"));
        }
        for (index, Buffer { name, element, len, written }) in self.buffers.iter().enumerate() {
            let access = if *written { "read_write" } else { "read" };
            let len = len.map_or(String::new(), |len| format!(", {len}"));
            let declared = format_args!("var<storage, {access}> {name}: array<{element}{len}>;");
            line(format_args!("@group(0) @binding({index}) {declared}"));
        }
        let binding = self.buffers.len();
        match self.sizes {
            0 => {}
            1 => line(format_args!("@group(0) @binding({binding}) var<uniform> sizes: vec4<u32>;")),
            n => {
                line(format_args!("@group(0) @binding({binding}) var<uniform> sizes: array<vec4<u32>, {n}>;"))
            }
        }
        for written in body.iter().flat_map(|text| text.lines()) {
            self.expand(written).iter().for_each(|expanded| line(format_args!("{expanded}")));
        }
        text
    }

    /// What a source line becomes by the marks at its end.
    fn expand(&self, line: &str) -> Vec<String> {
        if let Some((line, name)) = line.rsplit_once("//? ") {
            return if self.has(name.trim()) { self.expand(line) } else { vec![] };
        }
        if let Some((line, name)) = line.rsplit_once("//! ") {
            return if self.has(name.trim()) { vec![] } else { self.expand(line) };
        }
        let Some((line, ranges)) = line.rsplit_once("//* ") else { return vec![line.into()] };
        ranges.split_whitespace().fold(vec![line.to_string()], |lines, range| {
            let (index, bound) = range.split_once('<').expect("a range is written i<8");
            let (index, bound) = (format!("${index}"), self.value(bound));
            let repeat = |line: String| (0..bound).map(move |i| (line.clone(), i)).collect::<Vec<_>>();
            lines.into_iter().flat_map(repeat).map(|(line, i)| line.replace(&index, &i.to_string())).collect()
        })
    }

    /// A number as it stands, or a constant's value.
    fn value(&self, text: &str) -> u32 {
        let constant = || self.constants.iter().find(|(name, _)| *name == text).map(|(_, value)| *value);
        text.parse().ok().or_else(constant).expect("a bound is a number or a constant")
    }

    fn has(&self, name: &str) -> bool {
        self.constants.iter().any(|(constant, _)| *constant == name)
            || self.buffers.iter().any(|buffer| buffer.name == name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn variant() -> Variant {
        let bias = Buffer { name: "bias", element: "f32", len: Some(3), written: false };
        Variant { name: "test", constants: vec![("TILE", 2)], buffers: vec![bias], sizes: 1 }
    }

    #[test]
    fn marks_keep_drop_and_repeat_lines() {
        let expand = |line: &str| variant().expand(line);
        assert_eq!(expand("a();"), ["a();"]);
        assert_eq!(expand("a(); //? bias"), ["a(); "]);
        assert!(expand("a(); //? residual").is_empty());
        assert!(expand("a(); //! TILE").is_empty());
        assert_eq!(
            expand("x$i$j = $i; //* i<TILE j<2"),
            ["x00 = 0; ", "x01 = 0; ", "x10 = 1; ", "x11 = 1; "]
        );
        assert_eq!(expand("x$i; //* i<TILE //? bias"), ["x0;  ", "x1;  "]);
    }

    #[test]
    fn what_differs_stands_in_front() {
        let source = variant().source(&["fn main() {}"]);
        let lines: Vec<&str> = source.lines().collect();
        assert_eq!(
            lines,
            [
                "const TILE: u32 = 2u;",
                "@group(0) @binding(0) var<storage, read> bias: array<f32, 3>;",
                "@group(0) @binding(1) var<uniform> sizes: vec4<u32>;",
                "fn main() {}",
            ]
        );
    }
}
