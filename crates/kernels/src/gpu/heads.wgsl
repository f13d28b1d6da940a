// Where heads lie in packed rows of H query heads, HKV key heads, HKV value heads, each DN Numbers wide; sizes.y is T.
const ROW: u32 = (H + 2 * HKV) * DN;
const GROUP: u32 = H / HKV;

fn query(b: u32, t: u32, h: u32) -> u32 { return (b * sizes.y + t) * ROW + h * DN; }
fn key(b: u32, t: u32, h: u32) -> u32 { return (b * sizes.y + t) * ROW + (H + h) * DN; }
fn value(b: u32, t: u32, h: u32) -> u32 { return (b * sizes.y + t) * ROW + (H + HKV + h) * DN; }
fn output(b: u32, t: u32, h: u32) -> u32 { return ((b * sizes.y + t) * H + h) * DN; }

fn scale() -> f32 { return inverseSqrt(f32(D)); }

// The sequence, the head and the first token of a thread that has SPAN tokens of one of `heads` heads.
fn span_of(thread: u32, heads: u32) -> vec3<u32> {
    let spans = (sizes.y + SPAN - 1) / SPAN;
    return vec3(thread / spans / heads, thread / spans % heads, thread % spans * SPAN);
}
