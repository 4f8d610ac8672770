//! [`tag_conflicts`]: owners of tags that can make the same tag, or two that git cannot hold together.

use super::membership::Membership;
use super::names::is_name;
use super::{Config, GroupKind, PackageSpec};
use crate::model::{Diagnostic, ProblemCode, TagTemplate, VersionScheme};
use crate::text::Span;

/// A package, or a group with one tag, and the form of its tags.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TagOwner {
    /// Its name in messages: the name of the package or of the group.
    pub name: String,
    /// Its template; one for each scheme that it may have while its scheme is unknown.
    pub templates: Vec<TagTemplate>,
    /// The template as it is written.
    pub text: String,
    /// Where the template, or else the owner, is in relman.toml; `None` for a package that is not declared there.
    pub span: Option<Span>,
}

/// Returns pairs of owners, by their indices, that can make the same tag or tags that cannot exist together: at most one earlier owner for
/// each.
///
/// Owners are sorted by the start of their tags, and each is compared only with those whose start is a prefix of its own.
#[must_use]
pub fn meetings(owners: &[TagOwner]) -> Vec<(usize, usize)> {
    let prefix = |index: usize| owners.get(index).and_then(|o| o.templates.first()).map_or("", TagTemplate::prefix);
    let mut order: Vec<usize> = (0..owners.len()).collect();
    order.sort_by_key(|index| (prefix(*index), *index));
    let mut starts: Vec<usize> = Vec::new();
    let mut pairs = Vec::new();
    for index in order {
        while starts.last().is_some_and(|last| !prefix(index).starts_with(prefix(*last))) {
            starts.pop();
        }
        if let Some(other) = starts.iter().copied().find(|other| meet(owners.get(*other), owners.get(index))) {
            pairs.push((other.min(index), other.max(index)));
        }
        starts.push(index);
    }
    pairs.sort_unstable();
    pairs
}

/// Two owners collide only if they do in whichever schemes they turn out to have.
fn meet(a: Option<&TagOwner>, b: Option<&TagOwner>) -> bool {
    let (Some(a), Some(b)) = (a, b) else { return false };
    let clash = |x: &TagTemplate, y: &TagTemplate| x.can_meet(y) || x.is_folder_of(y) || y.is_folder_of(x);
    let certain = |x: &TagTemplate| b.templates.iter().all(|y| clash(x, y));
    !a.templates.is_empty() && !b.templates.is_empty() && a.templates.iter().all(certain)
}

/// Returns the owner whose tag would be a file where the other one's needs a folder, and that other one.
fn nested<'a>(a: &'a TagOwner, b: &'a TagOwner) -> Option<(&'a TagOwner, &'a TagOwner)> {
    let holds = |a: &TagOwner, b: &TagOwner| a.templates.iter().any(|x| b.templates.iter().any(|y| x.is_folder_of(y)));
    if holds(a, b) { Some((a, b)) } else { holds(b, a).then_some((b, a)) }
}

/// Finds the owners that can make the same tag, or, for the same version, two tags that git cannot hold together. It runs on the declared
/// packages when the file is read, and again on all of them, with their schemes, once the others are found.
#[must_use]
pub fn tag_conflicts(config: &Config, owners: &[TagOwner]) -> Vec<Diagnostic> {
    let conflict = |(first, second): (usize, usize)| {
        let (first, second) = (owners.get(first)?, owners.get(second)?);
        let (name, other) = (&first.name, &second.name);
        let mut help = "give one of them a `tag-prefix` that no tag of the other starts with";
        let message = if let Some((above, below)) = nested(first, second) {
            help = "give one of them a `tag` that is not the other's with `/` after it";
            format!(
                "a tag of `{}` by `{}` conflicts with the tag of `{}` by `{}`: git cannot hold a tag and a folder of tags under one name",
                above.name, above.text, below.name, below.text
            )
        } else if first.text == second.text {
            format!("`{name}` and `{other}` can make the same tag, both by `{}`", first.text)
        } else {
            format!("`{name}` and `{other}` can make the same tag, by `{}` and `{}`", first.text, second.text)
        };
        Some(match second.span.or(first.span) {
            Some(span) => config.diagnostic(ProblemCode::ConfigConflict, span, message).help(help),
            None => Diagnostic::new(ProblemCode::ConfigConflict, message).help(help).in_file(&config.path),
        })
    };
    meetings(owners).into_iter().filter_map(conflict).collect()
}

