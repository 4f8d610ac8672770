//! [`Token`]: what a forge is asked with, and where it was found.

use std::fmt;

use super::address::{ForgeAddress, authority_of};
use crate::model::{ForgeKind, Secret, TokenKind};

/// The variables that relman knows as tokens. Commands of the user's own do not get them unless they ask.
pub const TOKEN_VARIABLES: [&str; 7] = [
    "RELMAN_TOKEN",
    "GITHUB_TOKEN",
    "GH_TOKEN",
    "GH_ENTERPRISE_TOKEN",
    "GITHUB_ENTERPRISE_TOKEN",
    "GITLAB_TOKEN",
    "CI_JOB_TOKEN",
];

/// Where a token was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenSource {
    /// The variable of this name.
    Variable(&'static str),
    /// The program `gh`.
    Gh,
    /// A credential helper of git.
    Git,
}

impl fmt::Display for TokenSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Variable(name) => f.write_str(name),
            Self::Gh => f.write_str("gh auth token"),
            Self::Git => f.write_str("git's credential helper"),
        }
    }
}

/// A token, and what is known of it by where it was found.
#[derive(Clone, Debug)]
pub struct Token {
    secret: Secret,
    /// Where it was found.
    pub source: TokenSource,
    /// Its kind, by its first characters.
    pub kind: TokenKind,
}

impl Token {
    /// Takes a token.
    #[must_use]
    pub fn new(secret: Secret, source: TokenSource) -> Self {
        let is_job = source == TokenSource::Variable("CI_JOB_TOKEN");
        let kind = if is_job { TokenKind::Job } else { TokenKind::of(secret.reveal()) };
        Self { secret, source, kind }
    }

    /// Returns the header for a request: its name, what comes before the token, and the token.
    pub(super) fn header(&self, forge: ForgeKind) -> (&'static str, &'static str, &Secret) {
        match (forge, self.kind, self.source) {
            (ForgeKind::Gitlab, TokenKind::Job, _) => ("job-token", "", &self.secret),
            // What helpers keep is as often from an application; GitLab takes personal tokens in this form, too.
            (ForgeKind::Github, ..) | (_, TokenKind::Oauth, _) | (_, _, TokenSource::Git) => {
                ("authorization", "Bearer ", &self.secret)
            }
            (ForgeKind::Gitlab, ..) => ("private-token", "", &self.secret),
        }
    }

    /// Returns a text of the forge without the token.
    pub(super) fn redact(&self, text: &str) -> String {
        self.secret.redact(text)
    }
}

/// Finds the token for a forge: the environment by the forge's kind, then what `stored` returns. A token of one kind of forge is never
/// used for another, and one of the environment only for a forge that more than relman.toml vouches for; `RELMAN_TOKEN` is meant for
/// whatever host relman.toml names. An empty variable counts as not set.
#[must_use]
pub fn find_token(
    address: &ForgeAddress,
    environment: &dyn Fn(&str) -> Option<String>,
    stored: &dyn Fn(TokenSource) -> Option<Secret>,
) -> Option<Token> {
    let by_kind: &[&'static str] = match address.kind {
        ForgeKind::Github => &["GITHUB_TOKEN", "GH_TOKEN"],
        ForgeKind::Gitlab => &["GITLAB_TOKEN", "CI_JOB_TOKEN"],
    };
    let value = |name: &'static str| {
        let value = environment(name)?.trim().to_owned();
        (!value.is_empty()).then_some(value)
    };
    let vouched = by_kind.iter().filter(|_| address.is_vouched_for).filter(|name| is_for(name, address, environment));
    let in_environment = std::iter::once(&"RELMAN_TOKEN").chain(vouched).find_map(|name| Some((*name, value(name)?)));
    if let Some((name, text)) = in_environment {
        // The job's own token stays one, whatever it is called.
        let is_job = address.kind == ForgeKind::Gitlab && value("CI_JOB_TOKEN").as_ref() == Some(&text);
        let name = if is_job { "CI_JOB_TOKEN" } else { name };
        return Some(Token::new(Secret::new(text), TokenSource::Variable(name)));
    }
    let sources: &[TokenSource] = match address.kind {
        ForgeKind::Github => &[TokenSource::Gh, TokenSource::Git],
        ForgeKind::Gitlab => &[TokenSource::Git],
    };
    sources.iter().find_map(|source| Some(Token::new(stored(*source)?, *source)))
}

