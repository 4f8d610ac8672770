//! [`CommitBody`]: what the body of a commit message may say.

/// What the body of a commit message may say of a release.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum CommitBody {
    /// After a conventional subject, only footers; after any other subject, as in a squash, changes.
    #[default]
    Footers,
    /// Changes, whatever the subject is.
    Lines,
}
