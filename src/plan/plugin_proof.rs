//! The edits of files whose places a plugin found: it is asked again about the new texts, and must find in them what was planned.

use std::collections::{BTreeMap, BTreeSet};

use super::file_changes::{FileChange, FileChanges};
use super::release_plan::{Refusal, RefusalCode};
use crate::manifest::{Fault, Found, Locator, Scalar, Style, as_planned};

use crate::model::{PluginName, PluginRole, RepoPath};
use crate::snapshot::{PluginLeftOut, Snapshot};

/// New texts, by the plugin that is asked about them.
pub type TextsOfPlugins = BTreeMap<PluginName, Vec<(RepoPath, String)>>;

/// Returns the new texts of all files that change and in which a plugin found places.
#[must_use]
pub fn texts_of_plugins(snapshot: &Snapshot, files: &FileChanges) -> TextsOfPlugins {
    let mut texts = TextsOfPlugins::new();
    for (path, change) in files.iter() {
        let (FileChange::Edit { edits, .. }, Some(file)) = (change, snapshot.workspace.files.get(path)) else {
            continue;
        };
        // The edits were proven on this text.
        let Ok(text) = edits.apply(&file.text) else { continue };
        for view in &file.views {
            if let Locator::Plugin(name) = &view.locator {
                texts.entry(name.clone()).or_default().push((path.clone(), text.clone()));
            }
        }
    }
    texts
}

/// Returns why the plugin's second answer about a file speaks against the plan; `None` if it finds what was planned.
#[must_use]
pub fn against_second_answer(
    snapshot: &Snapshot,
    files: &FileChanges,
    plugin: &PluginName,
    path: &RepoPath,
    second: &Result<Found, Vec<Fault>>,
) -> Option<Refusal> {
    let first = snapshot.workspace.files.get(path)?.found(&Locator::Plugin(plugin.clone()))?;
    // A file that the plan does not edit has nothing to prove.
    let Some(FileChange::Edit { edits, .. }) = files.get(path) else { return None };
    let changes: Vec<(Scalar, String)> = edits
        .as_slice()
        .iter()
        .map(|edit| (Scalar { span: edit.span, text: edit.old.clone(), style: Style::Bare }, edit.new.clone()))
        .collect();
    let why = match second {
        Ok(second) => as_planned(first, second, &changes).err()?.to_string(),
        Err(faults) => faults.first().map_or_else(String::new, |fault| fault.message.clone()),
    };
    Some(Refusal {
        code: RefusalCode::Plugin,
        message: format!("{path} cannot be edited: the plugin `{plugin}`, asked again about the new text: {why}"),
        help: Some("the plugin must find the same places before and after an edit".to_owned()),
    })
}

/// Returns why nothing can be released without the plugins that were left out: files, packages or entries of changelogs would be missing.
/// `None` if nothing would be. Those that only check are gates.
#[must_use]
pub fn refused_for_plugins(snapshot: &Snapshot) -> Option<Refusal> {
    let has_notes = |name: &PluginName| {
        snapshot.config.plugins.iter().any(|spec| spec.name == *name && spec.roles.contains(&PluginRole::Notes))
    };
    let missed = |left: &&PluginLeftOut| !left.files.is_empty() || has_notes(&left.plugin);
    let missed: Vec<&PluginLeftOut> = snapshot.plugins.left_out.iter().filter(missed).collect();
    let messages: Vec<String> = missed.iter().map(|left| left.sentence()).collect();
    let helps: BTreeSet<&String> = missed.iter().filter_map(|left| left.help.as_ref()).collect();
    let help: Vec<&str> = helps.into_iter().map(String::as_str).collect();
    (!missed.is_empty()).then(|| Refusal {
        code: RefusalCode::Plugin,
        message: messages.join("; "),
        help: Some(help.join("; ")),
    })
}
