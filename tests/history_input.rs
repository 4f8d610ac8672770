//! Bad input of history: messages, file names, tags and repositories of every kind. Nothing panics, and what can be known is known.

use std::fs;
use std::path::Path;

use crate::support::program::Ran;
use crate::support::repo::Repo;
use crate::support::script::{Script, fast_import};
use crate::support::stress;

const CONFIG: &str = "[packages.a]\npath = \"a\"\nmanifests = [\"a/VERSION\"]\n";

/// A repository of one package with this history behind its first tag.
fn one(history: &str) -> Repo {
    let repo = Repo::new();
    make(&repo, "", history);
    repo
}

fn make(repo: &Repo, folder: &str, history: &str) {
    let config = [(format!("{folder}relman.toml"), CONFIG.to_owned())];
    let begin = format!("commit chore: begin\n  {folder}a/VERSION = 1.0.0\ntag a-v1.0.0\n{history}");
    Script::read(&begin, &config).unwrap().make(repo);
}

/// `status` of the one package as `tag commits next`.
#[track_caller]
fn row(repo: &Repo) -> String {
    row_in(repo, repo.root())
}

#[track_caller]
fn row_in(repo: &Repo, folder: &Path) -> String {
    let ran = sound(repo.relman_with(folder, &["status", "--json"], &[]));
    let package = &ran.exits(0).json()["packages"][0];
    let text = |key: &str| package[key].as_str().unwrap_or("-").to_owned();
    format!("{} {} {}", text("tag"), package["commits"], text("next"))
}

/// A run that did not panic.
#[track_caller]
fn sound(ran: Ran) -> Ran {
    assert!(!ran.err.contains("panicked"), "{}", ran.err);
    assert!((0..=6).contains(&ran.code), "{ran:?}");
    ran
}

/// Every command that reads history, none of which may panic.
#[track_caller]
fn all_sound(repo: &Repo) {
    for args in [
        &["status"][..],
        &["status", "--explain"],
        &["status", "--no-history"],
        &["status", "--format", "{name} {commits} {next}"],
        &["plan", "--all", "auto"],
        &["bump", "--all", "auto", "alpha", "-n", "--json"],
        &["check"],
    ] {
        sound(repo.idle(args));
    }
}

/// A commit on main that changes one file below `a`; path and message in the words of `git fast-import`.
fn commit(path: &str, header: &str, message: &[u8]) -> Vec<u8> {
    let start = format!(
        "commit refs/heads/main\ncommitter C <c@example.com> 1700001000 +0000\n{header}data {}\n",
        message.len()
    );
    [start.as_bytes(), message, format!("\nM 100644 inline {path}\ndata 2\n1\n\n").as_bytes()].concat()
}

/// Puts commits on top of what is there.
fn add(repo: &Repo, commits: &[Vec<u8>]) {
    let head = repo.git(&["rev-parse", "HEAD"]);
    let reset = format!("reset refs/heads/main\nfrom {head}\n\n");
    fast_import(repo, &[reset.into_bytes(), commits.concat()].concat());
    repo.git(&["reset", "-q", "--hard"]);
}

#[test]
fn messages_of_every_kind() {
    let long_line = format!("fix: {}", "x".repeat(1 << 20));
    let long_body = format!("All of it\n\n{}", "* fix: a line of a very long message\n".repeat(30_000));
    let escape = b"feat: \x1b[31mred\x07";
    let cases: [(&str, &[u8], &str); 16] = [
        ("", b"feat: gr\xfc\xdfe\n\n\xff\xfe\x00", "1.1.0"),
        ("encoding ISO-8859-1\n", b"feat: gr\xfc\xdfe", "1.1.0"),
        ("encoding none-such\n", b"fix: gr\xfc\xdfe", "1.0.1"),
        ("", b"\xff\xfe\xfd", "-"),
        ("", b"", "-"),
        ("", b"\n\n\n", "-"),
        ("", b"   ", "-"),
        ("", b"fix: a\r\n\r\nBREAKING CHANGE: b\r\n", "2.0.0"),
        ("", b"feat: a\r\n", "1.1.0"),
        ("", b"fix: a\rBREAKING CHANGE: b", "-"),
        ("", long_line.as_bytes(), "1.0.1"),
        ("", long_body.as_bytes(), "1.0.1"),
        ("", escape, "1.1.0"),
        ("", b"feat: a\x00b", "1.1.0"),
        ("", b": no type", "-"),
        ("", "fixé: a\n\nfeat\u{a0}: b".as_bytes(), "-"),
    ];
    for (header, message, next) in cases {
        let repo = one("");
        add(&repo, &[commit("a/x", header, message)]);
        let shown = String::from_utf8_lossy(&message[..message.len().min(60)]).into_owned();
        assert_eq!(row(&repo), format!("a-v1.0.0 1 {next}"), "{shown:?}");
        let told = sound(repo.relman(&["status", "--explain"]));
        assert!(!told.out.contains(['\x1b', '\x07', '\r']), "{told:?}");
        if shown.is_empty() {
            all_sound(&repo);
        }
    }
}

