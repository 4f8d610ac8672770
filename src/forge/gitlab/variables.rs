//! CI variables: their names, and how they are guarded.

use serde::Deserialize;

use super::Gitlab;
use crate::forge::error::{ForgeError, ForgeFault};
use crate::io::encode;
use crate::model::CiVariable;

/// The answer also has the value in clear text. It is not read, and the answer is dropped at once.
#[derive(Deserialize)]
struct Variable {
    key: String,
    #[serde(default)]
    masked: bool,
    #[serde(default)]
    protected: bool,
}

impl Gitlab {
    /// Those of the project, and of the groups above it where they may be seen.
    pub(in crate::forge) fn variables(&self) -> Result<Vec<CiVariable>, ForgeError> {
        let mut found = self.client.list::<Variable>(&self.path("/variables"))?;
        let above: Vec<&str> = self.project.match_indices('/').filter_map(|(at, _)| self.project.get(..at)).collect();
        // The nearest group counts first.
        for group in above.into_iter().rev() {
            match self.client.list::<Variable>(&format!("/groups/{}/variables", encode(group))) {
                // A group that may not be seen, or a person's name in its place.
                Err(ForgeError {
                    fault: ForgeFault::NotFound | ForgeFault::Forbidden { .. } | ForgeFault::Unauthorized(_),
                    ..
                }) => {}
                more => found.extend(more?),
            }
        }
        Ok(found
            .into_iter()
            .map(|variable| CiVariable { name: variable.key, masked: variable.masked, protected: variable.protected })
            .collect())
    }
}
