//! A sample repository: files and commits that are the same on every machine.

use std::path::Path;

use crate::io::{self, EnvOverrides, FileError, Git, GitError, Input};

/// Why the sample was not made.
#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    /// A file or a folder.
    #[error(transparent)]
    File(#[from] FileError),
    /// Git.
    #[error(transparent)]
    Git(#[from] GitError),
}

/// A commit of a sample's history.
#[derive(Clone, Debug)]
pub struct SampleCommit {
    /// The files that it writes, by their paths in the repository, and their texts.
    pub files: Vec<(String, String)>,
    /// Its message.
    pub message: String,
    /// Its time, in seconds since 1970.
    pub time: i64,
    /// The annotated tags on it.
    pub tags: Vec<String>,
}

/// Settings of the sample's own, so that neither commits nor tags depend on the user's: nobody's identity, no signature, no hook.
const SETTINGS: [(&str, &str); 8] = [
    ("user.name", "Sam Sample"),
    ("user.email", "sam@example.org"),
    ("commit.gpgSign", "false"),
    ("tag.gpgSign", "false"),
    ("tag.forceSignAnnotated", "false"),
    ("core.hooksPath", ".git/hooks"),
    ("core.autocrlf", "false"),
    ("core.excludesFile", ""),
];

/// Variables of the environment that would lead git elsewhere.
pub const REDIRECTING_VARIABLES: [&str; 5] =
    ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY", "GIT_COMMON_DIR"];

/// Returns the variables under which a git child makes the same commit everywhere.
#[must_use]
pub fn sample_environment(time: i64) -> EnvOverrides {
    let date = format!("@{time} +0000");
    let mut extra: EnvOverrides = Vec::new();
    for role in ["AUTHOR", "COMMITTER"] {
        for (what, value) in [("NAME", "Sam Sample"), ("EMAIL", "sam@example.org"), ("DATE", date.as_str())] {
            extra.push((format!("GIT_{role}_{what}").into(), Some(value.into())));
        }
    }
    for name in ["GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM"] {
        extra.push((name.into(), Some("/dev/null".into())));
    }
    extra.push(("GIT_CONFIG_NOSYSTEM".into(), Some("1".into())));
    extra.push(("GIT_DEFAULT_HASH".into(), Some("sha1".into())));
    for name in ["GIT_CONFIG_COUNT", "GIT_CONFIG_PARAMETERS", "GIT_TEMPLATE_DIR"].iter().chain(&REDIRECTING_VARIABLES) {
        extra.push(((*name).into(), None));
    }
    extra
}

/// Returns `true` if a sample may be made in a folder: it is not there, or empty.
///
/// # Errors
/// Returns an error if that cannot be seen.
pub fn is_free(folder: &Path) -> Result<bool, DemoError> {
    Ok(match io::kind(folder)? {
        io::Kind::Missing => true,
        io::Kind::Directory => io::read_dir(folder)?.is_empty(),
        _ => false,
    })
}

/// Makes a repository with this history in a folder that [`is_free`].
///
/// # Errors
/// Returns an error if a file cannot be written or git fails.
pub fn make_repository(folder: &Path, commits: &[SampleCommit]) -> Result<(), DemoError> {
    io::create_dirs(folder)?;
    let start = commits.first().map_or(0, |commit| commit.time);
    let git = Git::init(folder, "main", sample_environment(start))?;
    for (name, value) in SETTINGS {
        git.try_write(&["config", name, value], Input::Nothing)?.ok()?;
    }
    commits.iter().try_for_each(|commit| make_commit(folder, &git, commit))
}

/// Makes these commits in a sample that is there already.
///
/// # Errors
/// Returns an error if a file cannot be written or git fails.
pub fn add_commits(folder: &Path, commits: &[SampleCommit]) -> Result<(), DemoError> {
    let git = Git::discover_with(folder, sample_environment(0))?;
    commits.iter().try_for_each(|commit| make_commit(folder, &git, commit))
}

fn make_commit(folder: &Path, git: &Git, commit: &SampleCommit) -> Result<(), DemoError> {
    for (path, text) in &commit.files {
        write_sample(folder, path, text)?;
    }
    let git = git.with_env(sample_environment(commit.time));
    let run = |args: &[&str]| -> Result<(), DemoError> { Ok(git.try_write(args, Input::Nothing)?.ok().map(drop)?) };
    run(&["add", "--all"])?;
    run(&["commit", "--quiet", "--message", &commit.message])?;
    for tag in &commit.tags {
        run(&["tag", "--annotate", "--message", &format!("Release {tag}"), tag])?;
    }
    Ok(())
}

/// Writes one file of a sample, as its owner would with an editor.
///
/// # Errors
/// Returns an error if it cannot be written.
pub fn write_sample(folder: &Path, path: &str, text: &str) -> Result<(), DemoError> {
    let path = folder.join(path);
    if let Some(home) = path.parent() {
        io::create_dirs(home)?;
    }
    Ok(io::write_file(&path, text.as_bytes())?)
}
