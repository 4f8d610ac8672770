//! Hand-written histories: `fixtures/histories/<name>.toml`. Each is made by real git, and the program is asked what it would release.
//!
//! ```toml
//! relman = '''             # relman.toml; default: the packages a and b with the files a/VERSION and b/VERSION
//! '''
//! folder = "sub"           # where relman.toml lies, and where the program runs; default: the top
//! history = '''            # what happened: see tests/support/script.rs
//! '''
//! run = "--all auto"       # what is asked of `bump`; this is the default
//! bumps = ["a 1.0.0 -> 1.1.0 changes", "b 1.0.0 -> 1.0.1 dependent a"]     # what it plans, with the reasons; it exits with 0
//! tags = ["a-v1.1.0"]      # the tags that it plans
//! refused = ["dirty"]      # the codes of its refusals; it exits with 4
//! exit = 5                 # how it exits otherwise
//! status = ["a a-v1.0.0 3"]          # rows of `status`: name, last tag or -, commits
//! found = ["behind-tag"]   # what `check` finds
//! says = ["minor feat: x"] # lines of `status --explain`, `status` and `plan`; trees, ids and more than one blank are left out
//! ```
//!
//! A case that plans a release is released as asked. Afterwards `bump --all auto` must find nothing to release.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;
use toml_edit::{DocumentMut, Item};

use crate::support::cases::cases;
use crate::support::program::Ran;
use crate::support::repo::Repo;
use crate::support::script::Script;

/// The keys of a case, and whether each of them says what is expected.
const KEYS: [(&str, bool); 11] = [
    ("relman", false),
    ("folder", false),
    ("history", false),
    ("run", false),
    ("bumps", true),
    ("tags", true),
    ("refused", true),
    ("exit", true),
    ("status", true),
    ("found", true),
    ("says", true),
];

/// What stands for a relman.toml.
const TWO: &str = "[packages.a]\nmanifests = [\"a/VERSION\"]\npath = \"a\"\n\n[packages.b]\nmanifests = [\"b/VERSION\"]\npath = \"b\"\n";

