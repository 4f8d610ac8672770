//! [`TokenFacts`] and [`TokenKind`].

use serde::{Deserialize, Serialize};

/// What is known of a token; never the token itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct TokenFacts {
    /// The kind of the token.
    pub kind: TokenKind,
    /// The account that it acts for, if the forge says so.
    pub user: Option<String>,
    /// Its scopes; empty if the forge does not list them.
    pub scopes: Vec<String>,
    /// When it ends, in the forge's notation; `None` if the forge does not say, or it never ends.
    pub expires: Option<String>,
    /// What it cannot do here, a phrase each.
    pub cannot: Vec<String>,
}

/// The kind of a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum TokenKind {
    /// A personal access token; on GitHub a classic one.
    Personal,
    /// A personal access token of GitHub with permissions for each repository.
    FineGrained,
    /// A token that an application got for a person.
    Oauth,
    /// A token of an application, as that of a job in GitHub Actions.
    App,
    /// The token of a job in GitLab CI.
    Job,
    /// None of these.
    Other,
}

impl TokenKind {
    /// Returns the kind that the first characters of a token tell.
    #[must_use]
    pub fn of(token: &str) -> Self {
        let table = [
            ("github_pat_", Self::FineGrained),
            ("ghp_", Self::Personal),
            ("gho_", Self::Oauth),
            ("ghu_", Self::Oauth),
            ("ghs_", Self::App),
            ("glpat-", Self::Personal),
            ("gloas-", Self::Oauth),
            ("glcbt-", Self::Job),
        ];
        table.into_iter().find(|(start, _)| token.starts_with(start)).map_or(Self::Other, |(_, kind)| kind)
    }
}

impl std::fmt::Display for TokenKind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Personal => "a personal token",
            Self::FineGrained => "a fine-grained personal token",
            Self::Oauth => "a token of an application for a person",
            Self::App => "a token of an application",
            Self::Job => "the token of a CI job",
            Self::Other => "a token",
        })
    }
}
