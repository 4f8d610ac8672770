//! What is damaged in a repository, recognised by the error messages of git.

use super::git_process::GitError;

/// A repository that git cannot read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GitFault {
    /// What cannot be read, and git's own message.
    pub message: String,
    /// What to do about it.
    pub help: &'static str,
}

/// A kind of damage.
struct Kind {
    /// Messages of git for it, untranslated, as every call that reads gets them. One of them is enough.
    words: &'static [&'static str],
    what: &'static str,
    help: &'static str,
}

const KINDS: [Kind; 6] = [
    Kind {
        words: &["Permission denied"],
        what: "git is not allowed to read a file of the repository",
        help: "give this user the right to read it, or run relman as the user that owns the repository",
    },
    Kind {
        words: &["bad config", "config value", "configuration files", "core.repositoryformatversion", "repo version"],
        what: "git cannot read its configuration",
        help: "correct the line in the file that git names, or remove it",
    },
    Kind {
        words: &["index file", "unordered stage entries", "index entries"],
        what: "git cannot read the index",
        help: "move the file that `git rev-parse --git-path index` prints away, then run `git reset`: it rebuilds the index from HEAD, \
               and what was staged has to be staged again",
    },
    Kind {
        words: &["packed-refs"],
        what: "git cannot read the packed refs",
        help: "correct the line in that file, or remove it; `git fetch --tags` brings tags back",
    },
    Kind {
        words: &["could not fetch", "lazy fetching", "promisor"],
        what: "this is a partial clone, and an object that is needed was not fetched",
        help: "`git fetch --refetch` brings all objects of the clone's filter; relman fetches nothing by itself when it reads",
    },
    Kind {
        words: &[
            "bad object",
            "bad tree object",
            "not a tree object",
            "Could not read",
            "nable to read",
            "could not parse",
            "unable to find",
            "loose object",
            "object file",
            "invalid object",
            "missing object",
            "corrupt",
        ],
        what: "an object of the repository is missing or damaged",
        help: "`git fsck` lists all of them; `git fetch --refetch` fetches them again; or clone the repository again",
    },
];

impl GitError {
    /// Returns what to do about it, where the message does not say it.
    #[must_use]
    pub fn help(&self) -> Option<&'static str> {
        match self {
            Self::NoSuchFolder { .. } => Some("`-C DIR` names the folder to start in, relative to the current one"),
            Self::NotARepository { .. } => {
                Some("go to a folder of the repository, or name one with `-C DIR`; `git init` makes a new one")
            }
            _ => None,
        }
    }

    /// Returns what is damaged in the repository, if that made git fail; `None` for any other failure.
    #[must_use]
    pub fn fault(&self) -> Option<GitFault> {
        let Self::Failed { stderr, .. } = self else { return None };
        if stderr.contains("remote repository") {
            // A refusal by a server or the network is not damage.
            return None;
        }
        let kind = KINDS.iter().find(|kind| kind.words.iter().any(|words| stderr.contains(words)))?;
        let is_said = |line: &&str| !line.is_empty() && !line.starts_with("hint:");
        let said: Vec<&str> = stderr.lines().map(str::trim).filter(is_said).collect();
        Some(GitFault { message: format!("{}: {}", kind.what, said.join("; ")), help: kind.help })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_damage_has_words_and_a_remedy_of_its_own() {
        let table = [
            ("fatal: bad config line 6 in file .git/config", Some("its configuration")),
            ("fatal: bad boolean config value 'maybe' for 'core.autocrlf'", Some("its configuration")),
            ("fatal: .git/index: index file smaller than expected", Some("the index")),
            ("error: bad signature 0x67617262\nfatal: index file corrupt", Some("the index")),
            ("fatal: unexpected line in .git/packed-refs: garbage", Some("the packed refs")),
            ("fatal: unable to access '.git/config': Permission denied", Some("not allowed")),
            (
                "warning: '.git/config': Permission denied\nfatal: unknown error occurred while reading the configuration files",
                Some("not allowed"),
            ),
            ("fatal: could not fetch abc from promisor remote", Some("partial clone")),
            ("fatal: bad object HEAD", Some("missing or damaged")),
            ("error: Could not read 8a06", Some("missing or damaged")),
            ("fatal: not a valid ref", None),
            ("git@example.com: Permission denied (publickey).\nfatal: Could not read from remote repository.", None),
        ];
        for (stderr, expected) in table {
            let error = GitError::Failed { args: "x".to_owned(), code: Some(128), stderr: stderr.to_owned() };
            let fault = error.fault();
            assert_eq!(fault.is_some(), expected.is_some(), "{stderr}");
            assert!(fault.is_none_or(|fault| expected.is_some_and(|words| fault.message.contains(words))), "{stderr}");
        }
    }
}
