//! The `relman` command: parses, runs, exits.

use std::process::ExitCode;

fn main() -> ExitCode {
    relman::cli::run(relman::io::arguments())
}
