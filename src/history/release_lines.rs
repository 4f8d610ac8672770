//! The lines of a release commit: in its body one for each package, and their names and versions as its subject has them.

/// A package that a release commit names, and its version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReleasedPackage {
    /// The key of the package.
    pub package: String,
    /// The version, as it is written.
    pub version: String,
}

/// Above this many packages, a subject counts them instead of naming them.
const NAMED: usize = 3;

/// Returns the line about a package.
#[must_use]
pub fn release_line(package: &str, from: &str, to: &str) -> String {
    if from == to { format!("- {package} {to}") } else { format!("- {package} {from} -> {to}") }
}

/// Returns the package that such a line names; `None` if it is another line.
#[must_use]
pub fn released_package(line: &str) -> Option<ReleasedPackage> {
    let words: Vec<&str> = line.trim().strip_prefix("- ")?.split(' ').take(5).collect();
    let (package, version) = match words.as_slice() {
        [package, version] | [package, _, "->", version] => (*package, *version),
        _ => return None,
    };
    let is_version = version.trim_start_matches('v').starts_with(|c: char| c.is_ascii_digit());
    let (package, version) = (package.to_owned(), version.to_owned());
    is_version.then_some(ReleasedPackage { package, version })
}

/// Names packages and their versions, or counts them if they are many.
pub fn releases<'a>(packages: impl ExactSizeIterator<Item = (&'a str, &'a str)>) -> String {
    match packages.len() {
        0..=NAMED => packages.map(|(package, version)| format!("{package} {version}")).collect::<Vec<_>>().join(", "),
        many => format!("{many} packages"),
    }
}

#[cfg(test)]
mod tests {
    use super::{release_line, released_package, releases};

    #[test]
    fn what_is_written_is_read() {
        for (from, to) in [("1.0.0", "1.1.0"), ("1.0.0", "1.0.0"), ("v0.65b0", "0.66b0.dev")] {
            let line = release_line("@acme/ui", from, to);
            let read = released_package(&line).unwrap();
            assert_eq!((read.package.as_str(), read.version.as_str()), ("@acme/ui", to), "{line}");
        }
        for line in ["- fix the build", "- pin sdk v1 -> v2", "- a", "* a 1.0.0", "a 1.0.0", "- a 1.0.0 -> b", "-"] {
            assert_eq!(released_package(line), None, "{line}");
        }
    }

    #[test]
    fn many_packages_are_counted() {
        let all = [("a", "1"), ("b", "2"), ("c", "3"), ("d", "4")];
        assert_eq!(releases(all[..2].iter().copied()), "a 1, b 2");
        assert_eq!(releases(all.into_iter()), "4 packages");
    }
}
