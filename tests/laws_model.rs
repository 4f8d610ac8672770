//! Laws of versions, bumps, tags, paths and edits, each held against random values.
//!
//! `PROPTEST_CASES=10000 cargo test laws_model` holds them longer.

use std::cmp::Ordering;

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;
use relman::model::VersionScheme::{self, Pep440, Semver};
use relman::model::{Bump, Level, RepoPath, RepoPathError, StagePolicy, TagTemplate, Version, is_dot_git};
use relman::text::{BOM, Edit, Position, Span, TextEdits};

/// The cases are as many as the environment asks for; no file of found cases is written beside the tests.
fn config() -> ProptestConfig {
    ProptestConfig { failure_persistence: None, ..ProptestConfig::default() }
}

/// Small numbers, so that versions meet, and the ones at the edge.
fn number() -> impl Strategy<Value = u64> {
    prop_oneof![8 => 0u64..3, 3 => 0u64..200, 1 => any::<u64>(), 1 => Just(u64::MAX)]
}

fn identifier() -> impl Strategy<Value = String> {
    let word = select(vec!["alpha", "beta", "rc", "next", "dev", "rc0", "a", "0a", "-", "x-y", "Z"]);
    let any_word = "[0-9A-Za-z-]{0,3}[A-Za-z-]";
    prop_oneof![4 => word.prop_map(str::to_owned), 3 => number().prop_map(|n| n.to_string()), 1 => any_word]
}

fn semver_text() -> impl Strategy<Value = String> {
    let pre = option::of(vec(identifier(), 1..4));
    let build = option::weighted(0.2, vec("[0-9A-Za-z-]{1,3}", 1..3));
    (number(), number(), number(), pre, build).prop_map(|(a, b, c, pre, build)| {
        let mut text = format!("{a}.{b}.{c}");
        pre.into_iter().for_each(|ids| text.push_str(&format!("-{}", ids.join("."))));
        build.into_iter().for_each(|ids| text.push_str(&format!("+{}", ids.join("."))));
        text
    })
}

