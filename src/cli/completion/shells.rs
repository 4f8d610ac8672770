//! The shells that can ask, and the script that each of them reads.

use std::ffi::OsString;
use std::io::{Result, Write};
use std::path::Path;

use clap_complete::env::{self, Elvish, EnvCompleter, Fish, Powershell};

use crate::io::variable;

/// The variable by which a script asks: the name of its shell.
const VARIABLE: &str = "RELMAN_COMPLETE";

const NAME: &str = "relman";

static SHELLS: [&(dyn EnvCompleter + Sync); 5] = [&BASH, &Elvish, &Fish, &Powershell, &ZSH];

/// Returns the shell whose script started this process, which passes `--` and the words of a line; `None` in any other run.
pub(in crate::cli) fn asking_shell(args: &[OsString]) -> Option<&'static dyn EnvCompleter> {
    let is_question = args.get(1).is_some_and(|arg| arg == "--");
    of_name(&variable(VARIABLE).filter(|_| is_question)?)
}

/// Returns the script of a shell: it runs the `relman` on the path whenever words are to be completed.
pub(in crate::cli) fn registration(shell: &str) -> Result<String> {
    let mut script = Vec::new();
    if let Some(shell) = of_name(shell) {
        shell.write_registration(VARIABLE, NAME, NAME, NAME, &mut script)?;
    }
    Ok(String::from_utf8_lossy(&script).trim().to_owned() + "\n")
}

fn of_name(name: &str) -> Option<&'static dyn EnvCompleter> {
    SHELLS.iter().find(|shell| shell.is(name)).map(|shell| *shell as &dyn EnvCompleter)
}

/// A shell whose answers are as clap_complete writes them, and whose script is another one.
struct OwnScript {
    shell: &'static (dyn EnvCompleter + Sync),
    script: fn(&str, &mut dyn Write) -> Result<()>,
}

/// Bash cuts words at `=`, `:` and `@`, of which names, tags and levels have some: its script puts them together again.
static BASH: OwnScript = OwnScript { shell: &env::Bash, script: |_, out| out.write_all(include_bytes!("relman.bash")) };

/// The script of zsh is sourced, or is a file `_relman` that zsh loads at the first use and runs then.
static ZSH: OwnScript = OwnScript {
    shell: &env::Zsh,
    script: |variable, out| {
        env::Zsh.write_registration(variable, NAME, NAME, NAME, out)?;
        writeln!(out, "[[ $funcstack[1] == _{NAME} ]] && _clap_dynamic_completer_{NAME}")
    },
};

impl EnvCompleter for OwnScript {
    fn name(&self) -> &'static str {
        self.shell.name()
    }

    fn is(&self, name: &str) -> bool {
        self.shell.is(name)
    }

    fn write_registration(&self, variable: &str, _: &str, _: &str, _: &str, out: &mut dyn Write) -> Result<()> {
        (self.script)(variable, out)
    }

    fn write_complete(
        &self,
        line: &mut clap::Command,
        words: Vec<OsString>,
        folder: Option<&Path>,
        out: &mut dyn Write,
    ) -> Result<()> {
        self.shell.write_complete(line, words, folder, out)
    }
}

#[cfg(test)]
mod tests {
    use clap::ValueEnum;
    use clap_complete::Shell;

    use super::registration;

    #[test]
    fn every_shell_has_a_script_that_asks_relman() {
        for shell in Shell::value_variants() {
            let script = registration(&shell.to_string()).unwrap();
            assert!(script.contains("RELMAN_COMPLETE") && script.contains("relman --"), "{shell}: {script}");
        }
    }
}
