// Rows are read four numbers at a time where their length allows it, else one at a time.
alias Numbers = vec4<f32>; //? FOURS
alias Numbers = f32; //! FOURS

fn add_up(x: Numbers) -> f32 {
    return dot(x, vec4(1.0)); //? FOURS
    return x; //! FOURS
}

fn inner(x: Numbers, y: Numbers) -> f32 {
    return dot(x, y); //? FOURS
    return x * y; //! FOURS
}