cases! {
    dependent_always,
    dependent_by_kind,
    dependent_by_peer,
    dependent_chain,
    dependent_cycle,
    dependent_in_range,
    dependent_level_none,
    dependent_never,
    dependent_of_a_chore,
    dependent_of_a_final_release,
    dependent_of_a_prerelease,
    dependent_out_of_range,
    dependent_that_cannot_be_counted,
    dependent_that_is_a_development_release,
    dependent_that_is_a_prerelease,
    dependent_through_a_workspace_table,
    dependent_with_changes_of_its_own,
    first_release,
    first_release_added_by_a_merge,
    first_release_added_twice,
    first_release_begins_with_its_manifest,
    first_release_in_a_series,
    first_release_of_all,
    first_release_though_tagged_elsewhere,
    fragment_and_commit,
    fragment_asks_for_a_level,
    fragment_level_taken_out,
    fragment_of_a_prerelease,
    fragment_removed_before_one,
    fragment_that_the_last_tag_holds,
    fragment_with_a_level_of_its_own,
    group_fixed,
    group_fixed_asked_by_one_member,
    group_fixed_first_release,
    group_fixed_highest_level,
    group_fixed_with_a_new_member,
    group_fixed_with_one_tag,
    group_fixed_without_changes,
    group_linked,
    group_linked_with_one_change,
    level_before_one,
    level_breaking_before_one,
    level_breaking_footer,
    level_breaking_in_lower_case,
    level_breaking_mark,
    level_highest_wins,
    level_map_adds,
    level_map_raises,
    level_map_takes_out,
    level_map_takes_out_but_it_breaks,
    level_none_of_them,
    level_perf,
    merge_back_and_forth,
    merge_counts_once,
    merge_first_parent,
    merge_first_parent_of_git,
    merge_octopus,
    merge_octopus_first_parent,
    merge_of_a_branch_older_than_the_tag,
    merge_of_a_release_branch,
    merge_of_an_unrelated_history,
    merge_ours,
    merge_ours_first_parent,
    merge_with_changes_of_its_own,
    merge_with_conventional_body,
    message_body_lines,
    message_body_of_a_conventional_subject,
    message_footers_are_no_changes,
    message_not_conventional,
    message_of_a_dependency_bot,
    message_quotes,
    message_reapply,
    message_revert_of_git,
    message_revert_taken_out,
    message_squash,
    message_squash_by_git,
    message_squash_with_its_first_line_repeated,
    message_upper_case_type,
    paths_file_deleted,
    paths_folder_renamed,
    paths_folder_renamed_and_not_named,
    paths_glob,
    paths_last_pattern_decides,
    paths_negation,
    paths_negation_and_code,
    paths_nested_package,
    paths_no_package,
    paths_nothing_touched,
    paths_one_package,
    paths_relman_below_the_top,
    paths_same_folder,
    paths_shared_folder,
    paths_two_packages,
    paths_whole_repository,
    pep440,
    pep440_asked_for,
    pep440_development_release,
    pep440_tag_in_semver,
    prerelease_asked_for,
    prerelease_earlier_stage,
    prerelease_next_stage,
    prerelease_next_stage_and_higher,
    prerelease_number_rises,
    prerelease_of_a_label_of_ones_own,
    prerelease_of_another_label,
    prerelease_of_the_same_level,
    prerelease_restarts,
    prerelease_that_breaks_before_one,
    prerelease_without_changes,
    production_ahead_of_integration,
    production_seen_from_a_branch,
    production_seen_from_an_earlier_release,
    production_tag_on_the_merge,
    production_with_a_stray_commit,
    production_without_changes,
    promote_one_package,
    release_commit_by_hand,
    release_commit_in_words,
    release_commit_of_another_package,
    release_commit_taken_back,
    release_commit_without_a_tag,
    request_in_the_other_spelling,
    request_mixed,
    request_of_a_stable_one,
    request_of_a_wrong_stage,
    request_of_one_package,
    request_release_of_a_linked_group,
    request_release_of_all,
    request_release_of_stable_ones,
    tag_above_the_manifest,
    tag_above_the_manifest_explicit,
    tag_above_the_manifest_passed,
    tag_below_the_manifest,
    tag_elsewhere_and_never_a_release_here,
    tag_elsewhere_of_a_newer_line,
    tag_highest_by_value,
    tag_lightweight,
    tag_names_that_begin_alike,
    tag_noise,
    tag_of_a_name_with_a_slash,
    tag_of_a_tag,
    tag_of_its_own_form,
    tag_of_two_parts,
    tag_on_a_side_branch_counts,
    tag_on_another_branch,
    tag_on_another_branch_is_taken,
    tag_prerelease_is_a_last_tag,
    tag_two_on_one_commit,
    walk_skewed_clocks,
    walk_skewed_tag,
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/histories")
}

