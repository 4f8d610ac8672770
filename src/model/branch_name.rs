//! [`is_branch_name`]: which names git can give a branch.

use super::tag_name::TagName;

/// Returns `true` if git can hold a branch of this name.
#[must_use]
pub fn is_branch_name(name: &str) -> bool {
    name != "HEAD" && TagName::new(name).check().is_ok()
}

#[cfg(test)]
mod tests {
    use super::is_branch_name;

    #[test]
    fn names_of_branches() {
        for name in ["main", "release/1.2", "fix/é"] {
            assert!(is_branch_name(name), "{name}");
        }
        for name in ["", "HEAD", "-x", "a b", "a..b", "main/", "x.lock", "a~1"] {
            assert!(!is_branch_name(name), "{name}");
        }
    }
}
