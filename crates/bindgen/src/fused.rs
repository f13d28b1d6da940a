//! Derives the module for engines with relaxed SIMD (<https://github.com/WebAssembly/relaxed-simd>): where a
//! product of four f32 is only used to be added to four others, both become one instruction, which rounds
//! once and takes half the time. A compiler may not do so by itself, and an engine without relaxed SIMD
//! refuses the module, so there are two.

use walrus::ir::{BinaryOp, Instr, InstrSeq, LocalGet, LocalSet, TernOp, TernaryOp, VisitorMut};
use walrus::ir::{InstrLocId, dfs_pre_order_mut};
use walrus::{LocalId, Module, ModuleConfig, ModuleLocals, ValType};

/// The module with such pairs fused, and their number.
pub fn fuse(bytes: &[u8]) -> Result<(Vec<u8>, usize), String> {
    let mut config = ModuleConfig::new();
    config.generate_producers_section(false).generate_name_section(false);
    let mut module = config.parse(bytes).map_err(|error| format!("cannot read the module: {error:#}"))?;
    let Module { funcs, locals, .. } = &mut module;
    let mut pairs = 0;
    for (_, function) in funcs.iter_local_mut() {
        // Unused locals are not written.
        let mut fuser = Fuser { operands: operands(locals), pairs: 0 };
        let entry = function.entry_block();
        dfs_pre_order_mut(&mut fuser, function, entry);
        pairs += fuser.pairs;
    }
    Ok((module.emit_wasm(), pairs))
}

/// Locals for `a`, `b` and `c` of `c + a b`.
fn operands(locals: &mut ModuleLocals) -> [LocalId; 3] {
    [(); 3].map(|()| locals.add(ValType::V128))
}

/// How a product is added.
enum Pair {
    /// `a b mul add`, to the value below both: `c a b`.
    Below,
    /// `a b mul c add`, to a local.
    Local(LocalGet),
}

/// The pair at the start of these instructions.
fn pair(instrs: &[(Instr, InstrLocId)]) -> Option<Pair> {
    let op = |at: usize| match instrs.get(at) {
        Some((Instr::Binop(binop), _)) => Some(binop.op),
        _ => None,
    };
    if !matches!(op(0), Some(BinaryOp::F32x4Mul)) {
        return None;
    }
    match (instrs.get(1), op(1), op(2)) {
        (_, Some(BinaryOp::F32x4Add), _) => Some(Pair::Below),
        (Some((Instr::LocalGet(get), _)), _, Some(BinaryOp::F32x4Add)) => Some(Pair::Local(get.clone())),
        _ => None,
    }
}

struct Fuser {
    operands: [LocalId; 3],
    pairs: usize,
}

impl VisitorMut for Fuser {
    fn start_instr_seq_mut(&mut self, seq: &mut InstrSeq) {
        let [a, b, c] = self.operands;
        let old = std::mem::take(&mut seq.instrs);
        let mut at = 0;
        while at < old.len() {
            let place = old[at].1;
            let mut push = |instr: Instr| seq.instrs.push((instr, place));
            let pair = pair(&old[at..]);
            self.pairs += usize::from(pair.is_some());
            match pair {
                None => push(old[at].0.clone()),
                Some(Pair::Below) => {
                    for local in [b, a, c] {
                        push(LocalSet { local }.into());
                    }
                    for local in [a, b, c] {
                        push(LocalGet { local }.into());
                    }
                    push(TernOp { op: TernaryOp::F32x4RelaxedMadd }.into());
                    at += 1;
                }
                Some(Pair::Local(get)) => {
                    push(get.into());
                    push(TernOp { op: TernaryOp::F32x4RelaxedMadd }.into());
                    at += 2;
                }
            }
            at += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use walrus::FunctionBuilder;

    /// `c + a b` in both forms, and a product that is not added.
    #[test]
    fn products_that_are_added_are_fused() {
        let mut module = Module::default();
        let v = ValType::V128;
        let mut builder = FunctionBuilder::new(&mut module.types, &[v, v, v], &[v]);
        let [a, b, c] = operands(&mut module.locals);
        let (mul, add) = (BinaryOp::F32x4Mul, BinaryOp::F32x4Add);
        let mut body = builder.func_body();
        body.local_get(c).local_get(a).local_get(b).binop(mul).binop(add);
        body.local_get(b).binop(mul).local_get(c).binop(add);
        body.local_get(a).binop(mul);
        let id = builder.finish(vec![a, b, c], &mut module.funcs);
        module.exports.add("f", id);
        let (fused, pairs) = fuse(&module.emit_wasm()).expect("a module");
        assert_eq!(pairs, 2);
        let again = fuse(&fused).expect("it is still a module");
        assert_eq!(again.1, 0, "nothing is left to fuse");
        assert!(fuse(b"not a module").is_err());
    }
}
