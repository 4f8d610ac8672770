//! The door to forges: GitHub and GitLab, each behind the same few calls.
//!
//! A token is sent to the forge's own API and upload host, and appears nowhere else. What may have been carried out without an answer
//! is reported as such ([`ForgeError::is_unclear`]) and never repeated blindly: whoever asked for it looks first.

mod address;
mod answer;
mod api_time;
mod client;
mod closes;
mod content_type;
mod error;
mod github;
mod gitlab;
mod open;
mod probe;
mod remote_url;
mod token;

pub use address::{ForgeAddress, ForgeSettings, Located, locate};
pub use error::{Call, ForgeError, ForgeFault};
pub use open::{known_kind, open};
pub use remote_url::RemoteUrl;
pub use token::{TOKEN_VARIABLES, Token, TokenSource, find_token};

use crate::io::{Http, Pace, Payload};
use crate::model::{
    BranchRule, CiJob, CiVariable, ForgeKind, ForgeRelease, ForgeRequest, Milestone, NewRelease, NewRequest,
    ReleaseAsset, ReleaseEdit, RequestEdit, TagRule, TokenFacts, WorkItem,
};
use client::Client;

/// A repository on a forge, with the token for it. Nothing is asked before a method is called, and nothing is remembered.
///
/// All methods return an error if the forge cannot be asked, refuses, or answers in an unexpected form.
#[derive(Clone, Debug)]
pub struct Forge {
    address: ForgeAddress,
    repository: Repository,
}

#[derive(Clone, Debug)]
enum Repository {
    Github(github::Github),
    Gitlab(gitlab::Gitlab),
}

/// Calls the same method of whichever it is.
macro_rules! ask {
    ($forge:expr, $method:ident($($argument:expr),*)) => {
        match &$forge.repository {
            Repository::Github(github) => github.$method($($argument),*),
            Repository::Gitlab(gitlab) => gitlab.$method($($argument),*),
        }
    };
}

#[allow(clippy::missing_errors_doc, reason = "they are those of the type")]
impl Forge {
    /// Returns a forge. Variables of a CI job say which of its runs is relman's own.
    #[must_use]
    pub fn new(
        address: ForgeAddress,
        token: Option<Token>,
        http: Http,
        pace: Pace,
        environment: &dyn Fn(&str) -> Option<String>,
    ) -> Self {
        let client = Client { kind: address.kind, http, api: address.api.clone(), token, pace };
        let repository = match address.kind {
            ForgeKind::Github => Repository::Github(github::Github::new(client, &address.repository, environment)),
            ForgeKind::Gitlab => Repository::Gitlab(gitlab::Gitlab::new(client, &address.repository, environment)),
        };
        Self { address, repository }
    }

    /// Returns the kind of the forge.
    #[must_use]
    pub fn kind(&self) -> ForgeKind {
        self.address.kind
    }

    /// Returns where the forge is.
    #[must_use]
    pub fn address(&self) -> &ForgeAddress {
        &self.address
    }

    /// Returns all milestones, closed ones too; on GitLab also those of the groups above.
    pub fn milestones(&self) -> Result<Vec<Milestone>, ForgeError> {
        ask!(self, milestones())
    }

    /// Returns the open issues and requests of a milestone.
    pub fn open_items(&self, milestone: &Milestone) -> Result<Vec<WorkItem>, ForgeError> {
        ask!(self, open_items(milestone))
    }

    /// Returns what was done in a milestone: merged requests, and issues that were closed because they are done.
    pub fn done_items(&self, milestone: &Milestone) -> Result<Vec<WorkItem>, ForgeError> {
        ask!(self, done_items(milestone))
    }

    /// Returns what was done since a moment, in seconds since 1970, or ever: as [`Forge::done_items`], of all milestones and of none. What
    /// was done before and changed since may be among it.
    pub fn done_since(&self, since: Option<i64>) -> Result<Vec<WorkItem>, ForgeError> {
        ask!(self, done_since(since))
    }

    /// Closes a milestone. One of a group is refused.
    pub fn close_milestone(&self, milestone: &Milestone) -> Result<Milestone, ForgeError> {
        ask!(self, close_milestone(milestone))
    }

