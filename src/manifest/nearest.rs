//! [`nearest`]: which of the keys that are there may have been meant.

/// Describes the keys of an object in which `wanted` is missing: the nearest one, else the first ones.
pub(super) fn nearest<'k>(wanted: &str, keys: impl Iterator<Item = &'k str> + Clone) -> String {
    let limit = (wanted.chars().count() / 3).clamp(1, 4);
    let near = keys.clone().filter_map(|key| distance(wanted, key, limit).map(|d| (d, key))).min();
    if let Some((_, key)) = near {
        return format!("is `{key}` meant?");
    }
    let first: Vec<String> = keys.clone().take(5).map(|key| format!("`{}`", short(key))).collect();
    match (first.is_empty(), keys.count() > first.len()) {
        (true, _) => "there are no keys".to_owned(),
        (false, false) => format!("there are {}", first.join(", ")),
        (false, true) => format!("there are {} and more", first.join(", ")),
    }
}

fn short(key: &str) -> String {
    let cut: String = key.chars().take(40).collect();
    if cut.len() < key.len() { format!("{cut}…") } else { cut }
}

/// The number of characters to change, add or drop between two words, case aside; nothing where it is above `limit`.
fn distance(a: &str, b: &str, limit: usize) -> Option<usize> {
    if a.len().abs_diff(b.len()) > 4 * limit {
        return None;
    }
    let a: Vec<char> = a.to_lowercase().chars().collect();
    let b: Vec<char> = b.to_lowercase().chars().collect();
    if a.len().abs_diff(b.len()) > limit || a.len() > 200 {
        return None;
    }
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut next = Vec::with_capacity(row.len());
        next.push(i + 1);
        for ((y, up), diagonal) in b.iter().zip(row.iter().skip(1)).zip(&row) {
            let left = next.last().copied().unwrap_or(i + 1);
            next.push((diagonal + usize::from(x != y)).min(up + 1).min(left + 1));
        }
        row = next;
    }
    row.last().copied().filter(|d| *d <= limit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_key_is_named() {
        let cases: [(&str, &[&str], &str); 6] = [
            ("version", &["name", "verison", "x"], "is `verison` meant?"),
            ("version", &["Version"], "is `Version` meant?"),
            ("version", &["name", "x"], "there are `name`, `x`"),
            ("version", &["a", "b", "c", "d", "e", "f"], "there are `a`, `b`, `c`, `d`, `e` and more"),
            ("version", &[], "there are no keys"),
            ("ü", &["ö"], "is `ö` meant?"),
        ];
        for (wanted, keys, expected) in cases {
            assert_eq!(nearest(wanted, keys.iter().copied()), expected);
        }
    }
}
