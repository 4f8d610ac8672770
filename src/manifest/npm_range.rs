//! [`target`]: what the value of an npm dependency asks for, in whatever document it is written.

/// What a dependency's value asks for.
#[derive(Debug, PartialEq)]
pub(super) struct Target<'v> {
    /// The package, where the value names another one than the key.
    pub(super) name: Option<&'v str>,
    /// The byte of the value at which the range starts.
    pub(super) at: usize,
    /// The range.
    pub(super) range: &'v str,
}

/// Returns the range in a dependency's value, and the package of an alias: `workspace:NAME@RANGE`, `npm:NAME@RANGE`.
pub(super) fn target(value: &str) -> Option<Target<'_>> {
    let aliased = value.strip_prefix("workspace:").or_else(|| value.strip_prefix("npm:"));
    let (name, text) = match aliased.and_then(alias) {
        Some((name, range)) => (Some(name), range),
        None => (None, aliased.unwrap_or(value)),
    };
    let range = text.trim_start();
    let at = value.len() - range.len();
    let range = range.trim_end();
    let first = range.trim_start_matches(['^', '~', '<', '>', '=', ' ', '|']);
    let first = first.strip_prefix(['v', 'V']).unwrap_or(first);
    let bounded = first.starts_with(|c: char| c.is_ascii_digit()) || first.starts_with(['x', 'X', '*']);
    let number = range.contains(|c: char| c.is_ascii_digit());
    // A colon belongs to a protocol (`file:`, `https:`), a slash to a folder or to GitHub's `owner/repo`.
    let elsewhere = range.contains([':', '/', '@', '\\']);
    (bounded && number && !elsewhere).then_some(Target { name, at, range })
}

/// Splits `NAME@RANGE`; the name may have a scope.
fn alias(text: &str) -> Option<(&str, &str)> {
    let (name, range) = text.rsplit_once('@').filter(|(name, _)| !name.is_empty())?;
    let bare = name.strip_prefix('@').and_then(|scoped| scoped.split_once('/')).map_or(name, |(_, bare)| bare);
    (!bare.is_empty() && !bare.contains(['/', '@', ':', ' '])).then_some((name, range))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_told_from_everything_else() {
        let ranges = [
            ("^1.2.3", 0, "^1.2.3"),
            ("1.2.3", 0, "1.2.3"),
            ("v1.2.3", 0, "v1.2.3"),
            ("=v1.2.3", 0, "=v1.2.3"),
            (">= 1.2.3 <2", 0, ">= 1.2.3 <2"),
            ("1.x || >=2.5.0 || 5.0.0 - 7.2.3", 0, "1.x || >=2.5.0 || 5.0.0 - 7.2.3"),
            ("* || 1", 0, "* || 1"),
            (" ~1.2 ", 1, "~1.2"),
            ("workspace:^1.2.3", 10, "^1.2.3"),
            ("workspace:1.2.3-rc.1", 10, "1.2.3-rc.1"),
            ("npm:^1.2.3", 4, "^1.2.3"),
        ];
        for (value, at, range) in ranges {
            assert_eq!(target(value), Some(Target { name: None, at, range }), "{value}");
        }
        let others = [
            "",
            " ",
            "*",
            "x",
            "latest",
            "next-14",
            "workspace:",
            "workspace:^",
            "workspace:*",
            "workspace:~",
            "workspace:../v2",
            "workspace:@acme/foo@^",
            "workspace:foo@*",
            "workspace:../foo@1.0.0",
            "file:../a-1.0",
            "link:../a1",
            "catalog:",
            "catalog:react18",
            "npm:foo",
            "npm:@acme/foo",
            "npm:foo@latest",
            "patch:foo@npm%3A1.0.0#x.patch",
            "github:owner/repo#semver:^1.0.0",
            "git+https://example.com/a.git#v1.0.0",
            "http://example.com/a.tgz",
            "git+ssh://git@example.com/a.git#semver:^1.0",
            "https://example.com/a-1.0.0.tgz",
            "1st/repo",
            "owner/repo#v1.2.3",
            "git@example.com:a/b.git",
            "^",
            "v",
            "../1",
            "jsr:^1.0.0",
        ];
        for value in others {
            assert_eq!(target(value), None, "{value}");
        }
    }

    #[test]
    fn an_alias_requires_the_package_that_it_names() {
        for (value, name, range) in [
            ("workspace:foo@^1.0.0", "foo", "^1.0.0"),
            ("workspace:@acme/ui@~1.2", "@acme/ui", "~1.2"),
            ("npm:foo@1.2.3", "foo", "1.2.3"),
            ("npm:@acme/ui@>=1.0.0 <2", "@acme/ui", ">=1.0.0 <2"),
            ("npm:@acme/ui-2@ v1.0.0 ", "@acme/ui-2", "v1.0.0"),
        ] {
            let found = target(value).unwrap();
            assert_eq!((found.name, found.range), (Some(name), range), "{value}");
            assert_eq!(value.get(found.at..found.at + range.len()), Some(range));
        }
    }
}
