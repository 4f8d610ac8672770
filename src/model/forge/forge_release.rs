//! [`ForgeRelease`] with its [`ReleaseAsset`]s, and what is asked for: [`NewRelease`], [`ReleaseEdit`].

use serde::{Deserialize, Serialize};

/// A release on a forge.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct ForgeRelease {
    /// What the paths of the API want: a number on GitHub, the tag on GitLab.
    pub id: String,
    /// The tag.
    pub tag: String,
    /// The title.
    pub name: String,
    /// The text, with the line ends that the forge returned.
    pub body: String,
    /// Whether only people with push access see it.
    pub is_draft: bool,
    /// Whether it is marked as a prerelease. GitLab has no such mark.
    pub is_prerelease: bool,
    /// Whether its assets and its tag cannot be changed any more.
    pub is_immutable: bool,
    /// The address for people.
    pub url: String,
    /// Where GitHub says that files are sent; used only where it belongs to the API.
    #[serde(default)]
    pub upload_url: Option<String>,
    /// The commit: on GitLab that of the tag; on GitHub what the tag is to be made at if it does not exist, where that is a commit.
    pub commit: Option<String>,
    /// When it was, or is to be, released, in the forge's notation of ISO 8601; `None` for a draft.
    pub released_at: Option<String>,
    /// The files.
    pub assets: Vec<ReleaseAsset>,
}

impl ForgeRelease {
    /// Returns `true` if the text is this one, however its lines end: GitHub returns CR LF for what was sent as LF.
    #[must_use]
    pub fn has_body(&self, body: &str) -> bool {
        let lines = |text: &str| text.replace("\r\n", "\n").trim_end().to_owned();
        lines(&self.body) == lines(body)
    }

    /// Returns the asset that a file of this name has become, if there is one. GitHub replaces characters in names.
    #[must_use]
    pub fn asset(&self, name: &str) -> Option<&ReleaseAsset> {
        let rewritten = ReleaseAsset::github_name(name);
        let exact = self.assets.iter().find(|asset| asset.name == name);
        exact.or_else(|| self.assets.iter().find(|asset| asset.name == rewritten))
    }
}

/// Returns the second before a time in ISO 8601; `None` if it cannot be read.
#[must_use]
pub fn second_before(time: &str) -> Option<String> {
    let time: jiff::Timestamp = time.parse().ok()?;
    Some(time.checked_sub(jiff::SignedDuration::from_secs(1)).ok()?.to_string())
}

/// A file of a release.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct ReleaseAsset {
    /// What the paths of the API want.
    pub id: u64,
    /// The name.
    pub name: String,
    /// The size in bytes; 0 if the forge does not know it.
    pub size: u64,
    /// The SHA-256 in lower-case hexadecimal; `None` if the forge does not know it.
    pub sha256: Option<String>,
    /// Whether the upload was completed. Half an asset has to be deleted before its name can be used again.
    pub is_complete: bool,
    /// The address from which it is downloaded.
    pub url: String,
}

impl ReleaseAsset {
    /// Returns the name under which GitHub lists a file: whatever is not a letter, a digit or one of `.-_+@` becomes a dot, dots are
    /// neither next to each other nor at an end, and where that leaves only an extension, `default.` is put before it.
    #[must_use]
    pub fn github_name(name: &str) -> String {
        let keep = |c: char| c.is_ascii_alphanumeric() || "-_+@".contains(c);
        let parts: Vec<&str> = name.split(|c: char| !keep(c)).filter(|part| !part.is_empty()).collect();
        let rewritten = parts.join(".");
        let is_bare = name.starts_with('.') || (rewritten != name && !rewritten.contains('.'));
        if is_bare { format!("default.{rewritten}") } else { rewritten }
    }
}

/// A release that is to be created.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct NewRelease {
    /// The tag, which exists on the forge already.
    pub tag: String,
    /// The title.
    pub name: String,
    /// The text.
    pub body: String,
    /// Whether it is hidden at first. GitLab has no drafts: there it is visible at once.
    pub draft: bool,
    /// Whether it is marked as a prerelease.
    pub prerelease: bool,
    /// Whether it becomes the latest one; `None` leaves that to the forge. GitLab goes by `released_at` alone.
    pub latest: Option<bool>,
    /// GitLab: when it counts as released, in ISO 8601; `None` for now.
    pub released_at: Option<String>,
    /// GitLab: the titles of its milestones.
    pub milestones: Vec<String>,
}

/// What changes in a release; `None` leaves a field as it is. The tag is never changed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct ReleaseEdit {
    /// The title.
    pub name: Option<String>,
    /// The text.
    pub body: Option<String>,
    /// `false` publishes a draft.
    pub draft: Option<bool>,
    /// Whether it is marked as a prerelease.
    pub prerelease: Option<bool>,
    /// Whether it becomes the latest one. GitHub would make any published release the latest if it were not said each time:
    /// here `None` is no.
    pub latest: Option<bool>,
    /// GitLab: when it counts as released, in ISO 8601.
    pub released_at: Option<String>,
    /// GitLab: the titles of its milestones, all of them.
    pub milestones: Option<Vec<String>>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bodies_are_compared_whatever_their_line_ends() {
        let release = |body: &str| ForgeRelease {
            id: "1".to_owned(),
            tag: "v1".to_owned(),
            name: String::new(),
            body: body.to_owned(),
            is_draft: true,
            is_prerelease: false,
            is_immutable: false,
            url: String::new(),
            upload_url: None,
            commit: None,
            released_at: None,
            assets: Vec::new(),
        };
        assert!(release("a\r\nb\r\n").has_body("a\nb\n"));
        assert!(release("a\nb").has_body("a\nb\n"));
        assert!(!release("a b").has_body("a\nb"));
    }

    #[test]
    fn names_as_github_lists_them() {
        let cases = [
            ("relman-0.1.0-py3-none-any.whl", "relman-0.1.0-py3-none-any.whl"),
            ("a b (1).txt", "a.b.1.txt"),
            ("a+b@c_d.tar.gz", "a+b@c_d.tar.gz"),
            ("sch\u{f6}n.txt", "sch.n.txt"),
            (".env", "default.env"),
            ("LICENSE", "LICENSE"),
        ];
        for (name, expected) in cases {
            assert_eq!(ReleaseAsset::github_name(name), expected, "{name}");
        }
    }
}
