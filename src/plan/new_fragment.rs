//! [`new_fragment`]: plans a file that describes a change.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::changelog::{Fragment, FragmentDraft, FragmentRules};
use crate::config::ChangelogConfig;
use crate::model::{Diagnostic, Level, PackageId, PackageIx, ProblemCode, RepoPath, choices, did_you_mean};
use crate::snapshot::Snapshot;

/// The change to describe.
#[derive(Clone, Debug)]
pub struct NewFragment {
    /// The packages, by index; at least one. The fragment lies in the folder of the first.
    pub packages: Vec<PackageIx>,
    /// The type of the change.
    pub kind: String,
    /// The slug or an issue number; `None`: the first words of the text.
    pub slug: Option<String>,
    /// The level that it requires, if that is not the one of its type; `Some(None)` for `none`.
    pub level: Option<Option<Level>>,
    /// What changed.
    pub text: String,
}

/// Plans a new fragment under a name that no file has: its path and its text.
///
/// # Errors
/// Returns an error if a package keeps no fragments, the type is unknown, the slug is not valid, or the text would break a changelog.
pub fn new_fragment(snapshot: &Snapshot, wish: &NewFragment) -> Result<(RepoPath, String), Vec<Diagnostic>> {
    let wrong = |message: String, help: String| vec![Diagnostic::new(ProblemCode::Fragment, message).help(help)];
    let mut folder = None;
    for index in &wish.packages {
        let of_package = folder_of(snapshot, *index).map_err(|problem| vec![problem])?;
        folder = folder.or(Some(of_package));
    }
    let (folder, config) =
        folder.ok_or_else(|| wrong("no package is named".to_owned(), "name one as in `-p api`".to_owned()))?;
    let known = types_of(snapshot, &wish.packages);
    let known: Vec<&str> = known.iter().map(String::as_str).collect();
    let kind = wish.kind.to_lowercase();
    if !known.contains(&kind.as_str()) {
        let help = did_you_mean(&kind, &known, || format!("the types are {}", choices(&known)));
        return Err(wrong(format!("unknown change type `{}`", wish.kind), help));
    }
    // Without front matter, a fragment belongs to all users of the folder.
    let users: BTreeSet<PackageIx> = snapshot.fragments.users(folder).collect();
    let named: BTreeSet<PackageIx> = wish.packages.iter().copied().collect();
    let names: Vec<&str> = if users == named { Vec::new() } else { names_of(snapshot, &wish.packages) };
    let draft = FragmentDraft {
        slug: wish.slug.as_deref(),
        kind: &kind,
        packages: &names,
        level: wish.level,
        text: &wish.text,
        // A custom template may add the bullets itself; the built-in ones do not.
        is_item: !config
            .template
            .as_ref()
            .is_some_and(|own| ["- {{", "* {{"].iter().any(|mark| own.value.contains(mark))),
    };
    let taken = names_in_use(snapshot, folder);
    let name = draft.file_name(|name| taken.contains(&name.to_lowercase())).map_err(|error| {
        wrong(error.to_string(), "give a plain name, as in board-planning, or the number of an issue".to_owned())
    })?;
    let path = folder.child(&name);
    let text = draft.contents();
    let rules = FragmentRules { types: &[&kind], keeps_headings: config.keeps_headings() };
    Fragment::read(&path, &Arc::from(text.as_str()), rules).map_err(|problem| vec![problem])?;
    Ok((path, text))
}

/// Returns the types of changes that the changelogs of all these packages know, in their order.
#[must_use]
pub fn types_of(snapshot: &Snapshot, packages: &[PackageIx]) -> Vec<String> {
    let configs: Vec<&ChangelogConfig> = packages.iter().filter_map(|index| config_of(snapshot, *index)).collect();
    let first = configs.first().map_or(&[][..], |config| config.types.as_slice());
    let in_all = |kind: &&(String, String)| configs.iter().all(|config| config.knows(&kind.0));
    first.iter().filter(in_all).map(|(kind, _)| kind.clone()).collect()
}

fn config_of(snapshot: &Snapshot, index: PackageIx) -> Option<&ChangelogConfig> {
    snapshot.config.changelog_of(&snapshot.workspace.packages[index].id)
}

fn folder_of(snapshot: &Snapshot, index: PackageIx) -> Result<(&RepoPath, &ChangelogConfig), Diagnostic> {
    let id = snapshot.workspace.packages[index].id.as_str();
    let Some(config) = config_of(snapshot, index) else {
        let help = "write a table [changelog] into relman.toml; `relman schema` describes its keys";
        return Err(Diagnostic::new(ProblemCode::NoChangelog, format!("`{id}` keeps no changelog")).help(help));
    };
    snapshot.fragments.folder(index).map(|folder| (folder, config)).ok_or_else(|| {
        let help = "`fragments` and `sources` in [changelog] set their place, and that they count";
        Diagnostic::new(ProblemCode::NoChangelog, format!("`{id}` has no folder of fragments in the repository"))
            .help(help)
    })
}

fn names_of<'a>(snapshot: &'a Snapshot, packages: &[PackageIx]) -> Vec<&'a str> {
    let mut seen = BTreeSet::new();
    let known = packages.iter().filter(|index| seen.insert(**index));
    known.map(|index| name(&snapshot.workspace.packages[*index].id)).collect()
}

fn name(id: &PackageId) -> &str {
    id.as_str()
}

/// Returns the names in a folder, in lower case: some systems ignore case.
fn names_in_use(snapshot: &Snapshot, folder: &RepoPath) -> BTreeSet<String> {
    let fragments = snapshot.fragments.all().iter().map(|fragment| &fragment.path);
    let all = fragments.chain(snapshot.fragments.broken.iter().map(|broken| &broken.path));
    let here = all.filter(|path| path.parent().as_ref() == Some(folder));
    here.map(|path| path.file_name().to_lowercase()).collect()
}
