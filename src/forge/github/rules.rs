//! Rulesets for tags, and the rules of a branch.

use serde::Deserialize;
use serde_json::Value;

use super::Github;
use crate::forge::error::ForgeError;
use crate::io::encode;
use crate::model::{BranchRule, TagRule};

#[derive(Deserialize)]
struct RulesetRow {
    id: u64,
    target: Option<String>,
    enforcement: String,
}

#[derive(Deserialize)]
struct Ruleset {
    conditions: Option<Conditions>,
    #[serde(default)]
    rules: Vec<Rule>,
    current_user_can_bypass: Option<String>,
}

#[derive(Deserialize)]
struct Conditions {
    ref_name: Option<Names>,
}

#[derive(Deserialize)]
struct Names {
    #[serde(default)]
    include: Vec<String>,
}

#[derive(Deserialize)]
struct Rule {
    #[serde(rename = "type")]
    kind: String,
    parameters: Option<Value>,
}

impl Github {
    pub(in crate::forge) fn tag_rules(&self) -> Result<Vec<TagRule>, ForgeError> {
        let rows = self.client.list::<RulesetRow>(&self.path("/rulesets?includes_parents=true"))?;
        let mut found = Vec::new();
        for row in rows.iter().filter(|row| row.target.as_deref() == Some("tag") && row.enforcement == "active") {
            let ruleset: Ruleset = self.client.get(&self.path(&format!("/rulesets/{}", row.id)))?;
            let may_create = ruleset.may_create();
            let names =
                ruleset.conditions.and_then(|conditions| conditions.ref_name).map_or(Vec::new(), |names| names.include);
            found.extend(names.iter().map(|name| TagRule { pattern: pattern(name), may_create }));
        }
        Ok(found)
    }

    /// Works for branches that do not exist yet as well.
    pub(in crate::forge) fn branch_rules(&self, branch: &str) -> Result<Vec<BranchRule>, ForgeError> {
        let rules = self.client.list::<Rule>(&self.path(&format!("/rules/branches/{}", encode(branch))))?;
        Ok(rules.into_iter().map(Rule::read).collect())
    }
}

impl Ruleset {
    fn may_create(&self) -> Option<bool> {
        if !self.rules.iter().any(|rule| rule.kind == "creation") {
            return Some(true);
        }
        match self.current_user_can_bypass.as_deref() {
            Some("always") => Some(true),
            Some(_) => Some(false),
            None => None,
        }
    }
}

fn pattern(name: &str) -> String {
    if name == "~ALL" { "*".to_owned() } else { name.trim_start_matches("refs/tags/").to_owned() }
}

impl Rule {
    fn read(self) -> BranchRule {
        match self.kind.as_str() {
            "pull_request" => BranchRule::RequestRequired,
            "required_status_checks" => BranchRule::ChecksRequired(self.checks()),
            "required_signatures" => BranchRule::SignaturesRequired,
            "required_linear_history" => BranchRule::LinearHistory,
            "non_fast_forward" => BranchRule::NoForcePush,
            "update" => BranchRule::RestrictedPush { may_push: None },
            _ => BranchRule::Other(self.kind),
        }
    }

    fn checks(&self) -> Vec<String> {
        let listed =
            self.parameters.as_ref().and_then(|parameters| parameters.get("required_status_checks")?.as_array());
        let name = |check: &Value| check.get("context").and_then(Value::as_str).map(str::to_owned);
        listed.into_iter().flatten().filter_map(name).collect()
    }
}
