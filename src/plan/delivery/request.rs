//! [`DeliveryRequest`]: what `relman release` is asked for.

/// What goes out, and how far.
#[derive(Clone, Debug, Default)]
pub struct DeliveryRequest {
    /// The tags that are meant; empty: those that the remote lacks, and what HEAD has released.
    pub tags: Vec<String>,
    /// The version of the milestone that is released, as its title spells it.
    pub version: Option<String>,
    /// Whether forge releases stay drafts.
    pub draft: bool,
    /// Whether only what a draft is still to become is done.
    pub publish: bool,
    /// Whether CI's own tag is meant: its forge release and files, nothing else.
    pub from_tag: bool,
    /// The kinds of steps that are done; empty: all.
    pub only: Vec<String>,
    /// The names of the gates that are skipped.
    pub skip: Vec<String>,
    /// The names of the commands of `[[release.run]]` that are done already.
    pub done: Vec<String>,
    /// The names of those that have to run again.
    pub again: Vec<String>,
    /// Whether tags and merges are signed even where git would not.
    pub sign: bool,
    /// Whether any branch, and a detached HEAD, will do.
    pub allow_branch: bool,
}
