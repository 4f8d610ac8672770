//! [`is_dot_git`]: whether a name means git's own folder.

/// Code points that HFS+ leaves out when it compares names (git's `utf8.c`, `next_hfs_char`).
const IGNORED: [(char, char); 4] =
    [('\u{200c}', '\u{200f}'), ('\u{202a}', '\u{202e}'), ('\u{206a}', '\u{206f}'), ('\u{feff}', '\u{feff}')];

/// Returns `true` if one part of a path means `.git` on some file system, whichever this one is: in any case, with the dots and blanks
/// at its end that Windows drops, as the short name `git~1`, followed by an NTFS stream (`.git::$INDEX_ALLOCATION`), or with
/// characters that HFS+ ignores. The rules are those of git's own `verify_path`.
#[must_use]
pub fn is_dot_git(part: &str) -> bool {
    let is_ignored = |c: char| IGNORED.iter().any(|(first, last)| (*first..=*last).contains(&c));
    let visible: String = part.chars().filter(|c| !is_ignored(*c)).take_while(|c| *c != ':').collect();
    let name = visible.trim_end_matches(['.', ' ']);
    [".git", "git~1"].iter().any(|own| name.eq_ignore_ascii_case(own))
}

#[cfg(test)]
mod tests {
    use super::is_dot_git;

    #[test]
    fn names_of_the_git_folder() {
        let own = [
            ".git",
            ".GIT",
            ".gIt",
            ".git.",
            ".git ",
            ".git . ..",
            "git~1",
            "GIT~1",
            "Git~1 .",
            ".git:",
            ".git:foo",
            ".git::$INDEX_ALLOCATION",
            ".git .:stream",
            "git~1:x",
            ".g\u{200c}it",
            "\u{feff}.git",
            ".git\u{206f}",
            ".\u{202e}G\u{200f}i\u{206a}t",
        ];
        let other = [
            "",
            ".",
            "...",
            "git",
            ".gitignore",
            ".gitattributes",
            ".github",
            ".git-blame",
            "a.git",
            "git~2",
            "git~10",
            ".gi",
            ".git\u{301}",
            ".g it",
            " .git",
            "a:.git",
            ".gıt",
        ];
        for name in own {
            assert!(is_dot_git(name), "{name:?}");
        }
        for name in other {
            assert!(!is_dot_git(name), "{name:?}");
        }
    }
}
