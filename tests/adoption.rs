//! Repositories that `init` has never seen: `fixtures/adoption/NAME/`.
//!
//! - `make.sh` makes the repository, with git and the words of `lib.sh`
//! - `relman.toml` is what `init` writes, byte for byte, and again in a clone with another name
//! - `check` is how `check` exits with it, and the code and place of each finding
//! - `next` begins with the arguments of a `plan`; then come its tags and the files that it edits, or its refusals
//!
//! `SNAPSHOTS=overwrite` renews all but `make.sh` and the arguments. Read what it wrote before you commit it.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use crate::support::cases::cases;
use crate::support::program::Ran;
use crate::support::repo::Repo;

cases! {
    bump_my_version,
    bump_my_version_alone,
    cargo_inherited,
    cargo_own_versions,
    cargo_release,
    cargo_workspace,
    cargo_workspace_dependencies,
    change_files,
    changelog_each,
    changelog_left_out,
    changelog_most,
    changesets_apart,
    changesets_fixed,
    changesets_pre,
    changesets_private,
    changesets_untagged,
    chart_and_python,
    chart_behind,
    chart_of_another,
    chart_of_one_name,
    chart_of_program,
    chart_own_tags,
    charts,
    cmake_and_chart,
    coincidence,
    commitizen,
    conventional_commits,
    covector,
    dead_head,
    dependents_always,
    development_on_main,
    eachdist,
    foreign_fragments,
    generated_changelog,
    go_and_chart,
    go_constants,
    go_modules,
    go_program,
    go_version_file,
    go_whole_tags,
    hatch_vcs,
    image_tags,
    keep_a_changelog,
    languages,
    lerna_changelogs,
    lerna_fixed,
    lerna_independent,
    lerna_lagging,
    lerna_left_behind,
    lerna_parts,
    lerna_seldom,
    many_charts,
    maturin,
    maturin_apart,
    maven_two_parts,
    merges_alone,
    moved_folder,
    namespace_packages,
    napi,
    next_series,
    npm_scoped,
    odd_tag,
    odd_tags,
    package_in_test,
    parts_under_one_tag,
    placeholders,
    prerelease_without_section,
    private_apps,
    python_partial,
    python_source,
    python_version_module,
    readme_line,
    release_branches,
    release_please_go,
    release_please_marks,
    release_please_node,
    release_please_python,
    release_please_sections,
    repeated_version,
    requirements_move,
    requirements_stay,
    root_version,
    server_json,
    setup_py,
    side_commit,
    single,
    switched_spelling,
    tags_alone,
    tool_and_crates,
    towncrier,
    two_lines,
    two_spellings,
    uv_workspace,
    version_and_channel,
    version_constant,
    version_file_twenty,
    version_in_data,
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/adoption")
}

#[test]
fn every_folder_is_a_case() {
    let entries = fs::read_dir(folder()).unwrap().map(Result::unwrap).filter(|entry| entry.path().is_dir());
    let mut folders: Vec<String> = entries.map(|entry| entry.file_name().to_string_lossy().replace('-', "_")).collect();
    folders.sort();
    assert_eq!(folders, CASES);
}

#[track_caller]
fn hold(name: &str) {
    let home = folder().join(name.replace('_', "-"));
    let repo = Repo::new();
    repo.make(&home);
    let wrote = repo.relman(&["init"]);
    wrote.exits(0);
    let text = repo.read("relman.toml").unwrap();
    same(&home.join("relman.toml"), &text);
    assert_eq!(repo.relman(&["init", "--dry-run"]).exits(0).out, text, "a second `init` says something else");
    let clone = repo.outside().join("clone of another name");
    repo.git_in(&repo.outside(), &["clone", "-q", "--no-local", "repo", &clone.display().to_string()]);
    let in_clone = repo.relman_with(&clone, &["init", "--dry-run"], &[]);
    assert_eq!(in_clone.exits(0).out, text, "`init` in a clone says something else");
    repo.git(&["add", "-A"]);
    repo.git(&["commit", "-qm", "chore: adopt relman"]);
    same(&home.join("check"), &checked(&repo));
    let next = fs::read_to_string(home.join("next")).unwrap();
    let request = next.lines().next().unwrap();
    same(&home.join("next"), &planned(&repo, request));
}

fn checked(repo: &Repo) -> String {
    let ran = repo.report(&["check"]);
    let findings = ran.problems().into_iter().map(|finding| finding + "\n");
    format!("exit {}\n{}", ran.code, findings.collect::<String>())
}

fn planned(repo: &Repo, request: &str) -> String {
    let words: Vec<&str> = request.split(' ').collect();
    let ran = repo.report(&[&["plan"][..], &words].concat());
    let mut text = format!("{request}\n");
    if ran.code != 0 {
        writeln!(text, "exit {}", ran.code).unwrap();
        ran.problems().iter().for_each(|problem| writeln!(text, "{problem}").unwrap());
        return text;
    }
    ran.tags().iter().for_each(|tag| writeln!(text, "tag {tag}").unwrap());
    edits(&ran).iter().for_each(|path| writeln!(text, "edit {path}").unwrap());
    text
}

fn edits(plan: &Ran) -> Vec<String> {
    let plan = plan.json();
    let files = plan["files"].as_array().unwrap().iter();
    files.map(|file| file["path"].as_str().unwrap().to_owned()).collect()
}

#[track_caller]
fn same(path: &Path, text: &str) {
    let known = fs::read_to_string(path).unwrap_or_default();
    if std::env::var("SNAPSHOTS").is_ok_and(|value| value == "overwrite") && known != text {
        fs::write(path, text).unwrap();
        return;
    }
    assert_eq!(known, text, "{} is something else; SNAPSHOTS=overwrite renews it", path.display());
}
