//! [`changes`]: the issues and requests of a milestone as entries of a section.

use std::collections::BTreeSet;

use super::release_context::ReleaseContext;
use super::section_target::SectionTarget;
use crate::changelog::{Change, Pending, SectionEntry};
use crate::config::{ChangelogConfig, MilestoneEntries};
use crate::history::mentions;
use crate::model::{PackageIx, WorkItem};
use crate::snapshot::{Look, Snapshot};

/// What forges show in place of an account that was removed.
const REMOVED: &str = "ghost";

/// Returns the entries of what was merged and closed for the milestone since the last release of the section's packages, by number. What
/// another entry (`told`) or `[Unreleased]` mentions has none.
pub(super) fn changes(
    context: ReleaseContext<'_>,
    unit: &SectionTarget<'_>,
    told: &[Change],
    pending: &Pending,
) -> Vec<Change> {
    let Some(items) = context.snapshot.milestone_items.found().filter(|_| unit.config.takes_milestone()) else {
        return Vec::new();
    };
    let since = unit.packages.iter().filter_map(|index| released_at(context.snapshot, *index)).min();
    let of_pending = pending.groups.iter().map(|group| group.text.as_str());
    let texts = told.iter().map(|change| change.entry.text.as_str());
    let texts = texts.chain(of_pending).chain([pending.prose.as_str(), &pending.loose]);
    let mut known: BTreeSet<u64> = texts.flat_map(mentions).filter_map(|m| m.number.parse().ok()).collect();
    // A fragment may be named after its issue.
    known.extend(told.iter().filter_map(|change| number_of(&change.entry.slug)));
    let is_known = |item: &WorkItem| {
        (!is_merge_request(item) && known.contains(&item.number)) || item.closes.iter().any(|n| known.contains(n))
    };
    let items: Vec<&WorkItem> = items.iter().filter(|item| is_done_since(item, since)).collect();
    let package = unit.lead.id.as_str();
    entries(&items, unit.config)
        .into_iter()
        .filter(|(item, ..)| !is_known(item))
        .map(|entry| change(entry, package))
        .collect()
}

/// Returns a note if the entries of the milestone are unknown, with the reason.
pub(super) fn unknown(context: ReleaseContext<'_>, unit: &SectionTarget<'_>) -> Option<String> {
    let why = match &context.snapshot.milestone_items {
        Look::Unknown { message, .. } => message,
        _ => "the forge was not asked",
    };
    is_unknown(context, unit)
        .then(|| format!("`{}`: the notes of its milestone are unknown, since {why}", unit.lead.id))
}

/// Returns since when items are new to one of these packages, in seconds since 1970; `None` if all of them may be.
#[must_use]
pub fn items_since(snapshot: &Snapshot, packages: &[PackageIx]) -> Option<i64> {
    let releases: Option<Vec<i64>> = packages.iter().map(|index| released_at(snapshot, *index)).collect();
    releases?.into_iter().min()
}

/// Returns `true` if the entries of the milestone are unknown.
pub(super) fn is_unknown(context: ReleaseContext<'_>, unit: &SectionTarget<'_>) -> bool {
    unit.config.takes_milestone() && context.snapshot.milestone_items.found().is_none()
}

/// When the package was released last, in seconds since 1970; before its first release, everything is new.
fn released_at(snapshot: &Snapshot, index: PackageIx) -> Option<i64> {
    snapshot.history.as_ref()?.packages[index].told_since()
}

/// Returns `true` if it was merged, or is an issue that was closed, after this time. One whose time cannot be read counts.
fn is_done_since(item: &WorkItem, since: Option<i64>) -> bool {
    // What is open, or was closed without being merged, is not done.
    let Some(closed) = item.closed_at.as_ref().filter(|_| item.merged || !item.is_request) else { return false };
    let at = closed.parse::<jiff::Timestamp>().map(jiff::Timestamp::as_second);
    since.is_none_or(|since| at.map_or(true, |at| at > since))
}