#[track_caller]
fn hold(name: &str) {
    let text = fs::read_to_string(folder().join(format!("{}.toml", name.replace('_', "-")))).unwrap();
    let wrong = Case::read(&text).map_or_else(|why| vec![why], |case| case.run());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_file_is_a_case() {
    let entries = fs::read_dir(folder()).unwrap();
    let mut files: Vec<String> =
        entries.map(|entry| entry.unwrap().file_name().to_string_lossy().replace('-', "_")).collect();
    files.sort();
    let cases: Vec<String> = CASES.iter().map(|name| format!("{name}.toml")).collect();
    assert_eq!(files, cases);
}

#[test]
fn a_case_that_says_nothing_is_none() {
    let cases = [
        ("# a\nhistory = ''\nexit = 5\n", true),
        ("# a\nhistory = ''\nbumps = ['a 1 -> 2 changes']\n", true),
        ("# a\nhistory = ''\nrefused = ['dirty']\n", true),
        ("# a\nhistory = ''\n", false),
        ("# a\nhistory = ''\nbumps = []\n", false),
        ("# a\nhistory = ''\nrefused = []\n", false),
        ("# a\nhistory = ''\nstatus = ['a - 1']\n", false),
        ("# a\nhistory = ''\nexit = 5\nbump = []\n", false),
        ("history = ''\nexit = 5\n", false),
    ];
    for (text, is_one) in cases {
        assert_eq!(Case::read(text).is_ok(), is_one, "{text}");
    }
}

#[derive(Default)]
struct Case {
    texts: BTreeMap<String, String>,
    lists: BTreeMap<String, Vec<String>>,
    exit: Option<i32>,
}

impl Case {
    fn read(text: &str) -> Result<Self, String> {
        let document: DocumentMut = text.parse().map_err(|error| format!("{error}"))?;
        let mut case = Self::default();
        for (key, item) in document.iter() {
            if !KEYS.iter().any(|(known, _)| *known == key) {
                return Err(format!("`{key}` is no key of a case"));
            }
            if let Some(text) = item.as_str() {
                case.texts.insert(key.to_owned(), text.to_owned());
            } else if let Some(number) = item.as_integer().filter(|_| key == "exit") {
                case.exit = Some(i32::try_from(number).map_err(|error| error.to_string())?);
            } else {
                case.lists.insert(key.to_owned(), strings(item).ok_or(format!("`{key}` is no list of texts"))?);
            }
        }
        if !text.starts_with("# ") {
            return Err("a case begins with a comment that says what it shows".to_owned());
        }
        let asserts = |key: &str| KEYS.iter().any(|(known, asserts)| *known == key && *asserts);
        let filled = case.lists.iter().any(|(key, list)| asserts(key) && !list.is_empty());
        if case.exit.is_none() && !filled {
            return Err("the case says nothing that could be wrong".to_owned());
        }
        if case.exit.is_none() && !case.lists.contains_key("bumps") && !case.lists.contains_key("refused") {
            return Err("the case says neither `bumps` nor `refused` nor `exit`".to_owned());
        }
        Ok(case)
    }

    fn text<'a>(&'a self, key: &str, default: &'a str) -> &'a str {
        self.texts.get(key).map_or(default, String::as_str)
    }

    fn run(&self) -> Vec<String> {
        let folder = self.text("folder", "");
        let below = |name: &str| if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") };
        let relman = (below("relman.toml"), self.text("relman", TWO).to_owned());
        let script = match Script::read(self.text("history", ""), &[relman]) {
            Ok(script) => script,
            Err(why) => return vec![why],
        };
        let repo = Repo::new();
        script.make(&repo);
        let mut wrong = Wrong::default();
        let start = repo.root().join(folder);
        let words: Vec<&str> = self.text("run", "--all auto").split(' ').collect();
        let relman = |args: &[&str]| repo.relman_with(&start, args, &[]);
        let releases = self.lists.get("bumps").is_some_and(|bumps| !bumps.is_empty());
        self.hold_reports(&relman, &mut wrong);
        let how: &[&str] = if releases { &["bump", "-y", "--json"] } else { &["plan", "--json"] };
        let plan = relman(&[how, &words].concat());
        self.hold_plan(&plan, &mut wrong);
        if releases && plan.code == 0 {
            // Who was asked for alone is held to it alone: the others may have changed.
            let bumps = plan.bumps();
            let released: Vec<String> =
                bumps.iter().map(|bump| format!("-p{}=auto", bump.split(' ').next().unwrap())).collect();
            let all = vec!["--all", "auto"];
            let whom = if words[0] == "--all" { all } else { released.iter().map(String::as_str).collect() };
            let again = relman(&[&["bump", "-y"][..], &whom].concat());
            wrong.hold("`bump auto` behind the release", &again.code, &5, &again);
        }
        wrong.0
    }

    fn hold_plan(&self, plan: &Ran, wrong: &mut Wrong) {
        let code = self.exit.unwrap_or(if self.lists.contains_key("refused") { 4 } else { 0 });
        if plan.code != code {
            wrong.hold("plan", &plan.code, &code, plan);
            return;
        }
        if let Some(expected) = self.lists.get("bumps") {
            wrong.hold("bumps", &bumps(plan), expected, plan);
        }
        if let Some(expected) = self.lists.get("tags") {
            wrong.hold("tags", &plan.tags(), expected, plan);
        }
        if let Some(expected) = self.lists.get("refused") {
            wrong.hold("refusals", &plan.refusals(), expected, plan);
        }
    }

    fn hold_reports(&self, relman: &dyn Fn(&[&str]) -> Ran, wrong: &mut Wrong) {
        if let Some(expected) = self.lists.get("status") {
            let ran = relman(&["status", "--json"]);
            let rows = if ran.code == 0 { rows(&ran.json()) } else { Vec::new() };
            wrong.hold("status", &rows, expected, &ran);
        }
        if let Some(expected) = self.lists.get("found") {
            let ran = relman(&["check", "--json"]);
            let codes: Vec<String> = ran.problems().iter().map(|f| f.split(' ').next().unwrap().to_owned()).collect();
            wrong.hold("findings", &codes, expected, &ran);
        }
        if let Some(expected) = self.lists.get("says") {
            let run: Vec<&str> = self.text("run", "--all auto").split(' ').collect();
            let runs =
                [vec!["status", "--explain"], vec!["status"], [&["plan"][..], &run].concat()].map(|args| relman(&args));
            let said = runs.map(|ran| ran.out + &ran.err).join("\n");
            let said = said.lines().map(plain).collect::<Vec<_>>().join("\n");
            for words in expected.iter().filter(|words| !said.contains(words.as_str())) {
                wrong.0.push(format!("`{words}` is not said in\n{said}"));
            }
        }
    }
}

#[derive(Default)]
struct Wrong(Vec<String>);

impl Wrong {
    fn hold<T: PartialEq<U> + std::fmt::Debug, U: std::fmt::Debug>(
        &mut self,
        what: &str,
        is: &T,
        to_be: &U,
        ran: &Ran,
    ) {
        if is != to_be {
            self.0.push(format!("{what}: is {is:?}, expected {to_be:?}\n{}{}", ran.out, ran.err));
        }
    }
}

fn strings(item: &Item) -> Option<Vec<String>> {
    item.as_array()?.iter().map(|value| value.as_str().map(str::to_owned)).collect()
}

/// A plan's bumps as `name from -> to reason of`.
fn bumps(plan: &Ran) -> Vec<String> {
    let steps = plan.bumps();
    let told = steps.iter().zip(plan.reasons()).map(|(step, reason)| {
        let (name, rest) = step.split_once(' ').unwrap();
        let (from, to) = rest.split_once(' ').unwrap();
        format!("{name} {from} -> {to} {}", reason.strip_prefix(name).unwrap().trim())
    });
    told.collect()
}

fn rows(status: &Value) -> Vec<String> {
    let text = |value: &Value| value.as_str().unwrap_or("-").to_owned();
    let row = |p: &Value| format!("{} {} {}", text(&p["name"]), text(&p["tag"]), p["commits"]);
    status["packages"].as_array().unwrap().iter().map(row).collect()
}

/// A line without the lines of its tree, without the ids of commits, and with single blanks.
fn plain(line: &str) -> String {
    let is_id = |word: &str| word.len() >= 7 && word.bytes().all(|byte| byte.is_ascii_hexdigit());
    let words = line.split([' ', '│', '├', '└', '─']).filter(|word| !word.is_empty() && !is_id(word));
    words.collect::<Vec<_>>().join(" ")
}
