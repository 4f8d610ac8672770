//! The content types of files that are released.

/// Returns the content type that the end of a file's name tells.
pub(super) fn by_name(name: &str) -> &'static str {
    let table = [
        (".whl", "application/zip"),
        (".zip", "application/zip"),
        (".gz", "application/gzip"),
        (".tgz", "application/gzip"),
        (".crate", "application/gzip"),
        (".xz", "application/x-xz"),
        (".zst", "application/zstd"),
        (".json", "application/json"),
        (".txt", "text/plain"),
        (".md", "text/markdown"),
    ];
    let lower = name.to_ascii_lowercase();
    let found = table.into_iter().find(|(end, _)| lower.ends_with(end));
    found.map_or("application/octet-stream", |(_, kind)| kind)
}
