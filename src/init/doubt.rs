//! [`Doubt`]: what speaks against a package.

/// What speaks against a package, the weakest reason first.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Doubt {
    /// Its manifests say that it must not be published.
    Private,
    /// It is a file with a version and nothing else.
    Plain,
    /// Its version is 0.0.0.
    Zero,
    /// Another tool's file does not release it, as this text says.
    Ignored(String),
    /// Its folder, as this text says.
    Folder(String),
}

impl Doubt {
    /// Returns the reason in words.
    pub(super) fn why(&self) -> &str {
        match self {
            Self::Private => "it says that it must not be published, and no tags are its own",
            Self::Plain => "no tags are those of this file",
            Self::Zero => "0.0.0 does not look like a released version",
            Self::Ignored(why) | Self::Folder(why) => why,
        }
    }
}
