//! [`Verdict`]: what a look at one artifact says of it.

/// What a look at one artifact says of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Verdict {
    pub(super) finding: Finding,
    pub(super) expected: Option<String>,
    pub(super) found: Option<String>,
    pub(super) digest: Option<String>,
    pub(super) help: Option<String>,
}

/// How an artifact is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) enum Finding {
    /// As it should be, perhaps with something to say about it.
    #[default]
    Right,
    /// As it should be, with something to say about it.
    Remarkable(String),
    /// Not there, or not all of it; it may come within the hour.
    Absent(String),
    /// Not there, and it does not take an hour to come.
    Late(String),
    /// On its way.
    Coming(String),
    /// There, and different.
    Different(String),
    /// It could not be looked at.
    Unseen(String),
}

impl Verdict {
    pub(super) fn right() -> Self {
        Self::default()
    }

    pub(super) fn absent(message: impl Into<String>) -> Self {
        Self { finding: Finding::Absent(message.into()), ..Self::default() }
    }

    pub(super) fn different(message: impl Into<String>) -> Self {
        Self { finding: Finding::Different(message.into()), ..Self::default() }
    }

    pub(super) fn of(finding: Finding) -> Self {
        Self { finding, ..Self::default() }
    }

    pub(super) fn expected(self, expected: impl Into<String>) -> Self {
        Self { expected: Some(expected.into()), ..self }
    }

    pub(super) fn found(self, found: impl Into<String>) -> Self {
        Self { found: Some(found.into()), ..self }
    }

    pub(super) fn digest(self, digest: &str) -> Self {
        Self { digest: Some(digest.to_owned()), ..self }
    }
}
