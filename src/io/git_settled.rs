//! The one list of what every call of git has, so that neither the user's settings nor the repository's change what a call says or
//! runs.
//!
//! Every call is freed of settings that bend its answer. A call that reads runs no program, asks nobody, reaches no network and
//! writes nothing. A call that writes keeps the user's hooks, filters, signatures and identity.

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::path::Path;
use std::process::Command;

/// Settings of every call, in the form of `git -c`.
const SETTLED: [&str; 10] = [
    "i18n.commitEncoding=UTF-8",
    "i18n.logOutputEncoding=UTF-8",
    "core.quotePath=off",
    "color.ui=false",
    "color.advice=false",
    "color.push=false",
    "color.remote=false",
    "color.transport=false",
    // A push sends what the plan names, nothing of another repository.
    "submodule.recurse=false",
    "push.recurseSubmodules=no",
];

/// Further settings of a call that reads.
const READ: [&str; 21] = [
    // What would run a program. Filters have names of their own: see [`neutral_filters`].
    "core.fsmonitor=false",
    "core.hooksPath=/dev/null",
    "core.editor=false",
    "core.sshCommand=false",
    "core.askPass=",
    "core.alternateRefsCommand=",
    "credential.helper=",
    "diff.external=",
    "log.showSignature=false",
    "protocol.allow=never",
    // A repository that lies in a folder of another one is not opened without being named.
    "safe.bareRepository=explicit",
    // A split index must not be rewritten, nor an untracked cache be made, by a call that only reads.
    "core.untrackedCache=keep",
    "diff.autoRefreshIndex=false",
    // What would change an answer.
    "diff.ignoreSubmodules=dirty",
    "diff.orderFile=/dev/null",
    "diff.relative=false",
    "grep.patternType=default",
    "log.follow=false",
    "log.showRoot=true",
    "status.renames=false",
    "status.showStash=false",
];

/// Variables of a call that reads: no lock, no network, no question, and git's own words.
const READ_VARIABLES: [(&str, &str); 8] = [
    ("GIT_OPTIONAL_LOCKS", "0"),
    ("GIT_NO_LAZY_FETCH", "1"),
    // Versions of git that do not know the variable above still ask before they open a connection.
    ("GIT_ALLOW_PROTOCOL", "none"),
    ("GIT_TERMINAL_PROMPT", "0"),
    ("GIT_ASKPASS", "false"),
    ("GIT_EDITOR", "false"),
    // Hints would be among the words of a failure.
    ("GIT_ADVICE", "0"),
    ("LC_ALL", "C"),
];

/// Variables that no call has: they change what paths, attributes, configuration and output mean.
const REMOVED: [&str; 10] = [
    "GIT_LITERAL_PATHSPECS",
    "GIT_GLOB_PATHSPECS",
    "GIT_NOGLOB_PATHSPECS",
    "GIT_ICASE_PATHSPECS",
    "GIT_ATTR_SOURCE",
    "GIT_CONFIG",
    "GIT_DIFF_OPTS",
    "GIT_EXTERNAL_DIFF",
    "GIT_PRINT_SHA1_ELLIPSIS",
    "GIT_REFLOG_ACTION",
];

/// Prepares a call that only reads. Nothing set later may weaken it.
pub(super) fn settle_read(command: &mut Command) {
    command.arg("--no-pager");
    for setting in SETTLED.iter().chain(&READ) {
        command.args(["-c", setting]);
    }
    remove_variables(command);
    command.envs(READ_VARIABLES);
}

/// Prepares a call that writes.
pub(super) fn settle_write(command: &mut Command) {
    for setting in SETTLED {
        command.args(["-c", setting]);
    }
    remove_variables(command);
}

fn remove_variables(command: &mut Command) {
    for name in REMOVED {
        command.env_remove(name);
    }
    // A trace into a file is the user's own; one to standard error would be among git's words.
    for (name, value) in std::env::vars_os() {
        let is_trace = name.to_str().is_some_and(|name| name.starts_with("GIT_TRACE"));
        if is_trace && !Path::new(&value).is_absolute() {
            command.env_remove(name);
        }
    }
}

/// Returns configuration in which these filters run nothing, in the form of `GIT_CONFIG_PARAMETERS`, after the configuration that is
/// there already. A name may hold any character, `=` too, which `-c` cannot take.
pub(super) fn neutral_filters(names: &BTreeSet<Vec<u8>>, existing: Option<OsString>) -> OsString {
    let mut text = existing.map(OsString::into_encoded_bytes).unwrap_or_default();
    for name in names {
        for (key, value) in [("clean", ""), ("smudge", ""), ("process", ""), ("required", "false")] {
            if !text.is_empty() {
                text.push(b' ');
            }
            text.extend_from_slice(b"'filter.");
            for byte in name {
                match byte {
                    b'\'' => text.extend_from_slice(br"'\''"),
                    byte => text.push(*byte),
                }
            }
            text.extend_from_slice(format!(".{key}'='{value}'").as_bytes());
        }
    }
    os_string(text)
}

#[cfg(unix)]
fn os_string(bytes: Vec<u8>) -> OsString {
    std::os::unix::ffi::OsStringExt::from_vec(bytes)
}

#[cfg(not(unix))]
fn os_string(bytes: Vec<u8>) -> OsString {
    String::from_utf8_lossy(&bytes).into_owned().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_filter_of_any_name_is_neutralised() {
        for (name, quoted) in [("lfs", "lfs"), ("a=b c", "a=b c"), ("it's", r"it'\''s")] {
            let names = BTreeSet::from([name.into()]);
            let expected = format!(
                "'filter.{quoted}.clean'='' 'filter.{quoted}.smudge'='' 'filter.{quoted}.process'='' \
                 'filter.{quoted}.required'='false'"
            );
            assert_eq!(neutral_filters(&names, None), OsString::from(&expected));
            let after = format!("'a.b'='c' {expected}");
            assert_eq!(neutral_filters(&names, Some("'a.b'='c'".into())), OsString::from(after));
        }
    }
}
