//! [`GatesConfig`]: the table `[gates]`, what must hold before a release begins.

use std::time::Duration;

use super::duration::read_duration;
use super::globs::read_globs;
use super::names::is_name;
use super::own_command::OwnCommand;
use super::problems::Problems;
use super::reader::{Node, TableReader};
use super::release_text::read_line;
use super::{NameGlob, ReleaseText, Spanned, VersionGlobs};

/// The names of the gates that relman knows itself.
pub const BUILT_IN_GATES: [&str; 11] = [
    "clean",
    "branch",
    "up-to-date",
    "tag",
    "remote-tag",
    "unpublished",
    "section",
    "ci",
    "issues",
    "requests",
    "fragments",
];

const STRENGTHS: [(&str, Strength); 3] =
    [("allow", Strength::Allow), ("ask", Strength::Ask), ("refuse", Strength::Refuse)];
const CI: [(&str, CiRule); 2] = [("off", CiRule::Off), ("green", CiRule::Green)];
const FRAGMENTS: [(&str, FragmentsRule); 2] = [("allow", FragmentsRule::Allow), ("refuse", FragmentsRule::Refuse)];

/// What must hold before a release begins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GatesConfig {
    /// Whether HEAD must hold all of its upstream.
    pub up_to_date: bool,
    /// Whether the remote must not hold a planned tag.
    pub remote_tag: bool,
    /// Whether no registry may have the version yet.
    pub unpublished: bool,
    /// Whether the changelog must have a section of the version at the commit to be tagged.
    pub section: bool,
    /// What CI must say of HEAD.
    pub ci: CiRule,
    /// How long to wait for a CI that is running.
    pub ci_wait: Duration,
    /// The jobs of CI that do not count.
    pub ci_ignore: Vec<NameGlob>,
    /// What open issues of the milestone mean.
    pub issues: Strength,
    /// What open requests of the milestone mean.
    pub requests: Strength,
    /// What a final without fragments means.
    pub fragments: FragmentsRule,
    /// Gates that are commands, by name, in the order of the file.
    pub commands: Vec<(String, OwnCommand)>,
    /// Gates that are questions to a person, by name, in the order of the file.
    pub questions: Vec<(String, Question)>,
}

/// What CI must say.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum CiRule {
    /// Nothing: it is not looked at.
    Off,
    /// That all jobs that count have passed.
    Green,
}

/// What it means that something is open.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Strength {
    /// Nothing.
    Allow,
    /// A person is asked.
    Ask,
    /// The release is refused.
    Refuse,
}

/// What a final without fragments means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum FragmentsRule {
    /// Nothing.
    Allow,
    /// The release is refused.
    Refuse,
}

/// A question to a person, who has to say yes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// The question.
    pub ask: ReleaseText,
    /// The versions for which it is asked.
    pub versions: VersionGlobs,
}

impl Default for GatesConfig {
    fn default() -> Self {
        Self {
            up_to_date: true,
            remote_tag: true,
            unpublished: true,
            section: true,
            ci: CiRule::Off,
            ci_wait: Duration::ZERO,
            ci_ignore: Vec::new(),
            issues: Strength::Allow,
            requests: Strength::Allow,
            fragments: FragmentsRule::Allow,
            commands: Vec::new(),
            questions: Vec::new(),
        }
    }
}

impl GatesConfig {
    /// Reads the table.
    pub(super) fn read(reader: Option<TableReader<'_>>) -> Option<Self> {
        let mut reader = reader?;
        let default = Self::default();
        let mut flag = |key, default| reader.boolean(key).map_or(default, |value| value.value);
        let up_to_date = flag("up-to-date", default.up_to_date);
        let remote_tag = flag("remote-tag", default.remote_tag);
        let unpublished = flag("unpublished", default.unpublished);
        let section = flag("section", default.section);
        let commands = commands(&mut reader);
        let gates = Self {
            up_to_date,
            remote_tag,
            unpublished,
            section,
            ci: reader.one_of("ci", &CI).map_or(default.ci, |rule| rule.value),
            ci_wait: read_duration(&mut reader, "ci-wait").map_or(default.ci_wait, |wait| wait.value),
            ci_ignore: read_globs(&mut reader, "ci-ignore", NameGlob::of_names).map_or(Vec::new(), |globs| globs.value),
            issues: reader.one_of("issues", &STRENGTHS).map_or(default.issues, |strength| strength.value),
            requests: reader.one_of("requests", &STRENGTHS).map_or(default.requests, |strength| strength.value),
            fragments: reader.one_of("fragments", &FRAGMENTS).map_or(default.fragments, |rule| rule.value),
            questions: questions(&mut reader, &commands),
            commands,
        };
        reader.finish();
        Some(gates)
    }
}

fn commands(reader: &mut TableReader<'_>) -> Vec<(String, OwnCommand)> {
    let nodes = reader.nodes("commands");
    let problems = reader.problems();
    let read = |(name, node): (Spanned<String>, Node<'_>)| {
        check_name(problems, &name, false);
        OwnCommand::read(&name, node, problems).map(|command| (name.value, command))
    };
    nodes.into_iter().filter_map(read).collect()
}

fn questions(reader: &mut TableReader<'_>, commands: &[(String, OwnCommand)]) -> Vec<(String, Question)> {
    let tables = reader.tables("questions");
    let problems = reader.problems();
    let read = |(name, mut table): (Spanned<String>, TableReader<'_>)| {
        check_name(problems, &name, commands.iter().any(|(command, _)| *command == name.value));
        let ask = read_line(&mut table, "ask", &[]);
        if !table.holds("ask") {
            problems.add(name.span, format!("the question `{}` has no `ask`", name.value), "write ask = \"...?\"");
        }
        let versions = VersionGlobs::read(&mut table);
        table.finish();
        Some((name.value, Question { ask: ask?, versions }))
    };
    tables.into_iter().filter_map(read).collect()
}

/// Reports the name of a gate that could not be typed, or that means another gate.
fn check_name(problems: &Problems<'_>, name: &Spanned<String>, is_taken: bool) {
    let message = if !is_name(&name.value) || name.value.contains(',') {
        format!("{:?} is not a valid name of a gate", name.value)
    } else if BUILT_IN_GATES.contains(&name.value.as_str()) {
        format!("`{}` is the name of a gate that relman knows itself", name.value)
    } else if is_taken {
        format!("`{}` is the name of a command and of a question", name.value)
    } else {
        return;
    };
    problems.add(name.span, message, "choose another name, without white space and commas, as in `smoke`");
}
