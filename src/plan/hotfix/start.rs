//! [`start_hotfix`]: the tag that is fixed, and the branch for it.

use std::collections::BTreeSet;

use crate::changelog::slugify;
use crate::config::{GroupKind, HotfixConfig, HotfixFrom, HotfixRelease};
use crate::model::{Diagnostic, PackageIx, ProblemCode, TagName, Version, is_branch_name};
use crate::plan::release_plan::{Refusal, RefusalCode};
use crate::plan::release_unit::{ReleaseUnit, ReleaseWords};
use crate::plan::select::{index_of, only_choice};
use crate::snapshot::{RemoteLook, Snapshot};

/// What is asked for.
#[derive(Clone, Debug)]
pub struct HotfixRequest {
    /// The tag that is fixed, or the package whose newest final is.
    pub of: String,
    /// What the hotfix is about, for the name of its branch.
    pub name: Option<String>,
}

/// A hotfix that is to be started.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HotfixStart {
    /// The branch.
    pub branch: String,
    /// The tag that is fixed.
    pub tag: TagName,
    /// Its version.
    pub version: Version,
    /// Its package.
    pub package: PackageIx,
    /// What `bump` is given besides a level, where several packages could be meant: the fixed group of the package, else its name.
    pub named: Option<String>,
    /// Where the branch starts.
    pub from: HotfixFrom,
    /// Where the patch is released.
    pub release: HotfixRelease,
    /// Why it must not be started.
    pub refusals: Vec<Refusal>,
}

/// Finds the tag of a request, here or on the remote, and names the branch.
///
/// # Errors
/// A name that is neither a tag of a package nor a package, a prerelease, or a branch that cannot be named.
pub fn start_hotfix(
    snapshot: &Snapshot,
    remote: Option<&RemoteLook>,
    request: &HotfixRequest,
) -> Result<HotfixStart, Diagnostic> {
    let there = remote.into_iter().flat_map(|remote| remote.tags.keys().map(String::as_str));
    let tags: BTreeSet<&str> = snapshot.git.tags.names().chain(there).collect();
    let (package, tag, version) = meant(snapshot, &tags, &request.of)?;
    let default = HotfixConfig::default();
    let config = snapshot.config.hotfix.as_ref().unwrap_or(&default);
    let branch = branch(snapshot, config, request, (package, &tag, &version))?;
    let start = HotfixStart {
        branch,
        tag,
        version,
        package,
        named: named(snapshot, package),
        from: config.from,
        release: config.release,
        refusals: Vec::new(),
    };
    let refusals = start.successor(snapshot, &tags).into_iter().chain(start.taken(remote)).collect();
    Ok(HotfixStart { refusals, ..start })
}

/// What a package is called where it is to be released.
fn named(snapshot: &Snapshot, index: PackageIx) -> Option<String> {
    if only_choice(snapshot).is_some() {
        return None;
    }
    let package = &snapshot.workspace.packages[index];
    let group = package.group.map(|group| &snapshot.workspace.groups[group]);
    let group = group.filter(|group| group.kind == GroupKind::Fixed);
    Some(group.map_or_else(|| package.id.to_string(), |group| group.id.to_string()))
}

/// The package, the tag and the version that a name means.
fn meant(snapshot: &Snapshot, tags: &BTreeSet<&str>, name: &str) -> Result<(PackageIx, TagName, Version), Diagnostic> {
    let packages = &snapshot.workspace.packages;
    if tags.contains(name)
        && let Some((index, version)) =
            packages.entries().find_map(|(index, package)| Some((index, package.tagged(name)?)))
    {
        if version.is_prerelease() {
            let message = format!("{name} is a prerelease: what is wrong with it is fixed in the next one");
            return Err(Diagnostic::new(ProblemCode::UnknownName, message).help("name a final release"));
        }
        return Ok((index, TagName::new(name), version));
    }
    let index = index_of(snapshot, name).map_err(|problem| {
        let looks_like_a_tag = packages.iter().any(|package| package.tagged(name).is_some());
        if looks_like_a_tag {
            return Diagnostic::new(ProblemCode::UnknownName, format!("the tag `{name}` was not found"))
                .help("run `git tag --list`, or name the package for its newest final release");
        }
        // A version in it shows that no package is meant.
        if name.contains(|c: char| c.is_ascii_digit()) {
            let examples = packages
                .iter()
                .filter(|package| package.has_tags())
                .take(5)
                .map(|package| format!("`{}…`", package.tag.prefix()));
            let help = format!("the tags of this workspace look like {}", examples.collect::<Vec<_>>().join(", "));
            let message = format!("`{name}` is not the tag of a package, and no package has that name");
            return Diagnostic::new(ProblemCode::UnknownName, message).help(help);
        }
        problem
    })?;
    let package = &packages[index];
    let finals = tags.iter().filter_map(|tag| Some((*tag, package.tagged(tag)?)));
    let newest = finals.filter(|(_, version)| !version.is_prerelease()).max_by(|a, b| a.1.cmp(&b.1));
    newest.map(|(tag, version)| (index, TagName::new(tag), version)).ok_or_else(|| {
        let message = format!("`{}` has no final release that could be fixed", package.id);
        let help = format!(
            "its final releases have tags such as `{}1.2.3`; `git fetch --tags` brings those of the remote",
            package.tag.prefix()
        );
        Diagnostic::new(ProblemCode::UnknownName, message).help(help)
    })
}

