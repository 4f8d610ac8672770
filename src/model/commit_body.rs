//! [`CommitBody`]: what the body of a commit message may say.

/// What the body of a commit message may say of a release.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum CommitBody {
    /// Behind a conventional subject only footers; behind any other one, as a squash has it, changes.
    #[default]
    Footers,
    /// Changes, whatever the subject is.
    Lines,
}
