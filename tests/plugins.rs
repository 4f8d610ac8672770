//! Plugins: what relman asks them, what it believes, and what it does not start.
//!
//! The plugins of these tests are shell scripts, so that the tests need nothing but git.

use crate::support::program::Ran;
use crate::support::repo::Repo;

const HELLO: &str = r#"echo '{"relman":[1],"name":"ini","version":"1.4.0","roles":["manifest","check","notes"]}'"#;

/// Finds the version behind `version = `, which is the first thing in the file.
const FINDS: &str = r#"
read -r line || exit 0
v=$(printf %s "$line" | sed 's/.*"text":"version = \([^\\"]*\).*/\1/')
echo "{\"files\":[{\"path\":\"app.ini\",\"places\":[{\"field\":\"version\",\"start\":10,\"end\":$((10 + ${#v})),\"text\":\"$v\"}]}]}""#;

const CONFIG: &str = "[packages.app]\nmanifests = [{ path = \"app.ini\", plugin = \"ini\" }]\n\n[packages.other]\nmanifests = [\"VERSION\"]\n\n\
                      [plugins.ini]\ncommand = [\"sh\", \"plugins/ini.sh\"]\n";

const ALL: [(&str, &str); 1] = [("RELMAN_TRUST_PLUGINS", "1")];

/// A repository whose package `app` has its version in app.ini, which the plugin of this script finds.
fn repo_with(config: &str, script: &str) -> Repo {
    Repo::with(&[
        ("relman.toml", config),
        ("app.ini", "version = 1.2.0\n"),
        ("VERSION", "0.1.0\n"),
        ("plugins/ini.sh", script),
    ])
}

fn repo() -> Repo {
    repo_with(CONFIG, &format!("{HELLO}\n{FINDS}\n"))
}

fn trusting(repo: &Repo, args: &[&str]) -> Ran {
    repo.relman_with(repo.root(), args, &ALL)
}

#[test]
fn a_bump_writes_what_a_plugin_finds_and_nothing_else() {
    let repo = repo();
    let ran = trusting(&repo, &["bump", "-p", "app", "minor", "-y", "--json"]);
    ran.exits(0);
    assert_eq!(ran.slots(), ["app.ini:1 1.2.0 1.3.0"]);
    assert_eq!(repo.read("app.ini").unwrap(), "version = 1.3.0\n");
    assert_eq!(repo.git(&["show", "--stat", "--format=", "--name-only", "HEAD"]), "app.ini");
    trusting(&repo, &["check"]).exits(0);
}

#[test]
fn nothing_is_started_that_this_user_did_not_trust() {
    let repo = repo_with(CONFIG, &format!("echo x > /tmp/started; {HELLO}\n{FINDS}\n"));
    let before = repo.state();
    let status = repo.relman(&["status", "--json"]);
    status.exits(0).says(&["`ini` is not trusted", "left out: app.ini", "relman plugin trust ini"]);
    let left = &status.json()["left-out"][0];
    let named = [&left["plugin"], &left["files"][0], &left["packages"][0]].map(|name| name.as_str().unwrap());
    assert_eq!(named, ["ini", "app.ini", "app"]);
    assert!(status.json()["packages"].as_array().unwrap().iter().all(|package| package["name"] != "app"));
    repo.relman(&["check"]).exits(0).says(&["`ini` is not trusted"]);
    for args in [
        &["bump", "-p", "app", "minor", "-n"][..],
        &["bump", "-p", "other", "minor", "-y"],
        &["bump", "--all", "patch", "-y"],
    ] {
        repo.relman(args).exits(4).says(&["`ini` is not trusted"]);
    }
    assert!(before == repo.state());
}

#[test]
fn nothing_is_released_or_tagged_without_what_a_plugin_would_add() {
    let notes = CONFIG.replace(
        "[plugins.ini]",
        "[changelog]\n\n[plugins.more]\ncommand = [\"sh\", \"plugins/ini.sh\"]\nroles = [\"notes\"]\n\n[plugins.ini]",
    );
    let repo = repo_with(&notes, &format!("{HELLO}\n{FINDS}\n"));
    let before = repo.state();
    // All that are missing are named at once.
    repo.relman(&["bump", "-p", "other", "minor", "-y"])
        .exits(4)
        .says(&["`ini` is not trusted", "`more` is not trusted"]);
    repo.relman(&["tag", "-y"]).exits(4).says(&["`ini` is not trusted"]);
    assert!(before == repo.state());
}

