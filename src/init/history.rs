//! Which commits say what changed: those on branches, or the merges that brought them.

use super::comments::one_line;
use crate::snapshot::RecentCommit;

/// Fewer merges are no habit.
const FEW: usize = 10;

/// Returns the line `history`, if the subjects of merges are conventional and those of other commits mostly are not.
pub(super) fn history(commits: &[RecentCommit]) -> Option<String> {
    let (merges, others): (Vec<&RecentCommit>, Vec<&RecentCommit>) = commits.iter().partition(|commit| commit.is_merge);
    let count = |commits: &[&RecentCommit]| commits.iter().filter(|commit| is_conventional(&commit.subject)).count();
    let (of_merges, of_others) = (count(&merges), count(&others));
    let example = merges.iter().find(|commit| is_conventional(&commit.subject))?;
    (merges.len() >= FEW && of_merges * 5 >= merges.len() * 4 && of_others * 2 < others.len()).then(|| {
        format!(
            "history = \"first-parent\"   # {of_merges} of {} merges have a conventional subject, as `{}`, and {of_others} of {} other commits\n",
            merges.len(),
            one_line(&example.subject),
            others.len()
        )
    })
}

/// Returns how many commits have a conventional subject, if most have; merges do not count.
pub(super) fn conventional(commits: &[RecentCommit]) -> Option<String> {
    let others: Vec<&RecentCommit> = commits.iter().filter(|commit| !commit.is_merge).collect();
    let count = others.iter().filter(|commit| is_conventional(&commit.subject)).count();
    (count * 2 > others.len()).then(|| format!("{count} of {} commits have a conventional subject", others.len()))
}

/// Returns `true` if a subject starts with a type, and perhaps a scope, as Conventional Commits 1.0.0 has them.
fn is_conventional(subject: &str) -> bool {
    let Some((start, text)) = subject.split_once(": ") else { return false };
    let start = start.strip_suffix('!').unwrap_or(start);
    let kind = match start.split_once('(') {
        Some((kind, scope)) if scope.ends_with(')') => kind,
        Some(_) => return false,
        None => start,
    };
    !kind.is_empty() && kind.bytes().all(|byte| byte.is_ascii_lowercase()) && !text.trim().is_empty()
}

#[cfg(test)]
mod tests {
    use super::{history, is_conventional};
    use crate::snapshot::RecentCommit;

    #[test]
    fn subjects_with_a_type_are_conventional() {
        for (subject, expected) in [
            ("feat: more", true),
            ("fix(api)!: less", true),
            ("Merge pull request #1 from a/b", false),
            ("Fix: a bug", false),
            ("see https://example.com", false),
            ("fix(api: less", false),
        ] {
            assert_eq!(is_conventional(subject), expected, "{subject}");
        }
    }

    #[test]
    fn merges_count_where_they_alone_say_what_changed() {
        let commit = |is_merge, subject: &str| RecentCommit { is_merge, subject: subject.to_owned() };
        let merged = |merge: &str, other: &str| {
            let all: Vec<RecentCommit> =
                (0..12).flat_map(|_| [commit(true, merge), commit(false, other), commit(false, "wip")]).collect();
            history(&all).is_some()
        };
        assert!(merged("feat: more", "address review"));
        assert!(!merged("Merge branch 'a'", "address review"));
        let each: Vec<RecentCommit> =
            (0..12).flat_map(|_| [commit(true, "feat: a"), commit(false, "feat: a")]).collect();
        assert_eq!(history(&each), None);
    }
}
