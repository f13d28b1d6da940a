// Where heads lie in packed rows of H query heads, HKV key heads, HKV value heads, each D wide.
const ROW: u32 = (H + 2u * HKV) * D;

fn query(b: u32, t: u32, h: u32) -> u32 { return (b * sizes.y + t) * ROW + h * D; }
fn key(b: u32, t: u32, h: u32) -> u32 { return (b * sizes.y + t) * ROW + (H + h) * D; }
fn value(b: u32, t: u32, h: u32) -> u32 { return (b * sizes.y + t) * ROW + (H + HKV + h) * D; }
fn output(b: u32, t: u32, h: u32) -> u32 { return ((b * sizes.y + t) * H + h) * D; }
