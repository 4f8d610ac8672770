//! [`did_you_mean`], [`nearest`] and [`choices`]: what a person probably meant, and could have meant.

/// Returns the question that names the known word nearest to a mistyped one; if none is near, what `otherwise` says.
#[must_use]
pub fn did_you_mean(word: &str, known: &[&str], otherwise: impl FnOnce() -> String) -> String {
    nearest(word, known).map_or_else(otherwise, |near| format!("did you mean `{near}`?"))
}

/// Returns the known word that is nearest to a mistyped one; `None` if all are too far.
///
/// Case, braces around a placeholder and the choice between `-` and `_` do not matter, and a known word that contains the typed one is near.
#[must_use]
pub fn nearest<'a>(word: &str, known: &[&'a str]) -> Option<&'a str> {
    let word = plain(word);
    let length = word.chars().count();
    let distance = |other: &str| {
        let other = plain(other);
        let part = length >= 3 && (other.contains(&word) || (other.len() >= 3 && word.contains(&other)));
        let edits = strsim::damerau_levenshtein(&word, &other);
        (if part { edits.min(1) } else { edits }, edits)
    };
    let best = known.iter().map(|other| (distance(other), *other)).min_by_key(|(distance, _)| *distance);
    best.filter(|((distance, _), other)| *distance <= length.max(plain(other).len()).div_ceil(3))
        .map(|(_, other)| other)
}

fn plain(word: &str) -> String {
    word.trim_matches(['{', '}'])
        .chars()
        .take(64)
        .map(|c| if c == '_' { '-' } else { c.to_ascii_lowercase() })
        .collect()
}

/// Returns the words in backticks, joined as in a sentence: `a`, `b` or `c`.
#[must_use]
pub fn choices(words: &[&str]) -> String {
    let quoted: Vec<String> = words.iter().map(|word| format!("`{word}`")).collect();
    match quoted.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, rest)) => format!("{} or {last}", rest.join(", ")),
        None => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::{choices, nearest};

    #[test]
    fn the_nearest_word() {
        let known = ["path", "paths", "tag", "tag-prefix", "tag-message", "manifests", "scheme"];
        let cases = [
            ("tag_prefix", Some("tag-prefix")),
            ("tagPrefix", Some("tag-prefix")),
            ("prefix", Some("tag-prefix")),
            ("manifest", Some("manifests")),
            ("mainfests", Some("manifests")),
            ("Paths", Some("paths")),
            ("shceme", Some("scheme")),
            ("tga", Some("tag")),
            ("colour", None),
            ("x", None),
            ("", None),
        ];
        for (word, expected) in cases {
            assert_eq!(nearest(word, &known), expected, "{word}");
        }
        assert_eq!(nearest("x", &[]), None);
    }

    #[test]
    fn choices_read_as_a_sentence() {
        assert_eq!(choices(&[]), "");
        assert_eq!(choices(&["a"]), "`a`");
        assert_eq!(choices(&["a", "b", "c"]), "`a`, `b` or `c`");
    }
}
