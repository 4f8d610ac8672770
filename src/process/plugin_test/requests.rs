//! What every plugin does with its hello, and with requests that it does not know.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::answers::is_valid;
use super::asker::{Asker, NoPlaces, Verdict, excerpt};
use super::subject::Subject;
use super::texts::read_texts;
use crate::model::PluginRole;
use crate::plugin::protocol::ErrorAnswer;

/// Tests that the hello is that of plugin.toml.
pub(super) fn test_hello(subject: &Subject) -> Verdict {
    let hello = Asker::plain(subject).hello()?;
    let file = &subject.file;
    for (what, found, expected) in
        [("name", &hello.name, &file.name.to_string()), ("version", &hello.version, &file.version)]
    {
        if found != expected {
            return Err(format!("the hello has the {what} `{found}`, expected `{expected}` as in plugin.toml"));
        }
    }
    let found: BTreeSet<&str> = hello.roles.iter().map(String::as_str).collect();
    let expected: BTreeSet<&str> = file.roles.iter().map(|role| role.name()).collect();
    if found == expected {
        Ok(())
    } else {
        Err(format!("the hello has the roles {found:?}, expected {expected:?} as in plugin.toml"))
    }
}

/// Tests that a role that does not exist is answered with an error.
pub(super) fn test_unknown_role(subject: &Subject) -> Verdict {
    refuses(subject, &json!({"relman": 1, "role": "nonsense", "settings": {}, "ask": "places", "files": []}))
}

/// Tests that an `ask` that does not exist is answered with an error, in each role.
pub(super) fn test_unknown_ask(subject: &Subject) -> Verdict {
    let ask = |role: &PluginRole| json!({"relman": 1, "role": role.name(), "settings": {}, "ask": "nonsense"});
    subject.file.roles.iter().try_for_each(|role| refuses(subject, &ask(role)))
}

fn refuses(subject: &Subject, request: &Value) -> Verdict {
    let answer = Asker::plain(subject).exchange(request)?;
    let is_error = serde_json::from_value::<ErrorAnswer>(answer.clone()).is_ok_and(|answer| !answer.error.is_empty());
    if is_error {
        Ok(())
    } else {
        Err(format!("found the answer `{}`, expected {{\"error\":\"...\"}}", excerpt(&answer.to_string())))
    }
}

/// Tests that no files are answered with no files.
pub(super) fn test_no_files(subject: &Subject) -> Verdict {
    Asker::plain(subject).places(&[]).map(drop).map_err(NoPlaces::into_message)
}

/// Tests that a plugin without settings answers, be it with an error.
pub(super) fn test_no_settings(subject: &Subject) -> Verdict {
    let Some(case) = subject.cases.iter().find(|case| case.content.expected.is_some()) else { return Ok(()) };
    let texts = read_texts(&case.folder.join("in"))?;
    let without = Asker::new(subject, serde_json::Map::new(), case.content.env.clone());
    match without.places(&texts) {
        Ok(_) | Err(NoPlaces::Refused(_)) => Ok(()),
        Err(NoPlaces::Wrong(why)) => Err(why),
    }
}

/// Tests a request about no package and about many, for the roles that are asked about packages.
pub(super) fn test_packages(subject: &Subject, role: PluginRole) -> Verdict {
    let package = |number: usize| json!({"name": format!("pakket-ö-{number}"), "version": null, "folders": [], "manifests": [], "last-tag": null});
    for count in [0, 1_000] {
        let packages: Vec<Value> = (0..count).map(package).collect();
        let ask = if role == PluginRole::Check { "findings" } else { "entries" };
        let request = json!({"relman": 1, "role": role.name(), "settings": {}, "ask": ask, "packages": packages});
        let answer = Asker::plain(subject).exchange(&request).and_then(|answer| is_valid(role, &answer));
        answer.map_err(|why| format!("{count} packages: {why}"))?;
    }
    Ok(())
}
