//! [`PreStage`] and [`StagePolicy`]: the series of prereleases that a workspace knows.

/// The label of a prerelease series: `alpha`, `beta`, `rc`, or one of `[workspace] stages`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct PreStage(String);

impl PreStage {
    /// Returns the label.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The stages of a workspace and the number at which a series starts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StagePolicy {
    labels: Vec<String>,
    first: u64,
}

impl Default for StagePolicy {
    fn default() -> Self {
        Self::new(&[], 1)
    }
}

impl StagePolicy {
    /// Returns `alpha`, `beta`, `rc` and the workspace's own labels, whose series start at `first`.
    ///
    /// A label that [`is_label`](Self::is_label) refuses is left out; the reader of relman.toml has reported it.
    #[must_use]
    pub fn new(own: &[String], first: u64) -> Self {
        let built_in = ["alpha", "beta", "rc"].map(str::to_owned);
        let mut labels: Vec<String> =
            built_in.into_iter().chain(own.iter().filter(|l| Self::is_label(l)).cloned()).collect();
        labels.sort();
        labels.dedup();
        Self { labels, first }
    }

    /// Returns `true` if the text can be the label of a series: one identifier of SemVer 2.0.0 (letters, digits, hyphens) that is not
    /// a number.
    #[must_use]
    pub fn is_label(text: &str) -> bool {
        let plain = text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
        plain && !text.bytes().all(|b| b.is_ascii_digit())
    }

    /// Returns the stage with this label.
    #[must_use]
    pub fn stage(&self, label: &str) -> Option<PreStage> {
        self.labels.iter().find(|known| *known == label).map(|known| PreStage(known.clone()))
    }

    /// Returns the number at which a series starts.
    pub(super) fn first(&self) -> u64 {
        self.first
    }

    /// Returns every label, in SemVer's order.
    #[must_use]
    pub fn labels(&self) -> &[String] {
        &self.labels
    }
}