/// The token of a job is for the job's own forge.
fn is_for(name: &str, address: &ForgeAddress, environment: &dyn Fn(&str) -> Option<String>) -> bool {
    let server = environment("CI_SERVER_URL");
    name != "CI_JOB_TOKEN" || server.is_none_or(|url| authority_of(&url) == authority_of(&address.url))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(kind: ForgeKind, is_vouched_for: bool) -> ForgeAddress {
        let url = match kind {
            ForgeKind::Github => "https://github.com",
            ForgeKind::Gitlab => "https://gitlab.com",
        };
        let (url, api, repository) = (url.to_owned(), format!("{url}/api"), "o/r".to_owned());
        ForgeAddress { kind, url, api, repository, is_vouched_for }
    }

    #[test]
    fn tokens_in_their_order() {
        use ForgeKind::{Github, Gitlab};
        let all = "RELMAN_TOKEN=1 GITHUB_TOKEN=2 GH_TOKEN=3 GITLAB_TOKEN=4 CI_JOB_TOKEN=5";
        let table = [
            (Github, true, all, "RELMAN_TOKEN authorization: Bearer 1"),
            (Github, true, "RELMAN_TOKEN= GITHUB_TOKEN=2 GH_TOKEN=3", "GITHUB_TOKEN authorization: Bearer 2"),
            (Github, true, "GITHUB_TOKEN= GH_TOKEN=3", "GH_TOKEN authorization: Bearer 3"),
            (Github, true, "GITLAB_TOKEN=4 CI_JOB_TOKEN=5", "gh auth token authorization: Bearer kept"),
            (Github, false, "GITHUB_TOKEN=2", "gh auth token authorization: Bearer kept"),
            (Github, false, all, "RELMAN_TOKEN authorization: Bearer 1"),
            (Gitlab, true, "GITHUB_TOKEN=2 GITLAB_TOKEN=4 CI_JOB_TOKEN=5", "GITLAB_TOKEN private-token: 4"),
            (Gitlab, true, "GITLAB_TOKEN=gloas-4", "GITLAB_TOKEN authorization: Bearer gloas-4"),
            (Gitlab, true, "GITHUB_TOKEN=2 CI_JOB_TOKEN=5", "CI_JOB_TOKEN job-token: 5"),
            (Gitlab, true, "RELMAN_TOKEN=5 CI_JOB_TOKEN=5", "CI_JOB_TOKEN job-token: 5"),
            (
                Gitlab,
                true,
                "CI_JOB_TOKEN=5 CI_SERVER_URL=https://git.example.com",
                "git's credential helper authorization: Bearer kept",
            ),
            (Gitlab, true, "GITHUB_TOKEN=2", "git's credential helper authorization: Bearer kept"),
        ];
        for (kind, is_vouched_for, variables, expected) in table {
            let environment = |name: &str| {
                let mut pairs = variables.split(' ').filter_map(|pair| pair.split_once('='));
                pairs.find(|(found, _)| *found == name).map(|(_, value)| value.to_owned())
            };
            let stored = |_| Some(Secret::new("kept".to_owned()));
            let token = find_token(&address(kind, is_vouched_for), &environment, &stored).unwrap();
            let (name, before, secret) = token.header(kind);
            assert_eq!(format!("{} {name}: {before}{}", token.source, secret.reveal()), expected, "{variables}");
            assert!(!format!("{token:?}").contains(&format!("\"{}\"", secret.reveal())));
        }
    }
}