#[test]
fn trust_is_in_these_bytes_for_this_user_alone() {
    let repo = repo();
    repo.relman(&["plugin", "trust", "ini"]).exits(0).says(&["sh plugins/ini.sh", "plugins/ini.sh"]);
    repo.relman(&["status", "app"]).exits(0).says(&["1.2.0"]);
    repo.relman(&["--no-plugins", "status"]).exits(0).says(&["switched off", "app.ini"]);
    repo.write("plugins/ini.sh", &format!("{HELLO}\n{FINDS}\n# other\n"));
    repo.relman(&["status"]).exits(0).says(&["not what was trusted", "relman plugin trust ini"]);
    repo.relman(&["plugin", "trust", "ini"]).exits(0);
    repo.write("relman.toml", &CONFIG.replace("[\"sh\",", "[\"sh\", \"-e\","));
    repo.relman(&["status"]).exits(0).says(&["not what was trusted"]);
    repo.relman(&["plugin", "trust", "ini"]).exits(0);
    repo.relman(&["plugin", "trust", "--remove", "ini"]).exits(0);
    repo.relman(&["status"]).exits(0).says(&["is not trusted"]);
    assert_eq!(
        repo.git(&["status", "--porcelain", "--ignored"]).lines().count(),
        2,
        "nothing is kept in the repository"
    );
}

#[test]
fn the_list_says_what_each_plugin_is_and_does() {
    let repo = repo();
    let list = repo.relman(&["plugin", "list", "--json"]);
    let state = |ran: &Ran| ran.json()["plugins"][0]["state"].clone();
    assert_eq!(state(&list), "untrusted");
    let trusted = trusting(&repo, &["plugin", "list", "--json"]);
    let plugin = &trusted.json()["plugins"][0];
    assert_eq!((&plugin["state"], &plugin["version"]), (&"trusted".into(), &"1.4.0".into()));
    assert_eq!(plugin["used-for"][0], "manifest");
    repo.relman(&["plugin", "trust", "inni"]).exits(2).says(&["`inni` is not a plugin", "ini"]);
}

#[cfg(unix)]
#[test]
fn without_a_table_the_program_of_its_name_is_meant() {
    use std::os::unix::fs::PermissionsExt;
    let config = CONFIG.split("[plugins.ini]").next().unwrap();
    let repo = repo_with(config, "");
    let folder = repo.outside().join("bin");
    std::fs::create_dir_all(&folder).unwrap();
    let program = folder.join("relman-ini");
    std::fs::write(&program, format!("#!/bin/sh\n{HELLO}\n{FINDS}\n")).unwrap();
    std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o755)).unwrap();
    let path = format!("{}:{}", folder.display(), std::env::var("PATH").unwrap());
    let run = |args: &[&str]| repo.relman_with(repo.root(), args, &[("PATH", &path)]);
    run(&["status"]).exits(0).says(&["`ini` is not trusted"]);
    run(&["plugin", "trust", "ini"]).exits(0).says(&["relman-ini"]);
    run(&["bump", "-p", "app", "minor", "-y"]).exits(0);
    assert_eq!(repo.read("app.ini").unwrap(), "version = 1.3.0\n");
}

#[test]
fn a_hook_asks_about_the_text_of_the_index() {
    let repo = repo_with(
        "[packages.app]\nmanifests = [\"VERSION\", { path = \"app.ini\", plugin = \"ini\" }]\n\n[plugins.ini]\ncommand = [\"sh\", \"plugins/ini.sh\"]\n",
        &format!("{HELLO}\n{FINDS}\n"),
    );
    repo.write("VERSION", "1.3.0\n");
    repo.write("app.ini", "version = 1.3.0\n");
    repo.git(&["add", "VERSION"]);
    let staged = trusting(&repo, &["check", "--staged", "--json"]);
    staged.exits(3).finds(&["drift app.ini:1:11 1.2.0 1.3.0"]);
    trusting(&repo, &["check"]).exits(0);
    repo.git(&["add", "app.ini"]);
    trusting(&repo, &["check", "--staged"]).exits(0);
}

/// Runs `check` and `bump` with a plugin that misbehaves: both name it and the file, and nothing changes.
fn misbehaves(script: &str, words: &[&str]) {
    let config = CONFIG.replace("[plugins.ini]", "[plugins.ini]\ntimeout = \"2s\"");
    let repo = repo_with(&config, script);
    let before = repo.state();
    let check = trusting(&repo, &["check", "--json"]);
    check.exits(3);
    let finding = check.json()["findings"][0].clone();
    let message = finding["message"].as_str().unwrap_or_default().to_owned();
    assert_eq!(
        (&finding["code"], &finding["path"]),
        (&"unreadable".into(), &"app.ini".into()),
        "{script}: {}",
        check.out
    );
    assert!(message.contains("the plugin `ini`"), "{message}");
    assert!(words.iter().all(|word| message.contains(word)), "{script}: {message}, expected {words:?}");
    trusting(&repo, &["bump", "-p", "app", "minor", "-y"]).exits(2);
    assert!(before == repo.state(), "{script} left something");
    assert_eq!(repo.read("app.ini").unwrap(), "version = 1.2.0\n");
}

