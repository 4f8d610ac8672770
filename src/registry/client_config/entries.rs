//! [`entries`]: files of `key = value`, with sections or without.

/// A line of such a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Entry<'a> {
    /// The name of its section; empty before the first.
    pub(super) section: &'a str,
    pub(super) key: &'a str,
    /// Without white space and quotes around it.
    pub(super) value: &'a str,
}

/// Returns the entries of a text in their order. A line that begins with `#` or `;` is a comment; one without a separator does not count.
pub(super) fn entries<'a>(text: &'a str, separators: &[char]) -> Vec<Entry<'a>> {
    let (mut found, mut section) = (Vec::new(), "");
    for line in text.lines().map(str::trim).filter(|line| !line.starts_with(['#', ';'])) {
        if let Some(name) = line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            section = name.trim();
        } else if let Some((key, value)) = line.split_once(separators) {
            let value = value.trim();
            let quoted = |quote| value.strip_prefix(quote).and_then(|rest| rest.strip_suffix(quote));
            let value = quoted('"').or_else(|| quoted('\'')).unwrap_or(value);
            found.push(Entry { section, key: key.trim(), value });
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_become_entries() {
        let text = "a=b\n# c=d\n; e=f\n\n[ global ]\r\nindex-url: https://h/x?y=z\r\nx = \"q\"\nnothing\n[install]\nk=";
        let found: Vec<String> = entries(text, &['=', ':'])
            .iter()
            .map(|entry| format!("{}|{}|{}", entry.section, entry.key, entry.value))
            .collect();
        assert_eq!(found, ["|a|b", "global|index-url|https://h/x?y=z", "global|x|q", "install|k|"]);
        let found = entries("//h:1/:_authToken=t=1", &['=']);
        assert_eq!(found, [Entry { section: "", key: "//h:1/:_authToken", value: "t=1" }]);
    }
}
