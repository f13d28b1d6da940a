//! Writes the JavaScript bindings of a compiled WebAssembly module and, on request, a second one for engines
//! with relaxed SIMD (`fused.rs`): `tadpole-bindgen INPUT.wasm OUTPUT_FOLDER NAME [--fused]`. Output is an ES
//! module for browsers with TypeScript declarations, without function names or producers. Cargo.lock pins the
//! library to the version of the `wasm-bindgen` crate, as the two must match exactly.

mod fused;

use std::{env, fs, path::Path, process::ExitCode};

use wasm_bindgen_cli_support::Bindgen;

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let (input, output, name, fused) = match arguments.as_slice() {
        [input, output, name] => (input, output, name, false),
        [input, output, name, flag] if flag == "--fused" => (input, output, name, true),
        _ => {
            eprintln!("usage: tadpole-bindgen INPUT.wasm OUTPUT_FOLDER NAME [--fused]");
            return ExitCode::from(2);
        }
    };
    let output = Path::new(output);
    let write_second = || if fused { write_fused(output, name) } else { Ok(()) };
    match write_bindings(Path::new(input), output, name).and_then(|()| write_second()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("tadpole-bindgen: {message}");
            ExitCode::FAILURE
        }
    }
}

fn write_bindings(input: &Path, output: &Path, name: &str) -> Result<(), String> {
    let bytes = fs::read(input).map_err(|error| format!("cannot read {}: {error}", input.display()))?;
    Bindgen::new()
        .input_bytes(name, bytes)
        .web(true)
        .map_err(|error| format!("cannot aim at browsers: {error:#}"))?
        .typescript(true)
        // `init()` without arguments then fetches the module from the script's folder.
        .omit_default_module_path(false)
        .remove_name_section(true)
        .remove_producers_section(true)
        .generate(output)
        .map_err(|error| format!("cannot bind {} into {}: {error:#}", input.display(), output.display()))
}

fn write_fused(output: &Path, name: &str) -> Result<(), String> {
    let [plain, fused] = ["", "_fused"].map(|kind| output.join(format!("{name}{kind}_bg.wasm")));
    let bytes = fs::read(&plain).map_err(|error| format!("cannot read {}: {error}", plain.display()))?;
    let (module, pairs) = fused::fuse(&bytes)?;
    if pairs == 0 {
        return Err("the module multiplies and adds no vectors: was it compiled without simd128?".into());
    }
    println!("{pairs} products fused with their sums for engines with relaxed SIMD");
    fs::write(&fused, module).map_err(|error| format!("cannot write {}: {error}", fused.display()))
}
