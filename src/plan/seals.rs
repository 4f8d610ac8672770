//! The checksums of lock files, which follow from the edits of their manifests and their own.

use super::file_changes::{FileChange, FileChanges};
use crate::manifest::{Scalar, Seal, SealChange, Sealed};
use crate::model::RepoPath;
use crate::workspace::{SourceFile, Workspace};

/// A lock file with its checksum, and the manifest that this is over.
struct SealedLock<'a> {
    lock: &'a SourceFile,
    seal: &'a Seal,
    manifest: &'a SourceFile,
}

impl SealedLock<'_> {
    /// Returns what becomes of the checksum; `None` if neither text changes.
    fn change(&self, text_after: &dyn Fn(&RepoPath) -> Option<String>) -> Option<SealChange> {
        let (manifest, lock) = (text_after(&self.manifest.path), text_after(&self.lock.path));
        if manifest.is_none() && lock.is_none() {
            return None;
        }
        let old = Sealed { manifest: &self.manifest.text, lock: &self.lock.text };
        let new =
            Sealed { manifest: manifest.as_deref().unwrap_or(old.manifest), lock: lock.as_deref().unwrap_or(old.lock) };
        Some(self.seal.change(old, new))
    }
}

/// Returns the places of checksums with their new values, and those of the times beside them with the begin of the day `today`.
/// `text_after` returns the new text of a file, or `None` if it does not change.
pub(super) fn renewed_seals<'a>(
    workspace: &'a Workspace,
    today: &str,
    text_after: &dyn Fn(&RepoPath) -> Option<String>,
) -> Vec<(&'a RepoPath, &'a Scalar, String)> {
    let mut renewed = Vec::new();
    for sealed in sealed_locks(workspace) {
        // A lock whose seal stays, or cannot be renewed, is not written; the latter is refused elsewhere.
        let Some(SealChange::Renewed(checksum)) = sealed.change(text_after) else { continue };
        let path = &sealed.lock.path;
        renewed.push((path, &sealed.seal.checksum, checksum));
        renewed.extend(sealed.seal.locked_at.iter().map(|time| (path, time, format!("{today}T00:00:00Z"))));
    }
    renewed
}

/// Returns a sentence for each checksum that does not fit the new texts.
pub(super) fn stale_seals(workspace: &Workspace, files: &FileChanges) -> Vec<String> {
    let text_after = |path: &RepoPath| match files.get(path)? {
        FileChange::Edit { edits, .. } => edits.apply(&workspace.files.get(path)?.text).ok(),
        FileChange::Create { .. } | FileChange::Delete { .. } => None,
    };
    let stale = sealed_locks(workspace).filter(|sealed| sealed.change(&text_after) == Some(SealChange::Unknown));
    let sentence = |sealed: SealedLock<'_>| {
        let (path, manifest, command) = (&sealed.lock.path, sealed.seal.manifest, sealed.seal.command());
        format!("{path}: its checksum did not fit {manifest} before and stays as it is; `{command}` renews it")
    };
    stale.map(sentence).collect()
}

fn sealed_locks(workspace: &Workspace) -> impl Iterator<Item = SealedLock<'_>> {
    workspace.files.values().filter_map(|lock| {
        let seal = lock.views.iter().find_map(|view| view.found.as_ref().ok()?.seal.as_ref())?;
        let folder = lock.path.parent().unwrap_or_else(RepoPath::root);
        let manifest = workspace.files.get(&folder.child(seal.manifest))?;
        Some(SealedLock { lock, seal, manifest })
    })
}
