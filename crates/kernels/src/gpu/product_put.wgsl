// The end of a product: four outputs of a row, with what is fused into it.
fn put(m: u32, n4: u32, product: vec4<f32>) {
    let at = m * (N / 4) + n4;
    var c = product;
    c += bias[n4]; //? bias
    c += residual[at]; //? residual
    pre[at] = c; //? pre
    c = gelu4(c); //? pre
    y[at] = c;
}
