//! Launches a WGSL kernel: its text with what differs between launches in front (`wgsl.rs`), its buffers, its
//! threads.

use crate::wgsl::{Buffer, Constant, Variant, spread};
use burn_cubecl::cubecl::ir::metadata::Info;
use burn_cubecl::cubecl::ir::{ElemType, UIntKind};
use burn_cubecl::cubecl::prelude::*;
use burn_cubecl::cubecl::server::{KernelArguments, MetadataBindingInfo};
use burn_cubecl::cubecl::{CubeKernel, PrecompiledSource};
use burn_cubecl::tensor::CubeTensor;

/// Threads of a workgroup in kernels of one dimension.
pub const THREADS: u32 = 64;

/// A kernel about to be launched.
pub struct Launch<'a> {
    variant: Variant,
    source: &'static [&'static str],
    tensors: Vec<&'a CubeTensor>,
    sizes: Vec<u32>,
}

impl<'a> Launch<'a> {
    /// The kernel `name` from these WGSL texts.
    pub fn new(name: &'static str, source: &'static [&'static str]) -> Self {
        let variant = Variant { name, constants: vec![], buffers: vec![], sizes: 0 };
        Self { variant, source, tensors: vec![], sizes: vec![] }
    }

    /// A `const NAME: u32` in front of the source; each value compiles a separate kernel.
    pub fn constant(mut self, name: &'static str, value: usize) -> Self {
        self.variant.constants.push((name, Constant::Count(value as u32)));
        self
    }

    /// The same for a `const NAME: f32`.
    pub fn number(mut self, name: &'static str, value: f32) -> Self {
        self.variant.constants.push((name, Constant::Number(value.to_bits())));
        self
    }

    /// A constant that exists or not.
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

    /// A buffer of ids that is written.
    pub fn write_ids(self, name: &'static str, tensor: &'a CubeTensor) -> Self {
        self.buffer(name, "i32", true, tensor)
    }

    /// A buffer that is written two numbers at a time.
    pub fn write2(self, name: &'static str, tensor: &'a CubeTensor) -> Self {
        self.buffer(name, "vec2<f32>", true, tensor)
    }

    /// A buffer that is written four numbers at a time.
    pub fn write4(self, name: &'static str, tensor: &'a CubeTensor) -> Self {
        self.buffer(name, "vec4<f32>", true, tensor)
    }

    /// One of the above, if there is a tensor.
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

    /// Numbers that do not recompile the kernel. The source reads up to four as `sizes.x` to `sizes.w`, more
    /// as `sizes[0].x` and on.
    pub fn sizes(mut self, sizes: &[usize]) -> Self {
        self.variant.sizes = sizes.len().div_ceil(4);
        self.sizes = sizes.iter().map(|size| *size as u32).collect();
        self.sizes.resize(4 * self.variant.sizes, 0);
        self
    }

    /// Runs it with `groups` workgroups in the three dimensions.
    pub fn run(self, groups: [usize; 3]) {
        let [x, y, z] = groups.map(|count| u32::try_from(count).expect("a tensor's rows fit 32 bits"));
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
        let kernel = Kernel { variant: self.variant, source: self.source };
        client.launch(Box::new(kernel), CubeCount::Static(x, y, z), arguments);
    }

    /// Runs it with enough workgroups of [`THREADS`] for `threads`; the source finds its own number with
    /// `thread_index`.
    pub fn run_flat(self, threads: usize) {
        self.run_rows(threads.div_ceil(THREADS as usize));
    }

    /// Runs it with at least `groups` workgroups, numbered `group.y * groups.x + group.x`: a dimension has a
    /// limit.
    pub fn run_rows(self, groups: usize) {
        let [width, height] = spread(groups);
        self.run([width, height, 1]);
    }
}

/// A kernel in cubecl's form: its key, and its text in case the key is new.
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
