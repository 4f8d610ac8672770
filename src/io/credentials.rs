//! Tokens that other programs keep: `gh`, and git's credential helpers. They are asked without a prompt.

use std::io::{Read, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use super::command_group::Group;
use super::git_process::{EnvOverrides, write_command};
use super::program::find_program;
use crate::model::Secret;

/// A helper that asks somebody, or waits for a network, is given up.
const LIMIT: Duration = Duration::from_secs(10);
const TICK: Duration = Duration::from_millis(5);
/// More than any token has.
const LONGEST: u64 = 64 * 1024;

/// Returns the token that `gh` keeps for a host; `None` if it is not installed or keeps none.
#[must_use]
pub fn gh_token(host: &str, dir: &Path) -> Option<Secret> {
    find_program("gh", dir)?;
    let mut command = Command::new("gh");
    command.args(["auth", "token", "--hostname", host]).current_dir(dir).env("GH_PROMPT_DISABLED", "1");
    let answer = ask(command, b"")?;
    let token = answer.trim();
    (!token.is_empty()).then(|| Secret::new(token.to_owned()))
}

/// Returns the password that git's credential helpers keep for a host, which may have a port; `None` if they keep none.
#[must_use]
pub fn git_password(protocol: &str, host: &str, dir: &Path) -> Option<Secret> {
    let args = ["-c", "core.askPass=", "-c", "credential.interactive=false", "credential", "fill"];
    let mut command = write_command(dir, &EnvOverrides::new(), &args);
    command.env("GIT_TERMINAL_PROMPT", "0").env("GCM_INTERACTIVE", "never");
    command.env_remove("GIT_ASKPASS").env_remove("SSH_ASKPASS");
    let question = format!("protocol={protocol}\nhost={host}\n\n");
    let answer = ask(command, question.as_bytes())?;
    let password = answer.lines().find_map(|line| line.strip_prefix("password="))?;
    (!password.is_empty()).then(|| Secret::new(password.to_owned()))
}

/// Runs a command and returns what it prints; `None` if it fails, or takes too long.
fn ask(mut command: Command, input: &[u8]) -> Option<String> {
    let (reader, writer) = std::io::pipe().ok()?;
    command.stdin(Stdio::piped()).stdout(writer).stderr(Stdio::null());
    let mut group = Group::spawn(&mut command).ok()?;
    drop(command);
    group.take_stdin()?.write_all(input).ok()?;
    let answer = std::thread::spawn(move || {
        let mut text = String::new();
        reader.take(LONGEST).read_to_string(&mut text).map(|_| text)
    });
    let started = Instant::now();
    let status = loop {
        match group.try_wait().ok()? {
            Some(status) => break status,
            None if started.elapsed() > LIMIT => {
                group.kill();
                let _ = group.wait();
                return None;
            }
            None => std::thread::sleep(TICK),
        }
    };
    // A helper that stays, as a cache does, may keep the output open; then it has said nothing that could be waited for.
    while !answer.is_finished() {
        if started.elapsed() > LIMIT {
            return None;
        }
        std::thread::sleep(TICK);
    }
    let text = answer.join().ok()?.ok()?;
    status.success().then_some(text)
}
