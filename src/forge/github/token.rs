//! What the token is, and what it cannot do here.

use serde::Deserialize;

use super::Github;
use crate::forge::error::{ForgeError, ForgeFault};
use crate::io::{HttpResponse, Method};
use crate::model::{TokenFacts, TokenKind};

#[derive(Deserialize)]
struct RepositoryAnswer {
    permissions: Option<Permissions>,
    #[serde(default)]
    private: bool,
}

#[derive(Deserialize)]
struct Permissions {
    #[serde(default)]
    push: bool,
}

#[derive(Deserialize)]
struct UserAnswer {
    login: String,
}

/// What the token of a job can never do (docs.github.com, "Automatic token authentication").
const OF_A_JOB: [&str; 4] = [
    "start workflows by what it pushes, tags or publishes",
    "push commits, or publish releases, that change workflow files",
    "read secrets and variables of CI",
    "reach other private repositories",
];

impl Github {
    pub(in crate::forge) fn token(&self) -> Result<TokenFacts, ForgeError> {
        let Some(token) = &self.client.token else {
            let fault = ForgeFault::NoToken(self.client.kind);
            return Err(self.client.error(Method::Get, &self.client.api, fault));
        };
        let (repository, answer) = self.client.get_with_headers::<RepositoryAnswer>(&self.path(""))?;
        let kind = token.kind;
        // An application does not act for an account.
        let user = match self.client.get::<UserAnswer>("/user") {
            Ok(user) => Some(user.login),
            Err(ForgeError { fault: ForgeFault::Forbidden { .. } | ForgeFault::NotFound, .. }) => None,
            Err(error) => return Err(error),
        };
        let scopes = scopes(&answer);
        let mut cannot: Vec<String> = Vec::new();
        if kind == TokenKind::App {
            cannot.extend(OF_A_JOB.map(str::to_owned));
        } else if repository.permissions.is_some_and(|permissions| !permissions.push) {
            cannot.push("push, tag and publish: its account may only read here".to_owned());
        }
        if answer.header("x-oauth-scopes").is_some() {
            let has = |scope: &str| scopes.iter().any(|found| found == scope);
            let may_write = has("repo") || (has("public_repo") && !repository.private);
            if !may_write {
                cannot.push("write: the scope `repo` is missing".to_owned());
            }
            if !has("workflow") {
                cannot.push("push commits that change workflow files: the scope `workflow` is missing".to_owned());
            }
        }
        let expires = answer.header("github-authentication-token-expiration").map(str::to_owned);
        Ok(TokenFacts { kind, user, scopes, expires, cannot })
    }
}

/// Classic tokens have scopes, all others permissions that are not listed.
fn scopes(answer: &HttpResponse) -> Vec<String> {
    let listed = answer.header("x-oauth-scopes").unwrap_or_default();
    listed.split(',').map(str::trim).filter(|scope| !scope.is_empty()).map(str::to_owned).collect()
}
