//! [`checks`]: all that a plugin is tested for.

use super::answers::test_answer;
use super::asker::Verdict;
use super::places::test_places;
use super::requests::{
    test_hello, test_no_files, test_no_settings, test_packages, test_unknown_ask, test_unknown_role,
};
use super::subject::{Case, Subject};
use super::variants::{VARIANTS, test_bytes, test_many};
use crate::model::PluginRole;

/// Something that a plugin is tested for.
pub(super) struct Check<'a> {
    /// What it is called.
    pub(super) name: String,
    /// What tests it.
    pub(super) test: Box<dyn Fn() -> Verdict + Sync + 'a>,
}

/// Returns the checks of a plugin: what the protocol asks of its roles, and its cases.
pub(super) fn checks(subject: &Subject) -> Vec<Check<'_>> {
    let mut checks = vec![
        check("hello", || test_hello(subject)),
        check("unknown role", || test_unknown_role(subject)),
        check("unknown ask", || test_unknown_ask(subject)),
    ];
    if subject.file.roles.contains(&PluginRole::Manifest) {
        checks.push(check("no files", || test_no_files(subject)));
        checks.push(check("no settings", || test_no_settings(subject)));
        checks.extend(VARIANTS.iter().map(|variant| check(variant.name, || variant.test(subject))));
        checks.push(check("many files", || test_many(subject)));
        checks.push(check("bytes", || test_bytes(subject)));
    }
    for role in [PluginRole::Check, PluginRole::Notes].into_iter().filter(|role| subject.file.roles.contains(role)) {
        checks.push(check(format!("packages for {role}"), move || test_packages(subject, role)));
    }
    checks.extend(subject.cases.iter().map(|case| check(format!("case {}", case.name), || test_case(subject, case))));
    if subject.cases.is_empty() {
        let message = "no cases found; expected folders `cases/NAME`, each with a case.toml";
        checks.push(check("cases", || Err(message.to_owned())));
    }
    checks
}

fn check<'a>(name: impl Into<String>, test: impl Fn() -> Verdict + Sync + 'a) -> Check<'a> {
    Check { name: name.into(), test: Box::new(test) }
}

fn test_case(subject: &Subject, case: &Case) -> Verdict {
    match &case.content.expected {
        Some(expected) => test_places(subject, case, expected),
        None => test_answer(subject, case),
    }
}
