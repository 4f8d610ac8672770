//! [`MilestoneEntries`]: what the issues and requests of a milestone become in a changelog.

use super::reader::TableReader;
use super::{MessageTemplate, Spanned};
use crate::model::did_you_mean;

/// The placeholders of `entry`.
const OF_ENTRIES: [&str; 4] = ["number", "title", "author", "url"];

/// The type of an entry whose labels do not decide it.
const OTHERWISE: &str = "added";

/// What the issues and requests of a milestone become in a changelog.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MilestoneEntries {
    /// The entry, with `{number}`, `{title}`, `{author}` and `{url}`.
    pub entry: MessageTemplate,
    /// Labels with the type of the change that they mean; the first that fits decides.
    pub labels: Vec<(String, String)>,
    /// The type of a change without such a label.
    pub otherwise: String,
    /// The authors and labels whose issues and requests have no entry.
    pub skip: Vec<String>,
}

impl Default for MilestoneEntries {
    fn default() -> Self {
        Self {
            entry: MessageTemplate::of_entries(),
            labels: Vec::new(),
            otherwise: OTHERWISE.to_owned(),
            skip: Vec::new(),
        }
    }
}

impl MilestoneEntries {
    /// Reads the key `milestone` on top of what is known so far. `types` are those that have a group.
    pub(super) fn merged_with(self, reader: &mut TableReader<'_>, types: &[(String, String)]) -> Self {
        let Some(mut table) = reader.table("milestone") else { return self };
        let labels = table.texts("labels").map(|labels| {
            let read = |(label, kind): (Spanned<String>, Spanned<String>)| {
                Some((label.value, known_type(&table, &kind, types)?))
            };
            labels.into_iter().filter_map(read).collect()
        });
        let otherwise = table.string("else").and_then(|kind| known_type(&table, &kind, types));
        let skip = table.strings("skip").map(|texts| texts.value.into_iter().map(|text| text.value).collect());
        let merged = Self {
            entry: entry(&mut table).unwrap_or(self.entry),
            labels: labels.unwrap_or(self.labels),
            otherwise: otherwise.unwrap_or(self.otherwise),
            skip: skip.unwrap_or(self.skip),
        };
        table.finish();
        merged
    }
}

fn entry(reader: &mut TableReader<'_>) -> Option<MessageTemplate> {
    let text = reader.string("entry")?;
    let (message, help) = match MessageTemplate::new(&text.value, &OF_ENTRIES) {
        Err(error) => (error.to_string(), error.help()),
        Ok(entry) if !entry.uses("title") && !entry.uses("number") => (
            "an entry needs {title} or {number}".to_owned(),
            "write it as in \"- #{number}: {title} (@{author})\"".to_owned(),
        ),
        Ok(entry) => return Some(entry),
    };
    reader.problems().add(text.span, message, help);
    None
}

fn known_type(reader: &TableReader<'_>, text: &Spanned<String>, types: &[(String, String)]) -> Option<String> {
    let kind = text.value.to_ascii_lowercase();
    if types.iter().any(|(known, _)| *known == kind) {
        return Some(kind);
    }
    let known: Vec<&str> = types.iter().map(|(known, _)| known.as_str()).collect();
    let help = did_you_mean(&kind, &known, || format!("known types: {}", known.join(", ")));
    reader.problems().add(text.span, format!("unknown change type `{}`", text.value), help);
    None
}