/// `.post`, `-r_3`, `DEV`: a separator, a word, a separator and perhaps a number.
fn suffix(words: &[&'static str]) -> impl Strategy<Value = String> {
    let mark = || select(vec!["", ".", "-", "_"]);
    let count = option::weighted(0.8, number());
    let parts = (mark(), select(words.to_vec()), any::<bool>(), mark(), count);
    option::weighted(0.4, parts).prop_map(|parts| match parts {
        Some((before, word, upper, after, count)) => {
            let word = if upper { word.to_uppercase() } else { word.to_owned() };
            format!("{before}{word}{after}{}", count.map_or(String::new(), |n| n.to_string()))
        }
        None => String::new(),
    })
}

fn pep440_text() -> impl Strategy<Value = String> {
    let epoch = option::weighted(0.1, 0u64..3).prop_map(|e| e.map_or(String::new(), |e| format!("{e}!")));
    let release = vec(number(), 1..5).prop_map(|n| n.iter().map(u64::to_string).collect::<Vec<_>>().join("."));
    let pre = suffix(&["a", "alpha", "b", "beta", "c", "rc", "pre", "preview"]);
    let post = prop_oneof![4 => suffix(&["post", "rev", "r"]), 1 => number().prop_map(|n| format!("-{n}"))];
    let local = option::weighted(0.2, vec("[0-9A-Za-z]{1,3}", 1..3));
    let local = local.prop_map(|l| l.map_or(String::new(), |l| format!("+{}", l.join("_"))));
    let front = select(vec!["", "", "", "v", " "]);
    (front, epoch, release, pre, post, suffix(&["dev"]), local)
        .prop_map(|(front, epoch, release, pre, post, dev, local)| {
            format!("{front}{epoch}{release}{pre}{post}{dev}{local}")
        })
        .prop_filter("two suffixes may read as one", |text| Pep440.parse(text).is_ok())
}

fn spelled() -> impl Strategy<Value = (VersionScheme, String)> {
    prop_oneof![semver_text().prop_map(|t| (Semver, t)), pep440_text().prop_map(|t| (Pep440, t))]
}

fn version() -> impl Strategy<Value = (VersionScheme, Version)> {
    spelled().prop_map(|(scheme, text)| (scheme, scheme.parse(&text).unwrap()))
}

fn policy() -> impl Strategy<Value = StagePolicy> {
    let own = vec(select(vec!["next", "canary", "x-1", "pre.1", "7"]).prop_map(str::to_owned), 0..3);
    (own, prop_oneof![Just(0u64), Just(1), number()]).prop_map(|(own, first)| StagePolicy::new(&own, first))
}

fn bump() -> impl Strategy<Value = (StagePolicy, Bump)> {
    let level = || select(vec![Level::Patch, Level::Minor, Level::Major]);
    (policy(), 0..4, level(), any::<prop::sample::Index>()).prop_map(|(policy, kind, level, index)| {
        let stage = policy.stage(index.get::<String>(policy.labels())).unwrap();
        let bump = match kind {
            0 => Bump::Level(level),
            1 => Bump::Start { level, stage },
            2 => Bump::Stage(stage),
            _ => Bump::Finalize,
        };
        (policy, bump)
    })
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn a_rendered_version_is_read_back((scheme, version) in version()) {
        let text = scheme.render(&version).unwrap();
        let again = scheme.parse(&text).unwrap();
        prop_assert_eq!(&again, &version);
        prop_assert_eq!(&again.release, &version.release);
        prop_assert_eq!(scheme.render(&again).unwrap(), text);
        if let Ok(other) = scheme.other().render(&version) {
            prop_assert_eq!(scheme.other().parse(&other).unwrap(), version);
        }
    }

    #[test]
    fn canonical_spellings_are_those_of_the_reference_crates((scheme, text) in spelled()) {
        let ours = scheme.render(&scheme.parse(&text).unwrap()).unwrap();
        let theirs = match scheme {
            Semver => semver::Version::parse(&text).unwrap().to_string(),
            Pep440 => text.parse::<pep440_rs::Version>().unwrap().to_string(),
        };
        prop_assert_eq!(ours, theirs);
    }

    #[test]
    fn no_text_makes_the_parsers_panic(text in "[ v0-9.!+_a-zé-]{0,20}") {
        for scheme in [Semver, Pep440] {
            let read = [scheme.parse(&text), scheme.parse_lenient(&text)];
            for version in read.into_iter().flatten() {
                prop_assert_eq!(scheme.parse(&scheme.render(&version).unwrap()).unwrap(), version);
            }
        }
    }

    #[test]
    fn the_order_is_total((_, a) in version(), (_, b) in version(), (_, c) in version()) {
        prop_assert_eq!(a.cmp(&b), b.cmp(&a).reverse());
        prop_assert_eq!(a == b, a.cmp(&b) == Ordering::Equal);
        prop_assert_eq!(a.cmp(&a), Ordering::Equal);
        let mut sorted = [&a, &b, &c];
        sorted.sort();
        prop_assert!(sorted[0] <= sorted[1] && sorted[1] <= sorted[2] && sorted[0] <= sorted[2]);
        if a == b {
            prop_assert_eq!(a.cmp(&c), b.cmp(&c));
        }
    }

    #[test]
    fn the_order_is_semver_s(a in semver_text(), b in semver_text()) {
        let theirs = |t: &str| semver::Version::parse(t).unwrap();
        let ours = |t: &str| Version { build: None, ..Semver.parse(t).unwrap() };
        prop_assert_eq!(ours(&a).cmp(&ours(&b)), theirs(&a).cmp_precedence(&theirs(&b)), "{} {}", a, b);
    }

    #[test]
    fn the_order_is_pep_440_s(a in pep440_text(), b in pep440_text()) {
        let theirs = |t: &str| t.parse::<pep440_rs::Version>().unwrap();
        let ours = |t: &str| Pep440.parse(t).unwrap();
        prop_assert_eq!(ours(&a).cmp(&ours(&b)), theirs(&a).cmp(&theirs(&b)), "{} {}", a, b);
    }

    #[test]
    fn a_bump_goes_up((scheme, version) in version(), (policy, bump) in bump()) {
        if let Ok(next) = bump.next(&version, &policy) {
            prop_assert!(next > version, "{} from {:?} to {:?}", bump, version, next);
            prop_assert_eq!(next.epoch, version.epoch);
            prop_assert!(next.release.len() >= version.release.len());
            prop_assert!(next.build.is_none() && next.dev.is_none());
            let own = next.pre.as_ref().and_then(|p| p.stage()).is_some_and(|(l, _)| !["alpha", "beta", "rc"].contains(&l));
            prop_assert_eq!(scheme.render(&next).is_err(), own && scheme == Pep440);
        }
    }
}

/// Pieces that tempt one template to read what another wrote.
fn literal() -> impl Strategy<Value = String> {
    let pool =
        ["", "v", "v1", "v1.2.3-", "1.", "-", "-a", "+b", ".", "x", "/", "a-v", "api@", "0", "é", "1!", "-1", "rc"];
    prop_oneof![6 => select(pool.to_vec()).prop_map(str::to_owned), 1 => "[a-z0-9/@._+-]{0,4}"]
}

fn template() -> impl Strategy<Value = TagTemplate> {
    let numbers = vec![["major", "minor", "patch"], ["patch", "minor", "major"]];
    let middle = prop_oneof![
        3 => Just("{version}".to_owned()),
        1 => (select(numbers), literal(), literal())
            .prop_map(|([a, b, c], x, y)| format!("{{{a}}}{x}{{{b}}}{y}{{{c}}}")),
    ];
    let parts = (literal(), literal(), middle, literal(), select(vec![Semver, Pep440]));
    parts.prop_filter_map("no template", |(name, head, middle, tail, scheme)| {
        TagTemplate::new(&format!("{{name}}{head}{middle}{tail}"), &name, scheme).ok()
    })
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn a_tag_is_read_back(template in template(), (scheme, text) in spelled()) {
        let version = scheme.parse(&text).unwrap();
        if let Ok(tag) = template.render(&version) {
            prop_assert_eq!(template.matches(tag.as_str()), Some(version.clone()), "{}", tag);
        }
        if scheme == template.scheme() && let Ok(tag) = template.render_typed(&version, &text) {
            prop_assert_eq!(template.matches(tag.as_str()), Some(version), "{}", tag);
        }
    }

    #[test]
    fn templates_that_never_meet_do_not_read_each_other(
        a in template(), b in template(), versions in vec(spelled(), 12), cut in vec((literal(), literal()), 12),
    ) {
        prop_assert_eq!(a.can_meet(&b), b.can_meet(&a));
        prop_assert!(a.can_meet(&a));
        let simple = versions.iter().zip(cut).flat_map(|((_, text), (head, tail))| {
            [text.clone(), format!("1.2.3-{tail}"), format!("{head}1.2.3"), format!("1.2.3+{head}1.2.3{tail}"), format!("1.{text}{tail}")]
        });
        for text in simple {
            for (one, other) in [(&a, &b), (&b, &a)] {
                let Ok(version) = one.scheme().parse(&text) else { continue };
                let tags = [one.render(&version), one.render_typed(&version, &text)];
                for tag in tags.into_iter().flatten() {
                    let both = other.matches(tag.as_str()).is_some();
                    prop_assert!(!both || a.can_meet(&b), "{:?} and {:?} at {}", a, b, tag);
                }
            }
        }
    }
}

fn part() -> impl Strategy<Value = String> {
    prop_oneof![select(vec!["a", "b", "ab", "é", "...", ".x", "a b"]).prop_map(str::to_owned), "[a-z.]{3,5}"]
        .prop_filter("`.git`", |part| !is_dot_git(part))
}

/// Names that mean `.git`, and some that nearly do.
fn near_dot_git() -> impl Strategy<Value = String> {
    let ignored = || select(vec!["", "", "", "\u{200c}", "\u{202e}", "\u{206f}", "\u{feff}"]);
    let name = select(vec![".git", ".GIT", ".gIt", "git~1", "GIT~1", "git~2", ".gi", "xgit", ".gitx"]);
    let end = select(vec!["", "", ".", " ", ". .", ":", ":x", "::$INDEX_ALLOCATION", ".:", "x", "-"]);
    (name, ignored(), 0usize..4, end, ignored()).prop_map(|(name, inside, at, end, behind)| {
        let (head, tail) = name.split_at(at);
        format!("{head}{inside}{tail}{behind}{end}")
    })
}

/// The rules of git's `is_ntfs_dotgit` and `is_hfs_dotgit`, written as they are there: character by character.
fn git_refuses(name: &str) -> bool {
    let seen: Vec<char> = name
        .chars()
        .filter(
            |c| !matches!(c, '\u{200c}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{206a}'..='\u{206f}' | '\u{feff}'),
        )
        .map(|c| c.to_ascii_lowercase())
        .collect();
    let rest = seen.strip_prefix(&['.', 'g', 'i', 't'][..]).or(seen.strip_prefix(&['g', 'i', 't', '~', '1'][..]));
    let mut rest = rest.unwrap_or(&['x']).iter().skip_while(|c| matches!(c, '.' | ' '));
    rest.next().is_none_or(|c| *c == ':')
}

fn repo_path() -> impl Strategy<Value = RepoPath> {
    vec(part(), 0..5).prop_map(|parts| parts.iter().fold(RepoPath::root(), |path, part| path.child(part)))
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn a_path_is_read_back_and_has_its_folders(path in repo_path(), name in part()) {
        prop_assert_eq!(RepoPath::new(&path.to_string()).unwrap(), path.clone());
        let json = serde_json::to_string(&path).unwrap();
        prop_assert_eq!(serde_json::from_str::<RepoPath>(&json).unwrap(), path.clone());
        let child = path.child(&name);
        prop_assert_eq!(child.parent().unwrap(), path.clone());
        prop_assert_eq!(child.file_name(), name.as_str());
        prop_assert_eq!(path.join(&name), Some(child.clone()));
        prop_assert_eq!(child.join(".."), Some(path.clone()));
        prop_assert!(child.is_within(&path) && !path.is_within(&child) && path.is_within(&path));
        prop_assert!(child.ancestors().all(|folder| child.is_within(&folder)));
        prop_assert_eq!(child.ancestors().last(), Some(RepoPath::root()));
    }

    #[test]
    fn a_path_is_refused_if_and_only_if_git_refuses_a_part_of_it(
        above in repo_path(), name in near_dot_git(), below in repo_path(),
    ) {
        let text = format!("{above}/{name}/{below}");
        let refused = git_refuses(&name);
        prop_assert_eq!(is_dot_git(&name), refused, "{:?}", name);
        prop_assert_eq!(RepoPath::new(&text) == Err(RepoPathError::DotGit), refused, "{:?}", text);
        prop_assert_eq!(RepoPath::pattern(&text) == Err(RepoPathError::DotGit), refused, "{:?}", text);
        prop_assert_eq!(above.join(&name).is_none(), refused, "{:?}", text);
        prop_assert_eq!(serde_json::from_value::<RepoPath>(text.into()).is_err(), refused);
    }

    #[test]
    fn no_path_holds_a_part_that_means_the_git_folder(path in repo_path(), relative in "[.gitGIT~1:/ \u{200c}]{0,12}") {
        for read in [path.join(&relative), RepoPath::new(&relative).ok(), RepoPath::written(&relative).ok()] {
            prop_assert!(read.iter().all(|path| !path.as_str().split('/').any(is_dot_git)), "{:?}", read);
        }
    }

    #[test]
    fn being_within_is_having_as_an_ancestor(a in repo_path(), b in repo_path()) {
        prop_assert_eq!(a.is_within(&b), a == b || a.ancestors().any(|folder| folder == b));
        prop_assert_eq!(a == b, a.is_within(&b) && b.is_within(&a));
    }

    #[test]
    fn a_path_that_is_followed_never_leaves(path in repo_path(), relative in "[ab.:C/\\\\]{0,12}") {
        if let Some(joined) = path.join(&relative) {
            prop_assert!(joined.as_str().split('/').all(|p| p != ".." && p != "."));
            prop_assert!(joined.is_root() || joined.as_str().split('/').all(|p| !p.is_empty()));
            prop_assert!(!joined.as_str().contains('\\'));
        }
        if let Ok(read) = RepoPath::new(&relative) {
            prop_assert_eq!(RepoPath::root().join(&relative), Some(read));
        }
    }
}

fn text() -> impl Strategy<Value = String> {
    let piece = select(vec!["a", "version = ", "\"1.0\"", "\n", "\r\n", "\r", "é", "😀", "\t", BOM]);
    (any::<bool>(), vec(piece, 0..12))
        .prop_map(|(bom, pieces)| format!("{}{}", if bom { BOM } else { "" }, pieces.concat()))
}

/// A text and edits whose spans lie on its characters, disjoint or not.
fn edited() -> impl Strategy<Value = (String, Vec<Edit>)> {
    let edits = vec((any::<prop::sample::Index>(), 0usize..3, "[x-z]{0,2}"), 0..5);
    (text(), edits).prop_map(|(text, edits)| {
        let mut bounds: Vec<usize> = text.char_indices().map(|(at, _)| at).collect();
        bounds.push(text.len());
        let edit = |(at, len, new): (prop::sample::Index, usize, String)| {
            let start = at.index(bounds.len());
            let end = (start + len).min(bounds.len() - 1);
            Edit { span: Span::new(bounds[start], bounds[end]), old: text[bounds[start]..bounds[end]].to_owned(), new }
        };
        let edits = edits.into_iter().map(edit).collect();
        (text, edits)
    })
}

/// Whether two different edits cannot both be made: they share a byte, one inserts inside the other, or both insert at one place.
fn clash(a: &Edit, b: &Edit) -> bool {
    let (x, y) = (a.span, b.span);
    a != b && (x == y || (x.start < y.end && y.start < x.end))
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn edits_change_their_spans_alone((text, edits) in edited(), turn in 0usize..5) {
        let clashes = edits.iter().enumerate().any(|(i, a)| edits.iter().skip(i + 1).any(|b| clash(a, b)));
        let made = TextEdits::new(edits.clone());
        prop_assert_eq!(made.is_err(), clashes, "{:?}", edits);
        let Ok(made) = made else { return Ok(()) };
        let new = made.apply(&text).unwrap();

        let mut turned = edits.clone();
        turned.rotate_left(turn.min(edits.len()));
        prop_assert_eq!(TextEdits::new(turned).unwrap().apply(&text).unwrap(), new.clone());

        // Walking over both texts at once, everything outside of the spans is met again.
        let (mut old_at, mut rest) = (0, new.as_str());
        for edit in made.as_slice() {
            rest = rest.strip_prefix(&text[old_at..edit.span.start]).unwrap();
            rest = rest.strip_prefix(edit.new.as_str()).unwrap();
            old_at = edit.span.end;
        }
        prop_assert_eq!(rest, &text[old_at..]);

        // The last edit first, one at a time, gives the same text.
        let mut by_hand = text.clone();
        made.as_slice().iter().rev().for_each(|e| by_hand.replace_range(e.span.start..e.span.end, &e.new));
        prop_assert_eq!(by_hand, new);
    }

    #[test]
    fn edits_of_another_text_do_not_panic((text, _) in edited(), (_, edits) in edited(), start in 0usize..40, end in 0usize..40) {
        let mut edits = edits;
        let old = "o".repeat(end.saturating_sub(start));
        edits.push(Edit { span: Span::new(start, end), old, new: "n".to_owned() });
        if let Ok(made) = TextEdits::new(edits) {
            let _ = made.apply(&text);
        }
    }

    #[test]
    fn a_position_counts_lines_and_characters(text in text(), offset in 0usize..60) {
        let place = Position::of(&text, offset);
        let body = text.strip_prefix(BOM).unwrap_or(&text);
        let skipped = text.len() - body.len();
        let before: String = body.char_indices().filter(|(at, c)| at + c.len_utf8() + skipped <= offset).map(|(_, c)| c).collect();
        prop_assert_eq!(place.line, before.split('\n').count());
        prop_assert_eq!(place.column, before.split('\n').next_back().unwrap().chars().count() + 1);
        prop_assert!(Position::of(&text, offset + 1) >= place);
    }
}
