//! What the token is, and what it cannot do here.

use serde::Deserialize;

use super::{Gitlab, UserAnswer};
use crate::forge::error::{ForgeError, ForgeFault};
use crate::io::Method;
use crate::model::{TokenFacts, TokenKind};

#[derive(Deserialize)]
struct TokenAnswer {
    #[serde(default)]
    scopes: Vec<String>,
    expires_at: Option<String>,
}

#[derive(Deserialize)]
struct JobAnswer {
    user: Option<JobUser>,
}

#[derive(Deserialize)]
struct JobUser {
    username: String,
}

/// What a job's own token cannot do (docs.gitlab.com, "GitLab CI/CD job token").
const OF_A_JOB: [&str; 3] = [
    "see or close milestones, issues and merge requests",
    "see pipelines, CI variables and protected tags",
    "start pipelines by what it pushes",
];

/// The roles that releases need.
const DEVELOPER: u64 = 30;
const MAINTAINER: u64 = 40;

impl Gitlab {
    pub(in crate::forge) fn token(&self) -> Result<TokenFacts, ForgeError> {
        let Some(token) = &self.client.token else {
            let fault = ForgeFault::NoToken(self.client.kind);
            return Err(self.client.error(Method::Get, &self.client.api, fault));
        };
        if token.kind == TokenKind::Job {
            let job: JobAnswer = self.client.get("/job")?;
            let user = job.user.map(|user| user.username);
            let cannot = OF_A_JOB.map(str::to_owned).to_vec();
            return Ok(TokenFacts { kind: token.kind, user, scopes: Vec::new(), expires: None, cannot });
        }
        // A token of an application is none of those that this call knows; it is what the other one is for.
        let own = match self.client.get::<TokenAnswer>("/personal_access_tokens/self") {
            Err(ForgeError { fault: ForgeFault::Unauthorized(_) | ForgeFault::NotFound, .. }) => None,
            own => Some(own?),
        };
        let user: UserAnswer = self.client.get("/user")?;
        let scopes = own.as_ref().map_or(Vec::new(), |own| own.scopes.clone());
        let mut cannot = Vec::new();
        if own.is_some() && !scopes.iter().any(|scope| scope == "api") {
            cannot.push("write: the scope `api` is missing".to_owned());
        }
        match self.role()? {
            Some(role) if role < DEVELOPER => {
                cannot.push("push, tag and publish: its role is below Developer".to_owned())
            }
            Some(role) if role < MAINTAINER => cannot.push("see CI variables: its role is below Maintainer".to_owned()),
            _ => {}
        }
        let expires = own.and_then(|own| own.expires_at);
        // What is not known by its first characters is one of these all the same.
        let kind = if token.kind == TokenKind::Other && !scopes.is_empty() { TokenKind::Personal } else { token.kind };
        Ok(TokenFacts { kind, user: Some(user.username), scopes, expires, cannot })
    }
}
