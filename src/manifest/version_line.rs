//! The line of a source file that holds a version.

use crate::model::VersionScheme;

/// The names that such a line gives the version.
const NAMES: [&str; 4] = ["__version__", "VERSION", "version", "__VERSION__"];

/// Returns the first line of a source that assigns a version, such as `__version__ = "1.0.0"`: the search that finds it, and the version.
#[must_use]
pub fn version_line(text: &str) -> Option<(String, String)> {
    text.lines().find_map(read)
}

fn read(line: &str) -> Option<(String, String)> {
    let (before, rest) = line.split_once(['"', '\''])?;
    // A type may follow the name, and words may precede it: `export const VERSION: string =`.
    let name = before.trim().trim_end_matches(['=', ':', ' ', '\t']).split(':').next()?;
    let name = name.trim().rsplit([' ', '\t']).next()?;
    let quote = line.get(before.len()..)?.chars().next()?;
    let (version, _) = rest.split_once(quote)?;
    let is_known = NAMES.contains(&name) && before.contains('=') && VersionScheme::Pep440.parse(version).is_ok();
    is_known.then(|| (format!("{before}{quote}{{version}}{quote}"), version.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::version_line;

    #[test]
    fn a_line_with_a_version_becomes_a_search() {
        for (line, expected) in [
            ("__version__ = \"1.0.0\"", Some("__version__ = \"{version}\"")),
            ("__version__: str = '1.0.0a1'  # kept", Some("__version__: str = '{version}'")),
            ("VERSION='1.0'", Some("VERSION='{version}'")),
            ("export const VERSION: string = '1.0.0';", Some("export const VERSION: string = '{version}'")),
            ("__version__ = get()", None),
            ("name = \"1.0.0\"", None),
            ("\"version\": \"1.0.0\"", None),
        ] {
            assert_eq!(version_line(line).map(|(search, _)| search).as_deref(), expected, "{line}");
        }
    }
}
