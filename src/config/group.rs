//! [`GroupSpec`]: a table `[groups.NAME]`.

use super::package::check_id;
use super::reader::TableReader;
use super::workspace::check_tag;
use super::{NameGlob, Spanned};
use crate::model::GroupId;
use crate::text::Span;

/// How the members of a group are tied together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum GroupKind {
    /// One version, always released together.
    Fixed,
    /// Members released together share one version, the rest keep theirs.
    Linked,
}

/// A group of packages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GroupSpec {
    /// The key of the table.
    pub id: GroupId,
    /// Where the key is.
    pub span: Span,
    /// How its members are tied together.
    pub kind: GroupKind,
    /// Names of packages, or globs of them.
    pub members: Vec<Spanned<NameGlob>>,
    /// The template of the one tag of all members that are released together; `{name}` is the group's.
    pub tag: Option<Spanned<String>>,
}

impl GroupSpec {
    /// Reads the table of one group; `None` if it is neither fixed nor linked, or both.
    pub(super) fn read(id: &Spanned<String>, mut reader: TableReader<'_>) -> Option<Self> {
        check_id(&reader, id, "group");
        let (fixed, linked) = (members(&mut reader, "fixed"), members(&mut reader, "linked"));
        let written = (reader.holds("fixed"), reader.holds("linked"));
        let mut template = |key| reader.string(key).filter(|tag| check_tag(&reader, tag, &id.value));
        let (tag, shared_tag) = (template("tag"), template("shared-tag"));
        let found = match (fixed, linked) {
            (Some(fixed), None) if !written.1 => Some((GroupKind::Fixed, fixed)),
            (None, Some(linked)) if !written.0 => Some((GroupKind::Linked, linked)),
            _ => None,
        };
        let is_both = written.0 && written.1;
        // A key that is not known is most likely one of the two, misspelled, and reported.
        let is_neither = !written.0 && !written.1 && !reader.has_unknown_key();
        if is_both || is_neither {
            let both = if is_both { "both `fixed` and `linked`" } else { "neither `fixed` nor `linked`" };
            let help = "`fixed` members always have one version, `linked` ones share the version of a release";
            reader.problems().add(id.span, format!("the group `{}` has {both}", id.value), help);
        }
        match (&found, &tag, &shared_tag) {
            (Some((GroupKind::Linked, _)), Some(tag), _) => {
                let help = "leave it out, make the group `fixed`, or write `shared-tag` for one tag of all that are released together";
                reader.problems().add(
                    tag.span,
                    "`tag` is for fixed groups: linked members are tagged one by one",
                    help,
                );
            }
            (Some((GroupKind::Fixed, _)), _, Some(tag)) => {
                let message = "`shared-tag` is for linked groups, of which a part may be released";
                reader.problems().add(tag.span, message, "write `tag` for the one tag of a fixed group");
            }
            _ => {}
        }
        reader.finish();
        let (kind, members) = found?;
        let tag = if kind == GroupKind::Fixed { tag } else { shared_tag };
        Some(Self { id: GroupId::new(id.value.clone()), span: id.span, kind, members, tag })
    }
}

fn members(reader: &mut TableReader<'_>, key: &'static str) -> Option<Vec<Spanned<NameGlob>>> {
    let texts = reader.strings(key)?;
    if texts.value.is_empty() {
        reader.problems().add(texts.span, "the group has no members", "name its packages, or remove the group");
    }
    let read = |text: &Spanned<String>| match NameGlob::of_names(&text.value) {
        Ok(glob) => Some(text.with(glob)),
        Err(error) => {
            reader.problems().add(text.span, format!("`{}` is not a valid glob: {error}", text.value), error.help());
            None
        }
    };
    Some(texts.value.iter().filter_map(read).collect())
}
