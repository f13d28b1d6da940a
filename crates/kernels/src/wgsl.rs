//! The text of a WGSL kernel. It is a file beside the Rust that launches it; what differs between launches is
//! put in front: `const` lines for shapes, one line for each buffer, and a uniform `sizes` for what changes
//! from call to call. There are three marks for the end of a source line, the last read first:
//!
//! - `//? name` keeps the line only where a constant or buffer of that name is given, `//! name` only where it is not: that is
//!   how a kernel does without a bias;
//! - `//* i<8 j<TILE` repeats the line for i in 0..8 and each j below the constant TILE, with the numbers for `$i` and `$j`:
//!   software adapters unroll no loops, and keep only what has a name of its own in registers.

use std::fmt::Write;

/// In a page each tensor has its own GPU buffer; natively tensors share buffers, and if a kernel writes one
/// of its tensors in a buffer, that buffer must be bound for writing wherever the kernel binds it.
const OWN_BUFFERS: bool = cfg!(target_family = "wasm");
/// A dispatch may have this many workgroups in a dimension.
const MAX_GROUPS: usize = 65_535;

/// The identity of a compiled kernel.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Variant {
    pub name: &'static str,
    pub constants: Vec<(&'static str, Constant)>,
    pub buffers: Vec<Buffer>,
    /// Quartets of numbers in the uniform.
    pub sizes: usize,
}

/// The value of a `const` line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Constant {
    Count(u32),
    /// An f32, as its bits, so that variants can be compared.
    Number(u32),
}

/// A buffer in the kernel's source.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Buffer {
    pub name: &'static str,
    pub element: &'static str,
    /// Elements, if the kernel is compiled for them: an array of known length needs no check at each access.
    pub len: Option<usize>,
    pub written: bool,
}

impl Variant {
    /// The complete WGSL.
    pub fn source(&self, body: &[&str]) -> String {
        let mut text = String::new();
        let mut line = |line: std::fmt::Arguments| writeln!(text, "{line}").expect("a string takes any text");
        for (name, value) in &self.constants {
            match value {
                Constant::Count(count) => line(format_args!("const {name}: u32 = {count}u;")),
                Constant::Number(bits) => {
                    line(format_args!("const {name}: f32 = {:?};", f32::from_bits(*bits)))
                }
            }
        }
        for (index, Buffer { name, element, len, written }) in self.buffers.iter().enumerate() {
            let access = if *written || !OWN_BUFFERS { "read_write" } else { "read" };
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

    /// The lines that a source line expands to by the marks at its end.
    fn expand(&self, line: &str) -> Vec<String> {
        if let Some((line, name)) = line.rsplit_once("//? ") {
            return if self.has(name.trim()) { self.expand(line) } else { vec![] };
        }
        if let Some((line, name)) = line.rsplit_once("//! ") {
            return if self.has(name.trim()) { vec![] } else { self.expand(line) };
        }
        let Some((line, ranges)) = line.rsplit_once("//* ") else { return vec![line.trim_end().into()] };
        ranges.split_whitespace().fold(vec![line.trim_end().to_string()], |lines, range| {
            let (index, bound) = range.split_once('<').expect("a range is written i<8");
            let (index, bound) = (format!("${index}"), self.value(bound));
            let repeat = |line: String| (0..bound).map(move |i| (line.clone(), i)).collect::<Vec<_>>();
            lines.into_iter().flat_map(repeat).map(|(line, i)| line.replace(&index, &i.to_string())).collect()
        })
    }

    /// A literal number, or a constant's value.
    fn value(&self, text: &str) -> u32 {
        let constant = || {
            self.constants.iter().find_map(|(name, value)| match value {
                Constant::Count(count) if *name == text => Some(*count),
                _ => None,
            })
        };
        text.parse().ok().or_else(constant).expect("a bound is a number or a constant")
    }

    fn has(&self, name: &str) -> bool {
        self.constants.iter().any(|(constant, _)| *constant == name)
            || self.buffers.iter().any(|buffer| buffer.name == name)
    }
}

/// At least `groups` workgroups in two dimensions, as even as the limit of one allows.
pub(crate) fn spread(groups: usize) -> [usize; 2] {
    let height = groups.div_ceil(MAX_GROUPS).max(1);
    [groups.div_ceil(height), height]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn variant() -> Variant {
        let bias = Buffer { name: "bias", element: "f32", len: Some(3), written: false };
        Variant { name: "test", constants: vec![("TILE", Constant::Count(2))], buffers: vec![bias], sizes: 1 }
    }

    #[test]
    fn marks_keep_drop_and_repeat_lines() {
        let expand = |line: &str| variant().expand(line);
        assert_eq!(expand("a();"), ["a();"]);
        assert_eq!(expand("a(); //? bias"), ["a();"]);
        assert!(expand("a(); //? residual").is_empty());
        assert!(expand("a(); //! TILE").is_empty());
        assert_eq!(expand("x$i$j = $i; //* i<TILE j<2"), ["x00 = 0;", "x01 = 0;", "x10 = 1;", "x11 = 1;"]);
        assert_eq!(expand("x$i; //* i<TILE //? bias"), ["x0;", "x1;"]);
    }

    #[test]
    fn what_differs_stands_in_front() {
        let source = variant().source(&["fn main() {}"]);
        let lines: Vec<&str> = source.lines().collect();
        assert_eq!(
            lines,
            [
                "const TILE: u32 = 2u;",
                "@group(0) @binding(0) var<storage, read_write> bias: array<f32, 3>;",
                "@group(0) @binding(1) var<uniform> sizes: vec4<u32>;",
                "fn main() {}",
            ]
        );
    }

    #[test]
    fn more_workgroups_than_a_dimension_takes_fill_two() {
        assert_eq!(spread(0), [0, 1]);
        assert_eq!(spread(MAX_GROUPS), [MAX_GROUPS, 1]);
        for groups in [MAX_GROUPS + 1, 100_001, 6_432_000] {
            let [width, height] = spread(groups);
            assert!(
                width <= MAX_GROUPS && width * height >= groups && width * height < groups + height,
                "{groups}"
            );
        }
    }
}
