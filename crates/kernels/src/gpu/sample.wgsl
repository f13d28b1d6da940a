// Draws a token from COUNT logits. One workgroup of WIDTH threads, each with SHARE neighbouring tokens; a token that a stage
// removes gets the weight 0. `cursor`: the place of the last token, the draws since the host looked, the tokens so far.
// `seen`: for each token 1 + the place in the history where it last stood, then how often it was generated.
// sizes: top_k and, as the bits of a float, temperature, top_p, min_p, repetition, frequency and presence penalty.
var<workgroup> parts: array<f32, WIDTH>;
var<workgroup> counts: array<f32, 15 * WIDTH>;
var<workgroup> steps: array<atomic<u32>, 16>;
var<workgroup> spoilt: atomic<u32>;
var<workgroup> beyond: atomic<u32>;
var<workgroup> last: atomic<u32>;

fn setting(i: u32) -> f32 { return bitcast<f32>(sizes[i / 4][i % 4]); } //? SETTINGS

fn gather(local: u32, mine: f32) {
    workgroupBarrier();
    parts[local] = mine;
    workgroupBarrier();
}

fn sum_of(local: u32, mine: f32) -> f32 {
    gather(local, mine);
    var sum = 0.0;
    for (var i = 0u; i < WIDTH; i++) { sum += parts[i]; }
    return sum;
}

fn largest_of(local: u32, mine: f32) -> f32 {
    gather(local, mine);
    var largest = mine;
    for (var i = 0u; i < WIDTH; i++) { largest = max(largest, parts[i]); }
    return largest;
}

// The sum of what the threads before this one gave.
fn sum_before(local: u32, mine: f32) -> f32 {
    gather(local, mine);
    var sum = 0.0;
    for (var i = 0u; i < local; i++) { sum += parts[i]; }
    return sum;
}

fn penalised(i: u32) -> f32 {
    var z = logits[i];
    let near = seen[i] > 0 && u32(seen[i]) + WINDOW > u32(cursor[2]); //? REPETITION
    z = select(z, select(z * setting(4), z / setting(4), z > 0.0), near); //? REPETITION
    let times = f32(seen[COUNT + i]); //? TIMES
    z -= select(0.0, setting(5) * times + setting(6), times > 0.0); //? TIMES
    return z;
}

// Of the weights equal to `level`, keeps `room` in order of id; removes those below.
fn trim(local: u32, ids: vec2<u32>, level: f32, room: f32) {
    var equal = 0.0;
    for (var i = ids.x; i < ids.y; i++) { equal += select(0.0, 1.0, weights[i] == level); }
    var place = sum_before(local, equal);
    for (var i = ids.x; i < ids.y; i++) {
        let w = weights[i];
        if (w < level || (w == level && place >= room)) { weights[i] = 0.0; }
        place += select(0.0, 1.0, w == level);
    }
}

// Keeps the largest weights until their sum, or their number, reaches `goal`. The level of the last one is found four bits at a
// time, numbers from 0 to 1 being in the order of their bits: at each of the 15 levels above, what would be kept.
fn keep(local: u32, ids: vec2<u32>, by_sum: bool, goal: f32, first: u32) {
    var level = 0u;
    for (var turn = 0u; turn < 8; turn++) {
        let step = 1u << (28 - 4 * turn);
        var above$j = 0.0; //* j<15
        for (var i = ids.x; i < ids.y; i++) {
            let w = weights[i];
            let bits = bitcast<u32>(w);
            let amount = select(1.0, w, by_sum);
            above$j += select(0.0, amount, bits >= level + ($j + 1) * step); //* j<15
        }
        counts[15 * local + $j] = above$j; //* j<15
        workgroupBarrier();
        for (var j = local; j < 15; j += WIDTH) {
            var sum = 0.0;
            for (var i = 0u; i < WIDTH; i++) { sum += counts[15 * i + j]; }
            if (sum >= goal) { atomicAdd(&steps[first + turn], 1u); }
        }
        workgroupBarrier();
        level += atomicLoad(&steps[first + turn]) * step;
    }
    let edge = bitcast<f32>(level);
    var above = 0.0;
    for (var i = ids.x; i < ids.y; i++) {
        let w = weights[i];
        above += select(0.0, select(1.0, w, by_sum), w > edge);
    }
    let missing = goal - sum_of(local, above);
    trim(local, ids, edge, ceil(missing / select(1.0, max(edge, 1e-30), by_sum)));
}

@compute @workgroup_size(WIDTH)
fn main(@builtin(local_invocation_index) local: u32) {
    let ids = vec2(min(local * SHARE, COUNT), min((local + 1) * SHARE, COUNT));
    let draws = u32(cursor[1]);
    if (local == 0) { // natively nobody zeroes workgroup memory
        atomicStore(&steps[$i], 0u); //* i<16
        atomicStore(&spoilt, 0u);
        atomicStore(&beyond, COUNT);
        atomicStore(&last, 0u);
    }
    workgroupBarrier();
    var top = -3e38;
    for (var i = ids.x; i < ids.y; i++) {
        let z = logits[i];
        kept[draws * COUNT + i] = z; //? kept
        if ((bitcast<u32>(z) & 0x7F800000u) == 0x7F800000u) { atomicStore(&spoilt, bitcast<u32>(z)); }
        top = max(top, z);
    }
    top = largest_of(local, top);
    var sum = 0.0;
    for (var i = ids.x; i < ids.y; i++) { sum += exp(logits[i] - top); }
    let logsum = top + log(sum_of(local, sum));
    var best = -3e38;
    for (var i = ids.x; i < ids.y; i++) { best = max(best, penalised(i)); }
    best = largest_of(local, best);
    for (var i = ids.x; i < ids.y; i++) {
        weights[i] = exp((penalised(i) - best) / setting(1)); //! GREEDY
        weights[i] = select(0.0, 1.0, penalised(i) == best); //? GREEDY
    }
    trim(local, ids, 1.0, 1.0); //? GREEDY
    keep(local, ids, false, f32(sizes[0].x), 0); //? TOP_K
    sum = 0.0; //? TOP_P
    for (var i = ids.x; i < ids.y; i++) { sum += weights[i]; } //? TOP_P
    keep(local, ids, true, max(setting(2) * sum_of(local, sum), 1e-30), 8); //? TOP_P
    for (var i = ids.x; i < ids.y; i++) { weights[i] = select(0.0, weights[i], weights[i] >= setting(3)); } //? MIN_P
    sum = 0.0;
    for (var i = ids.x; i < ids.y; i++) { sum += weights[i]; }
    let goal = uniforms[draws] * sum_of(local, sum);
    var reached = 0.0;
    for (var i = 0u; i < local; i++) { reached += parts[i]; }
    for (var i = ids.x; i < ids.y; i++) {
        reached += weights[i];
        if (weights[i] > 0.0) { atomicMax(&last, i); }
        if (weights[i] > 0.0 && reached > goal) { atomicMin(&beyond, i); }
    }
    workgroupBarrier();
    if (local == 0) {
        let found = atomicLoad(&beyond);
        let drawn = select(found, atomicLoad(&last), found == COUNT);
        let bits = atomicLoad(&spoilt);
        id[0] = i32(drawn);
        results[2 * draws] = select(f32(drawn), -1.0, bits != 0u);
        results[2 * draws + 1] = select(logits[drawn] - logsum, bitcast<f32>(bits), bits != 0u);
        seen[drawn] = cursor[2] + 1; //? seen
        seen[COUNT + drawn] += 1; //? seen
        cursor[0] += 1;
        cursor[1] += 1;
        cursor[2] += 1;
    }
}