/// Returns what has an entry, with its type and its text: a request that closes an issue of the list stands for it, too.
fn entries<'a>(items: &[&'a WorkItem], config: &ChangelogConfig) -> Vec<(&'a WorkItem, String, String)> {
    let rules = &config.milestone;
    let closed_by = |request: &WorkItem| -> Vec<&'a WorkItem> {
        items.iter().copied().filter(|issue| !issue.is_request && request.closes.contains(&issue.number)).collect()
    };
    let labels = |item: &'a WorkItem| -> Vec<&'a str> {
        let issues = if item.is_request { closed_by(item) } else { Vec::new() };
        std::iter::once(item).chain(issues).flat_map(|item| &item.labels).map(String::as_str).collect()
    };
    let is_skipped = |item: &&&'a WorkItem| {
        let author = item.author.as_deref().map(plain_author);
        rules.skip.iter().any(|skip| {
            author.is_some_and(|author| same(author, plain_author(skip))) || labels(item).iter().any(|l| same(l, skip))
        })
    };
    let shown: Vec<&WorkItem> = items.iter().filter(|item| !is_skipped(item)).copied().collect();
    let stands_for = |issue: &WorkItem| {
        shown.iter().any(|request| request.is_request && !issue.is_request && request.closes.contains(&issue.number))
    };
    let mut seen = BTreeSet::new();
    let mut entries = Vec::new();
    for item in shown.iter().filter(|item| !stands_for(item)) {
        let entry = (kind(rules, &labels(item), config), text(rules, item));
        if seen.insert(entry.clone()) {
            entries.push((*item, entry.0, entry.1));
        }
    }
    entries.sort_by_key(|(item, ..)| (item.number, item.is_request));
    entries
}

/// Returns the type of the first label in relman.toml that the item has; else that of all others, if there is such a group.
fn kind(rules: &MilestoneEntries, labels: &[&str], config: &ChangelogConfig) -> String {
    let by_label = rules.labels.iter().find(|(label, _)| labels.iter().any(|own| same(own, label)));
    let otherwise = || {
        let first = config.types.first().map(|(kind, _)| kind);
        if config.knows(&rules.otherwise) { &rules.otherwise } else { first.unwrap_or(&rules.otherwise) }
    };
    by_label.map_or_else(otherwise, |(_, kind)| kind).clone()
}

fn text(rules: &MilestoneEntries, item: &WorkItem) -> String {
    let title: Vec<&str> = item.title.split(|c: char| c.is_whitespace() || c.is_control()).collect();
    let title = title.into_iter().filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ");
    let text = rules.entry.fill(|word| match word {
        "number" => item.number.to_string(),
        "title" => title.clone(),
        "author" => item.author.clone().unwrap_or_else(|| REMOVED.to_owned()),
        _ => item.url.clone(),
    });
    // GitLab counts issues and requests apart, and writes `!12` for a request.
    let (issue, request) = (format!("#{}", item.number), format!("!{}", item.number));
    if is_merge_request(item) { text.replacen(&issue, &request, 1) } else { text }
}

fn is_merge_request(item: &WorkItem) -> bool {
    item.is_request && item.url.contains("/merge_requests/")
}

fn change((_, kind, text): (&WorkItem, String, String), package: &str) -> Change {
    Change { kind, entry: SectionEntry { text, package: package.to_owned(), ..SectionEntry::default() } }
}

/// The issue that a fragment is named after, as in `1405-boards`.
fn number_of(slug: &str) -> Option<u64> {
    let end = slug.find(|c: char| !c.is_ascii_digit()).unwrap_or(slug.len());
    let (number, rest) = slug.split_at_checked(end)?;
    if rest.starts_with(char::is_alphanumeric) { None } else { number.parse().ok() }
}

/// Strips what forges add to the names of bots: `dependabot[bot]`, `app/dependabot`.
fn plain_author(name: &str) -> &str {
    let name = name.strip_prefix("app/").unwrap_or(name);
    name.strip_suffix("[bot]").unwrap_or(name)
}