#[test]
#[cfg(target_os = "linux")]
fn file_names_of_every_kind() {
    let names = [
        r#""a/new\nline""#,
        r#""a/qu\"ote""#,
        r#""a/back\\slash""#,
        r#""a/\377\376""#,
        r#""a/\377/x""#,
        r#""a/tab\tand bell\007""#,
        "a/:(exclude)x",
        "a/ leading",
        "a/-dash",
        "a/ä\u{308}",
    ];
    for name in names {
        let repo = one("");
        add(&repo, &[commit(name, "", b"fix: x")]);
        assert_eq!(row(&repo), "a-v1.0.0 1 1.0.1", "{name}");
        sound(repo.relman(&["bump", "--all", "auto", "-y"])).exits(0);
        repo.idle(&["bump", "--all", "auto", "-y"]).exits(5);
    }
    // Neither do such names beside the package count for it, nor do they hide what comes behind them.
    let repo = one("");
    let others = [r#""\nM\n""#, r#""\377a/x""#, r#""a\n/x""#, r#""A\"/x""#];
    add(&repo, &others.map(|name| commit(name, "", b"feat: x")));
    add(&repo, &[commit("a/x", "", b"fix: x")]);
    assert_eq!(row(&repo), "a-v1.0.0 1 1.0.1");
    all_sound(&repo);
}

#[test]
fn tags_that_stand_on_no_commit() {
    let repo = one("commit fix: x\n  a/x\n");
    let write = |name: &str, text: &str| fs::write(repo.root().join(".git/refs/tags").join(name), text).unwrap();
    repo.git(&["tag", "a-v2.0.0", "HEAD:a/VERSION"]);
    repo.git(&["tag", "-a", "-m", "x", "a-v2.1.0", "HEAD:a/VERSION"]);
    repo.git(&["tag", "a-v2.2.0", "HEAD^{tree}"]);
    assert_eq!(row(&repo), "a-v1.0.0 1 1.0.1");
    all_sound(&repo);
    repo.git(&["tag", "-a", "-m", "x", "of-a-tag", "a-v2.1.0"]);
    repo.git(&["tag", "-a", "-m", "x", "a-v2.3.0", "of-a-tag"]);
    assert_eq!(row(&repo), "a-v1.0.0 1 1.0.1");
    write("a-v3.0.0", &format!("{}\n", "1".repeat(40)));
    assert_eq!(row(&repo), "a-v1.0.0 1 1.0.1");
    all_sound(&repo);
    for (name, text) in [
        ("a-v3.1.0", "no id at all\n"),
        ("a-v3.2.0", ""),
        ("a-v3.3.0", "ref: refs/tags/none-such\n"),
        ("a-v3.4.0", "ref: refs/tags/a-v3.4.0\n"),
    ] {
        write(name, text);
        assert_eq!(row(&repo), "a-v1.0.0 1 1.0.1", "{name}");
        all_sound(&repo);
    }
    // A version that a tag of any kind occupies is taken.
    repo.git(&["tag", "a-v1.0.1", "HEAD:a/VERSION"]);
    assert_eq!(repo.idle(&["plan", "--all", "auto", "--json"]).exits(4).refusals(), ["tag-exists"]);
}

#[test]
fn tags_that_lead_to_a_commit_in_several_steps() {
    let repo = one(
        "commit feat: x\n  a/x\n  a/VERSION = 1.1.0\ntag first\ntag second of first\ntag a-v1.1.0 of second\ncommit fix: x\n  a/x\n",
    );
    assert_eq!(row(&repo), "a-v1.1.0 1 1.1.1");
    repo.git(&["symbolic-ref", "refs/tags/a-v1.0.9", "refs/tags/a-v1.0.0"]);
    repo.git(&["tag", "-d", "a-v1.1.0"]);
    repo.git(&["tag", "-d", "a-v1.0.0"]);
    assert_eq!(row(&repo), "- 3 1.1.0");
    repo.git(&["symbolic-ref", "refs/tags/a-v1.0.9", "refs/tags/second"]);
    assert_eq!(row(&repo), "a-v1.0.9 1 1.1.1");
    all_sound(&repo);
}

#[test]
fn thousands_of_tags() {
    for (count, packed) in [(stress::size(500, 5_000), false), (stress::size(1_000, 10_000), true)] {
        let repo = one("commit feat: x\n  a/x\n  a/VERSION = 1.0.1\n");
        let (old, new) = (repo.git(&["rev-parse", "HEAD~1"]), repo.git(&["rev-parse", "HEAD"]));
        let mut lines: Vec<String> =
            (0..count / 2).map(|n| format!("refs/tags/a-v0.{}.{}", n / 100, n % 100)).collect();
        lines.extend((0..count / 2).map(|n| format!("refs/tags/noise-{n}")));
        let of = |line: &String| format!("{old} {line}\n");
        if packed {
            let mut text: Vec<String> = lines.iter().map(of).collect();
            text.push(format!("{new} refs/tags/a-v1.0.1\n"));
            text.sort_by(|a, b| a[41..].cmp(&b[41..]));
            let header = "# pack-refs with: peeled fully-peeled sorted \n";
            fs::write(repo.root().join(".git/packed-refs"), header.to_owned() + &text.concat()).unwrap();
        } else {
            let updates: String = lines.iter().map(|line| format!("reset {line}\nfrom {old}\n\n")).collect();
            fast_import(&repo, format!("{updates}reset refs/tags/a-v1.0.1\nfrom {new}\n\n").as_bytes());
        }
        add(&repo, &[commit("a/y", "", b"fix: y")]);
        assert_eq!(row(&repo), "a-v1.0.1 1 1.0.2");
        all_sound(&repo);
    }
}

#[test]
#[cfg(target_os = "linux")]
fn a_tag_whose_name_is_not_utf8() {
    use std::os::unix::ffi::OsStrExt;
    let repo = one("commit fix: x\n  a/x\n");
    let head = repo.git(&["rev-parse", "HEAD"]);
    let name = std::ffi::OsStr::from_bytes(b".git/refs/tags/a-v2.0.0\xff");
    fs::write(repo.root().join(name), format!("{head}\n")).unwrap();
    assert_eq!(row(&repo), "a-v1.0.0 1 1.0.1");
    all_sound(&repo);
}

const THREE: &str = "commit feat!: one\n  a/one\ncommit fix: two\n  a/two\ncommit fix: three\n  a/three\n";

#[test]
fn grafts_and_replaced_commits() {
    // The parent of the last commit is the tag: what lay between is gone.
    let repo = one(THREE);
    assert_eq!(row(&repo), "a-v1.0.0 3 2.0.0");
    let ids = repo.git(&["rev-parse", "HEAD", "HEAD~1", "HEAD~2", "HEAD~3"]);
    let ids: Vec<&str> = ids.lines().collect();
    fs::create_dir_all(repo.root().join(".git/info")).unwrap();
    fs::write(repo.root().join(".git/info/grafts"), format!("{} {}\n", ids[0], ids[3])).unwrap();
    assert_eq!(row(&repo), "a-v1.0.0 1 1.0.1");
    all_sound(&repo);
    // A history that is cut off there is none that leads to the tag.
    fs::write(repo.root().join(".git/info/grafts"), format!("{}\n", ids[0])).unwrap();
    assert_eq!(row(&repo), "- 1 1.0.0");
    all_sound(&repo);
    // And one that goes on where nobody knows it.
    fs::write(repo.root().join(".git/info/grafts"), format!("{} {}\n", ids[0], "1".repeat(40))).unwrap();
    let told = sound(repo.idle(&["status"]));
    told.exits(2).says(&["is missing or damaged", "Could not read 1111"]);

    let repo = one(THREE);
    repo.git(&["replace", "--graft", "HEAD", "HEAD~3"]);
    assert_eq!(row(&repo), "a-v1.0.0 1 1.0.1");
    all_sound(&repo);
    // A commit that another one stands for, with other words and files.
    let repo = one(THREE);
    let other = repo.git(&["commit-tree", "-p", "HEAD~3", "-m", "feat: one, and it breaks nothing", "HEAD~2^{tree}"]);
    repo.git(&["replace", "HEAD~2", &other]);
    assert_eq!(row(&repo), "a-v1.0.0 3 1.1.0");
    all_sound(&repo);
}

#[test]
fn clocks_that_are_out_of_their_minds() {
    let dates = [0_i64, 4_102_444_800, 1, 1_700_000_000, 99_999_999_999, 5];
    let mut stream = Vec::new();
    for (at, date) in dates.iter().enumerate() {
        let text = String::from_utf8(commit(&format!("a/{at}"), "", b"fix: x")).unwrap();
        stream.push(text.replace("1700001000 +0000", &format!("{date} +1345")).into_bytes());
    }
    let repo = one("");
    add(&repo, &stream);
    assert_eq!(row(&repo), "a-v1.0.0 6 1.0.1");
    all_sound(&repo);
}

#[test]
fn objects_that_are_missing() {
    let lose = |repo: &Repo, what: &str| {
        let id = repo.git(&["rev-parse", what]);
        let path = repo.root().join(".git/objects").join(&id[..2]).join(&id[2..]);
        fs::remove_file(path).unwrap();
    };
    for what in ["HEAD~2", "HEAD~1^{tree}", "HEAD~3"] {
        let repo = one("");
        for n in 0..4 {
            // By git itself, which makes objects that lie loose.
            repo.commit(&[("a/x", &n.to_string())]);
        }
        lose(&repo, what);
        let told = sound(repo.idle(&["status"]));
        told.exits(2).says(&["an object of the repository is missing or damaged", "git fsck"]);
        sound(repo.idle(&["plan", "--all", "auto"])).exits(2);
        sound(repo.idle(&["status", "--no-history"])).exits(0);
    }
}

#[test]
fn no_commit_yet_and_no_branch() {
    let repo = Repo::new();
    repo.write("relman.toml", CONFIG);
    repo.write("a/VERSION", "1.0.0\n");
    all_sound(&repo);
    repo.idle(&["status"]).exits(0);
    repo.report(&["bump", "--all", "auto", "-y"]).exits(2).finds(&["no-commits"]);
    let repo = one("commit fix: x\n  a/x\n");
    repo.git(&["checkout", "-q", "--detach"]);
    assert_eq!(row(&repo), "a-v1.0.0 1 1.0.1");
    assert_eq!(repo.idle(&["plan", "--all", "auto", "--json"]).exits(4).refusals(), ["detached"]);
    all_sound(&repo);
}

/// What a repository must be able to do, whatever form git gave it.
fn works(repo: &Repo, folder: &Path) {
    assert_eq!(row_in(repo, folder), "a-v1.0.0 2 1.1.0");
    let relman = |args: &[&str]| sound(repo.relman_with(folder, args, &[]));
    let plan = relman(&["plan", "--all", "auto", "--json"]);
    assert_eq!(plan.exits(0).bumps(), ["a 1.0.0 1.1.0"]);
    relman(&["bump", "--all", "auto", "-y"]).exits(0);
    relman(&["bump", "--all", "auto", "-y"]).exits(5);
    assert_eq!(row_in(repo, folder), "a-v1.1.0 0 -");
    assert_eq!(repo.git_in(folder, &["status", "--porcelain"]), "");
    relman(&["check"]).exits(0);
}

const TWO: &str = "branch topic\ncommit feat: x\n  FOLDERa/x\nswitch main\ncommit docs: elsewhere\n  x\nmerge topic: Merge branch 'topic'\ncommit fix: y\n  FOLDERa/y\n";

#[test]
fn repositories_of_every_form() {
    let mut made = 0;
    let forms: [&[&str]; 4] = [
        &[],
        &["--object-format=sha256"],
        &["--ref-format=reftable"],
        &["--object-format=sha256", "--ref-format=reftable"],
    ];
    for options in forms {
        // Older versions of git do not know all of them.
        let Some(repo) = Repo::of_kind(options) else { continue };
        make(&repo, "", &TWO.replace("FOLDER", ""));
        works(&repo, repo.root());
        made += 1;
    }
    assert!(made > 0);
}

#[test]
fn a_linked_work_tree() {
    for options in [&[][..], &["--object-format=sha256", "--ref-format=reftable"]] {
        let Some(repo) = Repo::of_kind(options) else { continue };
        make(&repo, "", &TWO.replace("FOLDER", ""));
        repo.git(&["branch", "other"]);
        repo.git(&["worktree", "add", "-q", "../linked", "other"]);
        let linked = repo.outside().join("linked");
        works(&repo, &linked);
        // The tag is there for both, and main does not reach it.
        assert_eq!(row(&repo), "a-v1.0.0 2 1.1.0");
        assert_eq!(repo.idle(&["plan", "--all", "auto", "--json"]).exits(4).refusals(), ["tag-exists"]);
    }
}

#[test]
fn relman_toml_in_a_folder_below_the_top() {
    let repo = Repo::new();
    make(&repo, "some/where/", &TWO.replace("FOLDER", "some/where/"));
    works(&repo, &repo.root().join("some/where"));
    // And from a folder below that.
    assert_eq!(row_in(&repo, &repo.root().join("some/where/a")), "a-v1.1.0 0 -");
}

#[test]
fn an_alternate_and_a_bundle_of_packs() {
    let repo = one(&TWO.replace("FOLDER", ""));
    repo.git(&["repack", "-q", "-adf"]);
    repo.git(&["pack-refs", "--all"]);
    repo.git(&["commit-graph", "write", "--reachable", "--changed-paths"]);
    let outside = repo.outside();
    repo.git_in(&outside, &["clone", "-q", "--shared", "repo", "shared"]);
    works(&repo, &outside.join("shared"));
    works(&repo, repo.root());
}