fn branch(
    snapshot: &Snapshot,
    config: &HotfixConfig,
    request: &HotfixRequest,
    (package, tag, version): (PackageIx, &TagName, &Version),
) -> Result<String, Diagnostic> {
    let slug = match request.name.as_deref() {
        None => "fix".to_owned(),
        Some(name) if name.chars().any(char::is_alphanumeric) => slugify(name),
        Some(name) => {
            let message = format!("`{name}` has no letter and no digit for the name of a branch");
            return Err(Diagnostic::new(ProblemCode::UnknownName, message).help("name it as in `--name leak`"));
        }
    };
    if !config.is_recognizable() {
        let message = format!("`{}` gives branches that cannot be told from others", config.branch);
        let problem = snapshot.config.diagnostic(ProblemCode::ConfigValue, config.branch.span(), message);
        return Err(problem.help("add a text that is always the same, as in branch = \"fix/{slug}\""));
    }
    let of = &snapshot.workspace.packages[package];
    // It was read in a scheme, of which the package's own is one.
    let text = of.scheme.render(version).unwrap_or_default();
    let unit = ReleaseUnit { package, version: version.clone(), text, tag: tag.clone(), commit: None };
    let words = ReleaseWords::new(snapshot, std::slice::from_ref(&unit));
    let branch = words.fill(&config.branch, &unit).replace("{slug}", &slug);
    if is_branch_name(&branch) {
        return Ok(branch);
    }
    let message = format!("`{branch}` is not a valid branch name");
    Err(Diagnostic::new(ProblemCode::ConfigValue, message)
        .help("give another `--name`, or another `branch` in [hotfix]"))
}

impl HotfixStart {
    /// A version that was fixed already is fixed again from where that was done.
    fn successor(&self, snapshot: &Snapshot, tags: &BTreeSet<&str>) -> Option<Refusal> {
        let package = &snapshot.workspace.packages[self.package];
        let later = tags.iter().filter_map(|tag| Some((*tag, package.tagged(tag)?)));
        let later = later.filter(|(_, version)| {
            !version.is_prerelease() && version.is_of_line(&self.version) && *version > self.version
        });
        let (next, _) = later.max_by(|a, b| a.1.cmp(&b.1))?;
        let message = format!("{} was fixed already: the tag {next} exists", self.tag);
        let help = Some(format!("start from that one: `relman hotfix start {next}`"));
        Some(Refusal { code: RefusalCode::TagExists, message, help })
    }

    /// A branch that is on the remote may hold the work of others.
    fn taken(&self, remote: Option<&RemoteLook>) -> Option<Refusal> {
        let remote = remote.filter(|remote| remote.branches.contains_key(&self.branch))?;
        let message = format!("{} has a branch `{}` already", remote.name, self.branch);
        Some(self.is_taken(message))
    }

    /// Refuses a branch that exists.
    #[must_use]
    pub fn is_taken(&self, message: String) -> Refusal {
        let help = Some(format!("run `git switch {}` to go on with it, or give another `--name`", self.branch));
        Refusal { code: RefusalCode::Branch, message, help }
    }

    /// Refuses to start at a branch that does not hold the tag, or that has moved on to another line.
    #[must_use]
    pub fn starts_at(&self, branch: &str, holds_tag: bool, there: &Snapshot) -> Option<Refusal> {
        if !holds_tag {
            let message = format!("`{branch}` does not hold {}", self.tag);
            let help = Some("start from the tag, with from = \"tag\" in [hotfix]".to_owned());
            return Some(Refusal { code: RefusalCode::Branch, message, help });
        }
        self.has_moved_on(branch, there).map(|message| {
            let help = Some("start from the tag, with from = \"tag\" in [hotfix]".to_owned());
            Refusal { code: RefusalCode::Branch, message, help }
        })
    }

    /// Refuses a patch that could not be released on the branch that is to release it.
    #[must_use]
    pub fn comes_back_to(&self, branch: &str, there: &Snapshot) -> Option<Refusal> {
        self.has_moved_on(branch, there).map(|message| {
            let help = Some("release it on its own branch, with release = \"branch\" in [hotfix]".to_owned());
            Refusal { code: RefusalCode::Branch, message, help }
        })
    }

    fn has_moved_on(&self, branch: &str, there: &Snapshot) -> Option<String> {
        // Packages are known by their names: another branch may list them in another order.
        let fixed = there.workspace.packages.iter().find(|package| package.tagged(self.tag.as_str()).is_some())?;
        let version =
            fixed.version().filter(|version| **version > self.version && !version.is_of_line(&self.version))?;
        // It was read in a scheme, of which the package's own is one.
        let version = fixed.scheme.render(version).unwrap_or_default();
        Some(format!(
            "`{branch}` has moved on to {version} of `{}`, so it is not of the line of {}",
            fixed.id, self.tag
        ))
    }
}
