//! [`pointer`]: a JSONPath (RFC 9535) that names one place, as a JSON Pointer (RFC 6901).

/// Returns the pointer of a path such as `$.packages[0].version`; `None` if it has wildcards, filters or steps of any depth.
pub(super) fn pointer(path: &str) -> Option<String> {
    let mut rest = path.strip_prefix('$').unwrap_or(path);
    let mut pointer = String::new();
    while !rest.is_empty() {
        let (key, after) = step(rest)?;
        pointer.push('/');
        pointer.push_str(&key.replace('~', "~0").replace('/', "~1"));
        rest = after;
    }
    (!pointer.is_empty()).then_some(pointer)
}

fn step(rest: &str) -> Option<(&str, &str)> {
    if let Some(inner) = rest.strip_prefix('[') {
        let quote = inner.chars().next().filter(|c| matches!(c, '"' | '\''));
        return match quote {
            Some(quote) => {
                let (key, after) = inner.get(1..)?.split_once(quote)?;
                Some((key, after.strip_prefix(']')?))
            }
            None => {
                let (index, after) = inner.split_once(']')?;
                index.parse::<u32>().ok().map(|_| (index, after))
            }
        };
    }
    let rest = rest.strip_prefix('.').unwrap_or(rest);
    let end = rest.find(['.', '[']).unwrap_or(rest.len());
    let (key, after) = rest.split_at_checked(end)?;
    (!key.is_empty() && key != "*").then_some((key, after))
}

#[cfg(test)]
mod tests {
    use super::pointer;

    #[test]
    fn paths_that_name_one_place() {
        for (path, expected) in [
            ("$.version", Some("/version")),
            ("$['packages'][0][\"a/b\"].version", Some("/packages/0/a~1b/version")),
            ("version", Some("/version")),
            ("$.package[?(@.name=='x')].version", None),
            ("$..version", None),
            ("$.*.version", None),
            ("$", None),
        ] {
            assert_eq!(pointer(path).as_deref(), expected, "{path}");
        }
    }
}