    /// Creates a milestone, or returns the one that has this title already, which may be closed.
    pub fn create_milestone(&self, title: &str) -> Result<Milestone, ForgeError> {
        match ask!(self, create_milestone(title)) {
            Err(error) if error.is_taken() => {
                self.milestones()?.into_iter().find(|milestone| milestone.title == title).ok_or(error)
            }
            made => made,
        }
    }

    /// Returns the results of CI for a commit, without those of the run that relman is a part of; none if there was no run at all. On
    /// GitLab the pipeline is the newest of the branch, where one is given.
    pub fn ci(&self, commit: &str, branch: Option<&str>) -> Result<Vec<CiJob>, ForgeError> {
        match &self.repository {
            Repository::Github(github) => github.ci(commit),
            Repository::Gitlab(gitlab) => gitlab.ci(commit, branch),
        }
    }

    /// Returns the results of the CI that the push of a tag on this commit started; none if it started none.
    pub fn tag_pipeline(&self, tag: &str, commit: &str) -> Result<Vec<CiJob>, ForgeError> {
        ask!(self, tag_pipeline(tag, commit))
    }

    /// Returns the releases of a tag, drafts among them.
    pub fn releases(&self, tag: &str) -> Result<Vec<ForgeRelease>, ForgeError> {
        ask!(self, releases(tag))
    }

    /// Returns the release that the forge calls the latest; `None` if there is none.
    pub fn latest_release(&self) -> Result<Option<ForgeRelease>, ForgeError> {
        ask!(self, latest_release())
    }

    /// Creates the release of a tag that was pushed before.
    pub fn create_release(&self, new: &NewRelease) -> Result<ForgeRelease, ForgeError> {
        ask!(self, create_release(new))
    }

    /// Changes a release.
    pub fn update_release(&self, release: &ForgeRelease, edit: &ReleaseEdit) -> Result<ForgeRelease, ForgeError> {
        ask!(self, update_release(release, edit))
    }

    /// Sends a file to a release. GitHub may change its name; GitLab keeps it in a package that the release links to.
    pub fn upload_asset(
        &self,
        release: &ForgeRelease,
        name: &str,
        content: Payload<'_>,
    ) -> Result<ReleaseAsset, ForgeError> {
        ask!(self, upload_asset(release, name, content, content_type::by_name(name)))
    }

    /// Removes an asset; on GitLab the link to it.
    pub fn delete_asset(&self, release: &ForgeRelease, asset: &ReleaseAsset) -> Result<(), ForgeError> {
        match &self.repository {
            Repository::Github(github) => github.delete_asset(asset),
            Repository::Gitlab(gitlab) => gitlab.delete_asset(release, asset),
        }
    }

    /// Returns the requests from one branch of this repository to another, newest first, whatever their states.
    pub fn requests(&self, head: &str, base: &str) -> Result<Vec<ForgeRequest>, ForgeError> {
        ask!(self, requests(head, base))
    }

    /// Creates a request.
    pub fn create_request(&self, new: &NewRequest) -> Result<ForgeRequest, ForgeError> {
        ask!(self, create_request(new))
    }

    /// Changes a request.
    pub fn update_request(&self, request: &ForgeRequest, edit: &RequestEdit) -> Result<ForgeRequest, ForgeError> {
        ask!(self, update_request(request, edit))
    }

    /// Returns what is known of the token.
    pub fn token(&self) -> Result<TokenFacts, ForgeError> {
        ask!(self, token())
    }

    /// Returns the variables and secrets of CI, without their values, of the repository and of whatever is above it and may be seen.
    pub fn variables(&self) -> Result<Vec<CiVariable>, ForgeError> {
        ask!(self, variables())
    }

    /// Returns the patterns of tags that are protected.
    pub fn tag_rules(&self) -> Result<Vec<TagRule>, ForgeError> {
        ask!(self, tag_rules())
    }

    /// Returns the rules of a branch, which need not exist.
    pub fn branch_rules(&self, branch: &str) -> Result<Vec<BranchRule>, ForgeError> {
        ask!(self, branch_rules(branch))
    }
}
