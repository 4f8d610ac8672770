//! [`read_message`]: commit messages, and which of them are those of release commits.

use crate::config::{Config, MessageTemplate};
use crate::history::{Message, ReleasedPackage, releases};

/// What stands for the day in a subject while the rest of it is compared.
const DAY: &str = "\0";

/// Reads a commit message by the rules of relman.toml.
pub(super) fn read_message(text: &[u8], config: &Config) -> Message {
    let mut message = Message::read(text, config.commits.body, |kind| config.commits.levels.knows(kind));
    without_mere_lists(&mut message, text, &config.workspace.commit_message);
    message
}

/// Keeps what a message says about releases only if it is that of a release commit, or of a squash of one: it has the trailer of a tag, or
/// a line that is the subject of relman's commit for the packages that it lists.
fn without_mere_lists(message: &mut Message, text: &[u8], template: &MessageTemplate) {
    if message.packages.is_empty() || !message.released.is_empty() {
        return;
    }
    let text = String::from_utf8_lossy(text);
    let bare = |line: &str| line.trim().trim_start_matches("* ").to_owned();
    let is_subject = |line: &str| is_subject(template, &message.packages, line);
    if is_subject(&message.subject) {
        // The items of a squash are changes in addition to the release.
        message.is_release |= !text.lines().any(|line| line.starts_with("* "));
    } else if !text.lines().any(|line| is_subject(&bare(line))) {
        message.packages.clear();
    }
}

/// Returns `true` if a line begins as the subject of the release of these packages: a forge adds the number of a request at its end.
fn is_subject(template: &MessageTemplate, packages: &[ReleasedPackage], line: &str) -> bool {
    if !["releases", "version"].iter().any(|word| template.uses(word)) {
        return false;
    }
    let subject = template.fill(|word| match word {
        "releases" => releases(packages.iter().map(|one| (one.package.as_str(), one.version.as_str()))),
        "version" => packages.first().map_or(String::new(), |one| one.version.clone()),
        _ => DAY.to_owned(),
    });
    let mut parts = subject.lines().next().unwrap_or("").split(DAY);
    let Some(mut rest) = line.strip_prefix(parts.next().unwrap_or("")) else { return false };
    parts.all(|part| match rest.find(part) {
        Some(at) => {
            rest = rest.get(at + part.len()..).unwrap_or("");
            true
        }
        None => false,
    })
}

#[cfg(test)]
mod tests {
    use super::without_mere_lists;
    use crate::config::MessageTemplate;
    use crate::history::Message;
    use crate::model::CommitBody;

    #[test]
    fn only_release_commits_name_packages() {
        let default = "chore(release): {releases}";
        let dated = "Release {version} of {date} (all)";
        let body = "\n\n- a 1.0.0 -> 1.1.0\n- @x/b 2.0.0\n";
        let cases = [
            (default, format!("chore(release): a 1.1.0, @x/b 2.0.0{body}"), 2, true),
            (default, format!("chore(release): a 1.1.0, @x/b 2.0.0 (#12){body}"), 2, true),
            (default, format!("feat: all (#12)\n\n* chore(release): a 1.1.0, @x/b 2.0.0{body}"), 2, false),
            (default, format!("chore(deps): update{body}"), 0, false),
            (default, format!("chore(release): 1.1.0{body}"), 0, false),
            (default, format!("feat: x{body}\nRelman-Release: v1\n"), 2, true),
            (dated, format!("Release 1.1.0 of 2026-11-26 (all){body}"), 2, true),
            (dated, format!("Release 1.1.1 of 2026-11-26 (all){body}"), 0, false),
            ("{date}", format!("2026-11-26{body}"), 0, false),
        ];
        for (template, text, packages, is_release) in cases {
            let template = MessageTemplate::new(template, &MessageTemplate::OF_COMMITS).unwrap();
            let mut message = Message::read(text.as_bytes(), CommitBody::Footers, |_| false);
            without_mere_lists(&mut message, text.as_bytes(), &template);
            assert_eq!((message.packages.len(), message.is_release), (packages, is_release), "{text}");
        }
    }
}
