//! The tags of a run: all objects first, then all refs in one transaction.

use std::collections::BTreeMap;

use super::error::Failure;
use super::journal::{Journal, Progress};
use super::objects;
use super::outward::Made;
use super::pack::ObjectKind;
use super::run_context::RunContext;
use super::signed_tags;
use super::tag_store::with_line_end;
use crate::io::{self, GitError, GitIdentity, Input};
use crate::model::ObjectId;
use crate::plan::Outward;
use crate::plan::TagPlan;

/// What the tags are put on.
pub(super) struct Target<'a> {
    pub(super) commit: &'a str,
    /// Who made it, if the run did: the tags are of the same hand and moment.
    pub(super) committer: Option<GitIdentity>,
}

/// Makes all tags, those that are not there yet. A tag that exists is never moved.
pub(super) fn make(
    work: &RunContext,
    journal: &Journal,
    progress: &mut Progress,
    target: &Target<'_>,
) -> Result<(), Failure> {
    if journal.tags.is_empty() {
        return Ok(());
    }
    if progress.tags.len() != journal.tags.len() {
        progress.tags = make_objects(work, journal, target)?;
        progress.tagging = false;
    }
    // Git makes none where one exists; only those that were begun may be there.
    let existing = if progress.tagging { existing(work)? } else { BTreeMap::new() };
    let mut missing = Vec::new();
    for (tag, object) in journal.tags.iter().zip(&progress.tags) {
        match existing.get(tag.name.as_str()) {
            None => missing.push((tag.name.as_str(), object)),
            Some(found) if found == object.as_str() => {}
            Some(_) => return Err(Failure::TagExists { tag: tag.name.to_string() }),
        }
    }
    let lines = missing.iter().map(|(name, object)| format!("create refs/tags/{name}\0{object}\0"));
    let lines: Vec<String> = lines.collect();
    if lines.is_empty() {
        return Ok(());
    }
    let is_first = !progress.tagging;
    progress.tagging = true;
    // The object of a signed tag cannot be made again, so its id must be known before its ref is there.
    progress.save(work, true)?;
    let run = transaction(work, lines, false)?;
    if run.is_success() {
        return Ok(());
    }
    if is_first && run.code.is_some() {
        // Git took nothing of it, so a tag that is there now was made by somebody else, be it on the same object.
        progress.tagging = false;
        progress.save(work, true)?;
    }
    Err(Failure::NoTags { stderr: run.stderr })
}

/// Takes away those tags that this run made.
pub(super) fn undo(work: &RunContext, journal: &Journal, progress: &Progress) -> Result<(), Failure> {
    if !progress.tagging {
        return Ok(());
    }
    let existing = existing(work)?;
    let pairs = journal.tags.iter().zip(&progress.tags);
    let ours =
        pairs.filter(|(tag, object)| existing.get(tag.name.as_str()).is_some_and(|found| found == object.as_str()));
    let lines: Vec<String> = ours.map(|(tag, object)| format!("delete refs/tags/{}\0{object}\0", tag.name)).collect();
    if !lines.is_empty() {
        transaction(work, lines, true)?.ok()?;
    }
    Ok(())
}

/// Deletes those tags of a run that were still to be pushed, whoever made them, if they are where they were.
pub(super) fn delete_unsent(work: &RunContext, journal: &Journal, progress: &Progress) -> Result<(), Failure> {
    let made = Made { journal, progress };
    let pushed = journal.outward.iter().filter_map(|step| match &step.action {
        Outward::Push(push) => Some(&push.tags),
        _ => None,
    });
    let existing = existing(work)?;
    let unsent = pushed.flatten().filter_map(|name| Some((name, made.tag(name)?)));
    let there = unsent.filter(|(name, object)| existing.get(name.as_str()).is_some_and(|at| at == object.as_str()));
    let lines: Vec<String> = there.map(|(name, object)| format!("delete refs/tags/{name}\0{object}\0")).collect();
    if !lines.is_empty() {
        transaction(work, lines, true)?.ok()?;
    }
    Ok(())
}

fn existing(work: &RunContext) -> Result<BTreeMap<String, String>, GitError> {
    let refs = work.git.refs(&["refs/tags"])?;
    let tags =
        refs.into_iter().filter_map(|found| Some((found.name.strip_prefix("refs/tags/")?.to_owned(), found.oid)));
    Ok(tags.collect())
}

fn transaction(work: &RunContext, lines: Vec<String>, quietly: bool) -> Result<io::GitRun, Failure> {
    let mut text = String::from("start\0");
    text.extend(lines);
    // Without its last word git takes nothing of it.
    text.push_str("prepare\0commit\0");
    let file = work.spool("refs", text.as_bytes())?;
    let args = ["update-ref", "-z", "--stdin"];
    let input = Input::File(&file);
    Ok(if quietly { work.write_quietly(&args, input)? } else { work.git.try_write(&args, input)? })
}

/// Makes the tag objects, in the order of the tags.
fn make_objects(work: &RunContext, journal: &Journal, target: &Target<'_>) -> Result<Vec<ObjectId>, Failure> {
    let objects = if journal.tags.iter().any(|tag| tag.sign) {
        signed_tags::objects(work, journal, target.commit)?
    } else {
        unsigned(work, journal, target)?
    };
    if objects.len() != journal.tags.len() {
        return Err(Failure::BadPlan(format!("git made {} of {} tag objects", objects.len(), journal.tags.len())));
    }
    let ids = objects.into_iter().map(ObjectId::new).collect::<Result<_, _>>();
    ids.map_err(|error| Failure::BadPlan(format!("of a tag object git says: {error}")))
}

/// Has git make all objects by one call.
fn unsigned(work: &RunContext, journal: &Journal, target: &Target<'_>) -> Result<Vec<String>, Failure> {
    let GitIdentity(tagger) = match &target.committer {
        Some(committer) => committer.clone(),
        None => work.git.identity()?,
    };
    let text = |tag: &TagPlan| {
        let message = with_line_end(&tag.message);
        format!("object {}\ntype commit\ntag {}\ntagger {tagger}\n\n{message}", target.commit, tag.name)
    };
    objects::store(work, ObjectKind::Tag, target.commit, journal.tags.iter().map(text))
}
