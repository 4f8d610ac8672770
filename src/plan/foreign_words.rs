//! [`of_other_tools`]: what other tools call levels.

/// Words of other tools: the word, whose it is, and what has that meaning here.
const WORDS: [(&str, &str, &str); 8] = [
    ("prepatch", "npm", "`relman bump patch alpha`"),
    ("preminor", "npm", "`relman bump minor alpha`"),
    ("premajor", "npm", "`relman bump major alpha`"),
    ("prerelease", "npm", "`relman bump alpha` (or beta, rc), which raises the number of a prerelease"),
    ("from-git", "npm", "`version = \"tag\"` in relman.toml, for a version that only tags hold"),
    ("stable", "uv", "`relman bump release`"),
    ("post", "uv", "an explicit version such as `1.2.0.post1`"),
    ("dev", "uv", "an explicit version such as `1.2.0.dev1`"),
];

/// Returns the tool that has this word for a level, and what is written here instead.
pub(super) fn of_other_tools(word: &str) -> Option<(&'static str, &'static str)> {
    WORDS.iter().find(|(theirs, ..)| *theirs == word).map(|(_, tool, here)| (*tool, *here))
}
