//! [`Specifier`]: how Deno writes what it imports: `jsr:@scope/name@^1.0.0/path`, `npm:name@1`.

use super::npm_range::{Target, target};
use super::{RequirementPlace, RequirementSyntax};
use crate::data::Scalar;
use crate::model::{DependencyKind, Ecosystem, RegistryName};
use crate::text::Span;

/// A package with a range.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Specifier<'v> {
    /// The package.
    pub(super) on: RegistryName,
    /// The byte at which the range starts.
    pub(super) at: usize,
    /// The range.
    pub(super) range: &'v str,
}

impl<'v> Specifier<'v> {
    /// Reads a specifier; `None` if it names no registry, or no range.
    pub(super) fn read(value: &'v str) -> Option<Self> {
        let (ecosystem, rest) = match (value.strip_prefix("jsr:"), value.strip_prefix("npm:")) {
            (Some(rest), _) => (Ecosystem::Jsr, rest),
            (None, Some(rest)) => (Ecosystem::Npm, rest),
            (None, None) => return None,
        };
        let rest = rest.strip_prefix('/').unwrap_or(rest);
        // A scope begins with the sign that is before a range, too.
        let scope = if rest.starts_with('@') { rest.find('/')? + 1 } else { 0 };
        let name = scope + rest.get(scope..)?.find(['@', '/'])?;
        let range = rest.get(name..)?.strip_prefix('@')?.split('/').next()?;
        let Target { at, range, .. } = target(range)?;
        let start = value.len() - rest.len() + name + "@".len();
        Some(Self { on: RegistryName::new(ecosystem, rest.get(..name)?), at: start + at, range })
    }

    /// Returns the range in a value as a requirement.
    pub(super) fn place(&self, value: &Scalar) -> RequirementPlace {
        let start = value.span.start + self.at;
        let span = Span::new(start, start + self.range.len());
        RequirementPlace {
            on: self.on.clone(),
            kind: DependencyKind::Normal,
            notation: RequirementSyntax::Npm,
            scalar: Scalar { span, text: self.range.to_owned(), style: value.style },
            folder: None,
            shared_as: None,
            is_alias: false,
        }
    }
}

/// Returns a range as Deno writes it into deno.lock, where it names what is admitted as shortly as it can: `^1.0.0` and `1.x` are `1`,
/// `~1.2.0` is `1.2`, and `^0.4.1` is `~0.4.1`. `None` for a range of several parts, which Deno does not read in a specifier.
#[must_use]
pub fn normal_range(range: &str) -> Option<String> {
    let operator = range.chars().next().filter(|c| matches!(c, '^' | '~'));
    let version = range.trim_start_matches(['^', '~']);
    let (numbers, pre) = match version.split_once('-') {
        Some((numbers, pre)) => (numbers, format!("-{}", pre.split('+').next().unwrap_or(""))),
        None => (version.split('+').next().unwrap_or(""), String::new()),
    };
    let parts: Vec<&str> = numbers.split('.').collect();
    let is_wild = |part: &&&str| matches!(**part, "x" | "X" | "*");
    let written = parts.iter().take_while(|part| !is_wild(part)).count();
    let read = parts.iter().take(written).map(|part| part.parse().ok()).collect::<Option<Vec<u64>>>()?;
    let [major, minor, patch] = [0, 1, 2].map(|at| read.get(at).copied().unwrap_or(0));
    let full = format!("{major}.{minor}.{patch}{pre}");
    let is_round = patch == 0 && pre.is_empty();
    Some(match (operator, written) {
        _ if parts.len() > 3 || range.len() > version.len() + 1 => return None,
        (_, 0) => "*".to_owned(),
        (None, 3) => range.to_owned(),
        (_, 1) => major.to_string(),
        (None, _) => format!("{major}.{minor}"),
        (Some('^'), _) if major > 0 && minor == 0 && is_round => major.to_string(),
        (Some('^'), _) if major > 0 => format!("^{full}"),
        (Some('^'), 3) if minor == 0 => format!("^{full}"),
        _ if is_round => format!("{major}.{minor}"),
        _ => format!("~{full}"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_in_the_lock_are_those_of_deno() {
        // As Deno 2.9 writes them.
        let rows = "^1.2.3 ^1.2.3|~1.2.3 ~1.2.3|1.2.3 1.2.3|^1.2.0 ^1.2.0|~1.2.0 1.2|^1.0.0 1|~1.0.0 1.0|^0.4.0 0.4|~0.4.0 0.4|^0.4.1 ~0.4.1|\
            ~0.4.1 ~0.4.1|^0.0.3 ^0.0.3|~0.0.3 ~0.0.3|^0.0.0 ^0.0.0|1 1|1.2 1.2|1.x 1|^1 1|~1 1|^1.2 ^1.2.0|~1.2 1.2|\
            1.0.0-alpha.1 1.0.0-alpha.1|^1.0.0-alpha.1 ^1.0.0-alpha.1|~1.0.0-alpha.1 ~1.0.0-alpha.1|^0.5.0-alpha.1 ~0.5.0-alpha.1|\
            0 0|0.4 0.4|^0 0|^0.4 0.4|* *|1.2.x 1.2|^1.2.x ^1.2.0";
        for (range, expected) in rows.split('|').filter_map(|row| row.split_once(' ')) {
            assert_eq!(normal_range(range).as_deref(), Some(expected), "{range}");
        }
        for other in [">=1.0.0", "1 || 2", ">=1 <2", "latest", "1.2.3.4", "^^1", ""] {
            assert_eq!(normal_range(other), None, "{other}");
        }
    }

    #[test]
    fn ranges_are_between_name_and_path() {
        for (value, name, range) in [
            ("jsr:@acme/x@^1.0.0", "jsr:@acme/x", "^1.0.0"),
            ("jsr:/@acme/x@1.2/sub/y", "jsr:@acme/x", "1.2"),
            ("npm:x@~1.2.3/", "npm:x", "~1.2.3"),
            ("npm:/@acme/x@>=1.0.0 <2", "npm:@acme/x", ">=1.0.0 <2"),
        ] {
            let read = Specifier::read(value).unwrap();
            assert_eq!((read.on.to_string().as_str(), read.range), (name, range), "{value}");
            assert_eq!(value.get(read.at..read.at + range.len()), Some(range), "{value}");
        }
        let others = [
            "jsr:@acme/x",
            "jsr:@acme/x/sub@1",
            "jsr:@acme",
            "npm:x",
            "npm:x@latest",
            "npm:x@*",
            "jsr:",
            "npm:@",
            "./mod.ts",
            "https://jsr.io/@acme/x/1.0.0/mod.ts",
            "node:fs@1.0.0",
            "",
        ];
        for value in others {
            assert_eq!(Specifier::read(value), None, "{value}");
        }
    }
}
