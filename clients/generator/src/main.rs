//! Writes `clients/rust/src/generated.rs` from the checked-in OpenAPI document.
//!
//! `cargo run -p concilia-client-generator` rewrites it; `-- --check` fails when it is not what would be written.

mod generate;
mod projection;

use std::path::PathBuf;
use std::process::ExitCode;

type Failure = Box<dyn std::error::Error>;

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("concilia-client-generator: {failure}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<(), Failure> {
    let arguments = Arguments::parse(std::env::args().skip(1))?;
    let document = std::fs::read_to_string(&arguments.document)
        .map_err(|error| format!("{}: {error}", arguments.document.display()))?;
    let code = generate::client(&document)?;
    let target = &arguments.target;
    if !arguments.check {
        std::fs::write(target, code).map_err(|error| format!("{}: {error}", target.display()))?;
    } else if std::fs::read_to_string(target).ok().as_deref() != Some(&code) {
        return Err(format!(
            "{} is stale: run `cargo run -p concilia-client-generator` and commit the result",
            target.display()
        )
        .into());
    }
    Ok(())
}

struct Arguments {
    check: bool,
    document: PathBuf,
    target: PathBuf,
}

impl Arguments {
    /// `[--check] [document [target]]`
    fn parse(arguments: impl Iterator<Item = String>) -> Result<Self, Failure> {
        let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..");
        let (flags, mut paths): (Vec<_>, Vec<_>) = arguments.partition(|argument| argument.starts_with("--"));
        if let Some(unknown) = flags.iter().find(|flag| *flag != "--check") {
            return Err(format!("unknown option {unknown}; usage: [--check] [document [target]]").into());
        }
        let mut paths = paths.drain(..).map(PathBuf::from);
        Ok(Self {
            check: !flags.is_empty(),
            document: paths.next().unwrap_or_else(|| root.join("openapi/concilia.json")),
            target: paths.next().unwrap_or_else(|| root.join("clients/rust/src/generated.rs")),
        })
    }
}
