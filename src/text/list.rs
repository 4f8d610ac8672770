//! [`list_truncated`]: some of many items.

use std::fmt::Display;

/// Returns the first `most` items, joined by commas, and how many there are beside them: `a, b and 3 more`.
#[must_use]
pub fn list_truncated(items: impl IntoIterator<Item = impl Display>, most: usize) -> String {
    let mut items = items.into_iter();
    let shown: Vec<String> = items.by_ref().take(most).map(|item| item.to_string()).collect();
    match items.count() {
        0 => shown.join(", "),
        more => format!("{} and {more} more", shown.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::list_truncated;

    #[test]
    fn the_rest_is_counted() {
        let table = [(0, ""), (1, "1"), (2, "1, 2"), (3, "1, 2 and 1 more"), (5, "1, 2 and 3 more")];
        for (count, expected) in table {
            assert_eq!(list_truncated(1..=count, 2), expected);
        }
    }
}