#[test]
fn a_plugin_that_does_not_answer_is_named() {
    for (script, words) in [
        ("sleep 60", &["did not answer within 2 s"][..]),
        ("exit 0", &["wrote nothing"]),
        ("echo rubbish", &["hello that is not valid", "`rubbish`"]),
        ("printf '\\377\\376'", &["not UTF-8"]),
        ("echo '{\"relman\":[1],\"name\":\"x\"}'", &["hello that is not valid", "version"]),
        ("echo '{\"relman\":[2,3],\"name\":\"x\",\"version\":\"1\",\"roles\":[]}'", &["protocol 2, 3", "expected 1"]),
        (
            "echo '{\"relman\":[1],\"name\":\"x\",\"version\":\"7.1\",\"roles\":[\"check\"]}'",
            &["7.1", "does not have the role manifest"],
        ),
        ("exit 1", &["exited with code 1"]),
        ("kill -9 $$", &["ended by signal 9"]),
        ("yes", &["wrote more than"]),
        ("while :; do printf 'x%.0s' 1 2 3 4 5 6 7 8; done", &["did not answer", "2 s"]),
    ] {
        misbehaves(script, words);
    }
}

#[test]
fn an_answer_that_does_not_fit_is_named() {
    let answers = [
        (r#"{"files":[]}"#, &["1.4.0", "no file", "app.ini"][..]),
        (r#"{"files":[{"path":"other.ini"}]}"#, &["other.ini"]),
        (r#"{"files":[{"path":"app.ini","placs":[]}]}"#, &["answer that is not valid", "placs"]),
        (r#"{"error":"no such thing"}"#, &["answered: no such thing"]),
        (
            r#"{"files":[{"path":"app.ini","places":[{"field":"version","start":10,"end":99,"text":"1.2.0"}]}]}"#,
            &["outside of the text"],
        ),
        (
            r#"{"files":[{"path":"app.ini","places":[{"field":"version","start":12,"end":10,"text":""}]}]}"#,
            &["ends before it begins"],
        ),
        (
            r#"{"files":[{"path":"app.ini","places":[{"field":"version","start":9,"end":14,"text":"1.2.0"}]}]}"#,
            &["holds ` 1.2.`"],
        ),
        (
            r#"{"files":[{"path":"app.ini","places":[{"field":"version","start":10,"end":10,"text":""}]}]}"#,
            &["is empty"],
        ),
        (
            r#"{"files":[{"path":"app.ini","places":[{"field":"a","start":10,"end":13,"text":"1.2"},{"field":"b","start":12,"end":15,"text":"2.0"}]}]}"#,
            &["overlap", "10..13", "12..15"],
        ),
    ];
    for (answer, words) in answers {
        misbehaves(&format!("{HELLO}\necho '{answer}'"), words);
    }
    let good = r#"{"files":[{"path":"app.ini","places":[{"field":"version","start":10,"end":15,"text":"1.2.0"}]}]}"#;
    misbehaves(&format!("{HELLO}\necho '{good}'\necho '{good}'"), &["wrote 3 lines"]);
    misbehaves(&format!("{HELLO}\necho '{good}'\nexit 5"), &["exited with code 5"]);
}

#[test]
fn a_place_in_the_middle_of_a_character_is_refused() {
    let repo = repo_with(
        CONFIG,
        &format!(
            "{HELLO}\necho '{{\"files\":[{{\"path\":\"app.ini\",\"places\":[{{\"field\":\"version\",\"start\":11,\"end\":16,\"text\":\"1.2.0\"}}]}}]}}'"
        ),
    );
    repo.commit(&[("app.ini", "version = é1.2.0\n")]);
    let check = trusting(&repo, &["check"]);
    check.exits(3).says(&["middle of a character", "`ini`"]);
}

#[test]
fn a_plugin_that_finds_something_else_after_the_edit_stops_the_bump() {
    let script = format!(
        "{HELLO}\nread -r line\ncase \"$line\" in *1.2.0*) v=1.2.0;; *) v=1.3;; esac\n\
         echo \"{{\\\"files\\\":[{{\\\"path\\\":\\\"app.ini\\\",\\\"places\\\":[{{\\\"field\\\":\\\"version\\\",\\\"start\\\":10,\\\"end\\\":$((10 + ${{#v}})),\\\"text\\\":\\\"$v\\\"}}]}}]}}\""
    );
    let repo = repo_with(CONFIG, &script);
    let before = repo.state();
    let ran = trusting(&repo, &["bump", "-p", "app", "minor", "-y", "--json"]);
    ran.exits(4);
    assert_eq!(ran.refusals(), ["plugin"]);
    assert!(before == repo.state());
}

#[test]
fn it_is_given_no_secrets_and_may_write_in_its_own_folder_alone() {
    let script = format!(
        "env > \"$TMPDIR/env\" && env | sed 's/^/ENV /' >&2\necho stolen > app.ini\necho new > new.txt\nrm VERSION\ntrue > plugins/ini.sh\n{HELLO}\n{FINDS}\n"
    );
    let config = CONFIG.replace("[plugins.ini]", "[plugins.ini]\nenv = [\"WANTED\"]");
    let repo = repo_with(&config, &script);
    let before = repo.state();
    let variables = [("RELMAN_TRUST_PLUGINS", "1"), ("SECRET_TOKEN", "hush"), ("WANTED", "yes")];
    let ran = repo.relman_with(repo.root(), &["status", "--json"], &variables);
    assert!(ran.err.contains("ini | ENV WANTED=yes"), "{}", ran.err);
    assert!(!ran.err.contains("SECRET_TOKEN") && !ran.err.contains("GIT_"), "{}", ran.err);
    let is_written = repo.read("new.txt").is_some();
    if is_written {
        // Without the system's help the tree is compared, and what was written is reported.
        ran.exits(2).says(&["wrote", "must leave the repository alone"]);
    } else {
        ran.exits(0);
        assert!(before == repo.state());
    }
}

#[test]
fn a_child_that_lives_on_is_ended() {
    let repo = repo_with(CONFIG, &format!("sleep 1000 &\necho \"child $!\" >&2\n{HELLO}\n{FINDS}\n"));
    let ran = trusting(&repo, &["status"]);
    ran.exits(0);
    let child: u32 = ran.err.split("child ").nth(1).unwrap().split_whitespace().next().unwrap().parse().unwrap();
    let is_gone = || std::fs::read_to_string(format!("/proc/{child}/stat")).map_or(true, |stat| stat.contains(") Z "));
    assert!(!cfg!(target_os = "linux") || is_gone(), "{child} lives");
}

#[cfg(unix)]
#[test]
fn a_program_that_cannot_be_run_or_leads_out_is_named() {
    use std::os::unix::fs::symlink;
    let repo = repo();
    for (command, words) in [
        ("[\"plugins/ini.sh\"]", "cannot be run"),
        ("[\"plugins/nothing.sh\"]", "was not found"),
        ("[\"relman-no-such-program\"]", "was not found"),
        ("[\"sh\", \"plugins/out.sh\"]", "leads out of the repository"),
    ] {
        let outside = repo.outside().join("out.sh");
        std::fs::create_dir_all(repo.outside()).unwrap();
        std::fs::write(&outside, HELLO).unwrap();
        if repo.read("plugins/out.sh").is_none() {
            symlink(&outside, repo.root().join("plugins/out.sh")).unwrap();
        }
        repo.write("relman.toml", &CONFIG.replace("[\"sh\", \"plugins/ini.sh\"]", command));
        trusting(&repo, &["check"]).exits(3).says(&[words, "`ini`"]);
        repo.relman(&["plugin", "trust", "ini"]).exits(2).says(&[words]);
    }
}

#[test]
fn what_a_plugin_checks_is_a_finding_and_a_gate() {
    let script = format!(
        "{HELLO}\nread -r line || exit 0\ncase \"$line\" in *findings*)\necho '{{\"findings\":[{{\"message\":\"has no owner\",\"package\":\"other\",\"path\":\"VERSION\",\"line\":1,\"help\":\"name one\"}}]}}';;\n*) echo '{{\"error\":\"unknown\"}}';; esac\n"
    );
    let config = "[packages.other]\nmanifests = [\"VERSION\"]\n\n[gates]\nup-to-date = false\nremote-tag = false\n\n[plugins.ini]\ncommand = [\"sh\", \"plugins/ini.sh\"]\nroles = [\"check\"]\n";
    let repo = repo_with(config, &script);
    repo.relman(&["check"]).exits(0).says(&["is not trusted"]);
    // What was not asked has not passed.
    let unasked = repo.relman(&["bump", "-p", "other", "minor", "-y", "--json"]);
    unasked.exits(4).finds(&["gate"]);
    let check = trusting(&repo, &["check", "--json"]);
    check.exits(3);
    check.finds(&["plugin VERSION"]);
    let bump = trusting(&repo, &["bump", "-p", "other", "minor", "-y", "--json"]);
    bump.exits(4);
    assert_eq!(bump.refusals(), ["gate"]);
    trusting(&repo, &["bump", "-p", "other", "minor", "-y", "--skip-gate", "plugin:ini"]).exits(0);
}
