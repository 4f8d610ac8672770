//! Secrets and variables of Actions: their names.

use serde::Deserialize;

use super::Github;
use crate::forge::error::{ForgeError, ForgeFault};
use crate::model::CiVariable;

#[derive(Deserialize)]
struct Secrets {
    secrets: Vec<Named>,
}

#[derive(Deserialize)]
struct Variables {
    variables: Vec<Named>,
}

/// A variable has a value in the same answer, which is not read.
#[derive(Deserialize)]
struct Named {
    name: String,
}

impl Github {
    /// Secrets of the repository, of its organization where they may be seen, and variables, which logs show.
    pub(in crate::forge) fn variables(&self) -> Result<Vec<CiVariable>, ForgeError> {
        let secrets = self.client.pages::<Secrets>(&self.path("/actions/secrets"))?;
        let shared = match self.client.pages::<Secrets>(&self.path("/actions/organization-secrets")) {
            Err(ForgeError { fault: ForgeFault::NotFound | ForgeFault::Forbidden { .. }, .. }) => Vec::new(),
            shared => shared?,
        };
        let variables = self.client.pages::<Variables>(&self.path("/actions/variables"))?;
        let masked = secrets.into_iter().chain(shared).flat_map(|page| page.secrets).map(|named| (named, true));
        let shown = variables.into_iter().flat_map(|page| page.variables).map(|named| (named, false));
        let found = masked.chain(shown);
        Ok(found.map(|(named, masked)| CiVariable { name: named.name, masked, protected: false }).collect())
    }
}