/// Returns the declared packages and the groups that make tags. Members of a group with one tag make none of their own.
pub(super) fn declared(config: &Config, membership: &Membership) -> (Vec<TagOwner>, Vec<Diagnostic>) {
    let mut wrong = Vec::new();
    let mut owners = Vec::new();
    let grouped = |package: &PackageSpec| {
        let group = membership.get(&package.id).map(|index| &config.groups[*index]);
        group.is_some_and(|group| group.tag.is_some())
    };
    let has_tags = |package: &&PackageSpec| package.tag_of.is_none() && package.never_tagged.is_none();
    let tagged = config.packages.iter().filter(|package| is_name(package.id.as_str())).filter(has_tags);
    for package in config.packages.iter().filter(|package| grouped(package)) {
        let Some(span) = package.never_tagged else { continue };
        let is_linked = membership.get(&package.id).is_some_and(|at| config.groups[*at].kind == GroupKind::Linked);
        let kind = if is_linked { "linked" } else { "fixed" };
        let message = format!("`{}` has `tag = false`, and its {kind} group has one tag for all members", package.id);
        let help = format!("leave `tag = false` out, or take `{}` out of the group", package.id);
        wrong.push(config.diagnostic(ProblemCode::ConfigConflict, span, message).help(help));
    }
    for package in tagged.filter(|package| !grouped(package)) {
        let own = package.tag.as_ref();
        if own.is_none() && config.workspace.tag.is_none() && package.from_tag.is_some() {
            // That of a Go module depends on its folder, which only its go.mod tells.
            continue;
        }
        let text = own.map_or(config.workspace.tag(), |tag| &tag.value);
        let span = own.map_or(package.span, |tag| tag.span);
        match templates(text, package.id.as_str(), package.tag_scheme.or(package.certain_scheme())) {
            Ok(templates) => {
                owners.push(TagOwner {
                    name: package.id.to_string(),
                    templates,
                    text: text.to_owned(),
                    span: Some(span),
                });
            }
            Err(error) if own.is_none() => {
                let message = format!("the package `{}` cannot be tagged by `{text}`: {error}", package.id);
                wrong.push(
                    config
                        .diagnostic(ProblemCode::ConfigValue, span, message)
                        .help("give it a `tag` or a `tag-prefix` of its own"),
                );
            }
            // Problems of its own template were reported when it was read.
            Err(_) => {}
        }
    }
    for group in &config.groups {
        let Some(tag) = &group.tag else { continue };
        let templates = templates(&tag.value, group.id.as_str(), None).unwrap_or_default();
        owners.push(TagOwner { name: group.id.to_string(), templates, text: tag.value.clone(), span: Some(tag.span) });
    }
    (owners, wrong)
}

fn templates(
    text: &str,
    name: &str,
    scheme: Option<VersionScheme>,
) -> Result<Vec<TagTemplate>, crate::model::TagError> {
    let both = vec![VersionScheme::Semver, VersionScheme::Pep440];
    let schemes = scheme.map_or(both, |scheme| vec![scheme]);
    schemes.into_iter().map(|scheme| TagTemplate::new(text, name, scheme)).collect()
}

#[cfg(test)]
mod tests {
    use super::{TagOwner, meetings, templates};

    fn owner(name: &str, text: &str) -> TagOwner {
        TagOwner {
            name: name.to_owned(),
            templates: templates(text, name, None).unwrap(),
            text: text.to_owned(),
            span: None,
        }
    }

    #[test]
    fn each_owner_is_paired_once() {
        type Case<'a> = (&'a [(&'a str, &'a str)], &'a [(usize, usize)]);
        let cases: [Case<'_>; 8] = [
            (&[("a", "{name}-v{version}"), ("b", "{name}-v{version}")], &[]),
            (&[("a", "v{version}"), ("b", "{name}-v{version}"), ("c", "v{version}")], &[(0, 2)]),
            (&[("a", "v1.{version}"), ("b", "v{version}"), ("c", "v{version}")], &[(0, 1), (1, 2)]),
            (&[("v", "{name}{version}"), ("va", "{name}{version}"), ("w", "v{major}.{minor}.{patch}")], &[(0, 2)]),
            (&[("a", "{version}-{name}"), ("b", "{version}-{name}")], &[]),
            (&[("a", "v{version}"), ("b", "v{version}/{name}")], &[(0, 1)]),
            (&[("a", "v{version}/{name}"), ("b", "v{version}")], &[(0, 1)]),
            (&[("a", "{name}/v{version}"), ("b", "{name}/v{version}/x")], &[]),
        ];
        for (owners, expected) in cases {
            let owners: Vec<TagOwner> = owners.iter().map(|(name, text)| owner(name, text)).collect();
            assert_eq!(meetings(&owners), expected, "{owners:?}");
        }
    }

    #[test]
    fn thousands_of_owners_are_compared_in_one_go() {
        for text in ["{name}-v{version}", "v{version}", "{version}/{name}"] {
            let owners: Vec<TagOwner> = (0..2000).map(|n| owner(&format!("package-{n}"), text)).collect();
            let expected = if text == "v{version}" { 1999 } else { 0 };
            assert_eq!(meetings(&owners).len(), expected, "{text}");
        }
    }
}
