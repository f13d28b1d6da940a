//! Token vectors with positions, and their gradients.

use super::launch::Launch;
use super::{COMMON, contiguous, empty};
use crate::embedding::{EmbeddingKernels, Saved};
use crate::start::StartOf;
use burn_cubecl::CubeBackend;
use burn_cubecl::tensor::CubeTensor;

impl EmbeddingKernels for CubeBackend {
    fn embedding_forward(
        tokens: &CubeTensor,
        positions: Option<&CubeTensor>,
        ids: &CubeTensor,
        start: &StartOf<Self>,
    ) -> CubeTensor {
        let (tokens, ids, positions) = (contiguous(tokens), contiguous(ids), positions.map(contiguous));
        let (b, t, c) = (ids.meta.shape()[0], ids.meta.shape()[1], tokens.meta.shape()[1]);
        let y = empty(&tokens, [b, t, c]);
        let (place, cursor) = start.parts();
        Launch::new("embedding", &[COMMON, include_str!("embedding.wgsl")])
            .constant("C", c)
            .read("tokens", &tokens)
            .maybe(Launch::read, "positions", positions.as_ref())
            .read_ids("ids", &ids)
            .maybe(Launch::read_ids, "cursor", cursor)
            .write("y", &y)
            .sizes(&[b * t * c, t, place])
            .run_flat(b * t * c);
        y
    }

    fn embedding_backward(saved: &Saved<Self>, dy: CubeTensor) -> Vec<CubeTensor> {
        let (ids, dy) = (contiguous(&saved.ids), contiguous(&dy));
        let [b, t, c] = [0, 1, 2].map(|axis| dy.meta.shape()[axis]);
        let dtokens = empty(&dy, [saved.tokens, c]);
        let dpositions = (saved.positions > 0).then(|| empty(&dy, [saved.positions, c]));
        Launch::new("embedding_backward", &[include_str!("embedding_backward.wgsl")])
            .constant("V", saved.tokens)
            .constant("VECTORS", saved.tokens + saved.positions)
            .constant("C", c)
            .read_ids("ids", &ids)
            .read("dy", &dy)
            .write("dtokens", &dtokens)
            .maybe(Launch::write, "dpositions", dpositions.as_ref())
            .sizes(&[b * t, t, saved.start])
            .run_rows(saved.tokens + saved.positions);
        [dtokens].into_iter().chain(dpositions).collect()
    }
}