fn same(one: &str, other: &str) -> bool {
    one.to_lowercase() == other.to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn item(number: u64, title: &str, author: &str, labels: &[&str]) -> WorkItem {
        WorkItem {
            number,
            title: title.to_owned(),
            url: format!("https://example.com/o/r/issues/{number}"),
            author: (!author.is_empty()).then(|| author.to_owned()),
            labels: labels.iter().map(|label| (*label).to_owned()).collect(),
            is_request: false,
            closed_at: Some("2026-01-02T00:00:00Z".to_owned()),
            merged: false,
            closes: Vec::new(),
        }
    }

    fn request(number: u64, title: &str, author: &str, labels: &[&str], closes: &[u64]) -> WorkItem {
        let of = item(number, title, author, labels);
        let url = format!("https://example.com/o/r/pull/{number}");
        WorkItem { url, is_request: true, merged: true, closes: closes.to_vec(), ..of }
    }

    fn config() -> ChangelogConfig {
        let labels = [("bug", "fixed"), ("Enhancement", "changed")];
        let labels = labels.map(|(label, kind)| (label.to_owned(), kind.to_owned())).to_vec();
        let skip = vec!["dependabot".to_owned(), "internal".to_owned()];
        let milestone = MilestoneEntries { labels, skip, ..MilestoneEntries::default() };
        ChangelogConfig { milestone, ..ChangelogConfig::default() }
    }

    fn told(items: &[WorkItem], config: &ChangelogConfig) -> Vec<String> {
        let items: Vec<&WorkItem> = items.iter().collect();
        entries(&items, config).into_iter().map(|(_, kind, text)| format!("{kind} {text}")).collect()
    }

    #[test]
    fn items_become_entries_by_number() {
        let items = [
            item(9, "Cards  are\nlost", "ann", &["BUG", "enhancement"]),
            request(7, "Boards", "bob", &["enhancement"], &[]),
            item(8, "Something", "", &[]),
            item(8, "Something", "", &[]),
        ];
        let expected =
            ["changed - #7: Boards (@bob)", "added - #8: Something (@ghost)", "fixed - #9: Cards are lost (@ann)"];
        assert_eq!(told(&items, &config()), expected);
        let types = vec![("new".to_owned(), "New".to_owned())];
        assert_eq!(told(&items[2..3], &ChangelogConfig { types, ..config() }), ["new - #8: Something (@ghost)"]);
    }

    #[test]
    fn a_request_that_closes_an_issue_is_one_entry() {
        let issue = item(3, "It crashes", "ann", &["bug"]);
        let items = [issue.clone(), request(4, "Check the index", "bob", &[], &[3, 99])];
        assert_eq!(told(&items, &config()), ["fixed - #4: Check the index (@bob)"]);
        // A bot's request does not stand for anything.
        let items = [issue, request(4, "Bump x", "Dependabot[bot]", &[], &[3])];
        assert_eq!(told(&items, &config()), ["fixed - #3: It crashes (@ann)"]);
        let items = [item(5, "x", "app/dependabot", &[]), item(6, "y", "ann", &["Internal"])];
        assert_eq!(told(&items, &config()), [""; 0]);
    }

    #[test]
    fn requests_of_gitlab_have_numbers_of_their_own() {
        let url = "https://git.example.com/g/p/-/merge_requests/3".to_owned();
        let items = [item(3, "Issue", "ann", &[]), WorkItem { url, ..request(3, "Request", "bob", &[], &[]) }];
        assert_eq!(told(&items, &config()), ["added - #3: Issue (@ann)", "added - !3: Request (@bob)"]);
    }

    #[test]
    fn what_is_open_or_older_does_not_count() {
        let at = |closed: Option<&str>| WorkItem { closed_at: closed.map(str::to_owned), ..item(1, "x", "a", &[]) };
        // 2026-01-02T00:00:00Z
        let since = Some(1_767_312_000);
        for (closed, expected) in [
            (Some("2026-01-02T00:00:00Z"), false),
            (Some("2026-01-02T00:00:01.5Z"), true),
            (Some("2026-01-02T01:00:00.000+02:00"), false),
            (Some("2026-01-02T00:30:00-01:00"), true),
            (Some("?"), true),
            (None, false),
        ] {
            assert_eq!(is_done_since(&at(closed), since), expected, "{closed:?}");
        }
        assert!(is_done_since(&at(Some("2000-01-01T00:00:00Z")), None));
        assert!(!is_done_since(&WorkItem { merged: false, ..request(1, "x", "a", &[], &[]) }, None));
    }

    #[test]
    fn fragments_named_after_an_issue() {
        for (slug, expected) in
            [("1405", Some(1405)), ("1405-x", Some(1405)), ("1405x", None), ("x-1", None), ("", None)]
        {
            assert_eq!(number_of(slug), expected, "{slug}");
        }
    }
}
