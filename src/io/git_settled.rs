//! The one list of settings for every call of git, so that neither the user's configuration nor the repository's changes what a call
//! answers or runs.
//!
//! Every call drops settings that would distort its answer. A call that reads runs no program, prompts for nothing, uses no network and
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
    // A push sends what the plan names, and nothing from another repository.
    "submodule.recurse=false",
    "push.recurseSubmodules=no",
];

/// Further settings of a call that reads.
const READ: [&str; 21] = [
    // Settings that would run a program. Filters have names of their own: see [`neutral_filters`].
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
    // A repository nested in another one is not opened unless it is named.
    "safe.bareRepository=explicit",
    // A call that only reads must neither rewrite a split index nor create an untracked cache.
    "core.untrackedCache=keep",
    "diff.autoRefreshIndex=false",
    // Settings that would change an answer.
    "diff.ignoreSubmodules=dirty",
    "diff.orderFile=/dev/null",
    "diff.relative=false",
    "grep.patternType=default",
    "log.follow=false",
    "log.showRoot=true",
    "status.renames=false",
    "status.showStash=false",
];

/// Variables of a call that reads: no lock, no network, no prompt, and untranslated messages.
const READ_VARIABLES: [(&str, &str); 8] = [
    ("GIT_OPTIONAL_LOCKS", "0"),
    ("GIT_NO_LAZY_FETCH", "1"),
    // Versions of git without the variable above still check this before they open a connection.
    ("GIT_ALLOW_PROTOCOL", "none"),
    ("GIT_TERMINAL_PROMPT", "0"),
    ("GIT_ASKPASS", "false"),
    ("GIT_EDITOR", "false"),
    // Hints would become part of an error message.
    ("GIT_ADVICE", "0"),
    ("LC_ALL", "C"),
];

/// Variables that are removed from every call: they change the meaning of paths, attributes, configuration and output.
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

/// Prepares a call that only reads. Later settings must not weaken it.
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
    // A trace into a file is the user's business; one to standard error would mix with git's messages.
    for (name, value) in std::env::vars_os() {
        let is_trace = name.to_str().is_some_and(|name| name.starts_with("GIT_TRACE"));
        if is_trace && !Path::new(&value).is_absolute() {
            command.env_remove(name);
        }
    }
}

/// Returns configuration that disables these filters, in the form of `GIT_CONFIG_PARAMETERS`, after the configuration that is
/// there already. A name may contain any character, even `=`, which `-c` cannot express.
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
