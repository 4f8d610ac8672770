//! Protected tags and protected branches.

use serde::Deserialize;

use super::{Gitlab, UserAnswer};
use crate::forge::error::ForgeError;
use crate::model::{BranchRule, TagRule};

#[derive(Deserialize)]
struct ProtectedTag {
    name: String,
    #[serde(default)]
    create_access_levels: Vec<Level>,
}

#[derive(Deserialize)]
struct ProtectedBranch {
    name: String,
    #[serde(default)]
    push_access_levels: Vec<Level>,
    #[serde(default)]
    allow_force_push: bool,
}

/// Who may: a role and all above it, or one account, group or key.
#[derive(Deserialize)]
struct Level {
    access_level: Option<u64>,
    user_id: Option<u64>,
    group_id: Option<u64>,
    deploy_key_id: Option<u64>,
}

/// The account of the token, as far as GitLab says.
struct Me {
    id: Option<u64>,
    role: Option<u64>,
}

impl Gitlab {
    pub(in crate::forge) fn tag_rules(&self) -> Result<Vec<TagRule>, ForgeError> {
        let found = self.client.list::<ProtectedTag>(&self.path("/protected_tags"))?;
        if found.is_empty() {
            return Ok(Vec::new());
        }
        let me = self.me()?;
        Ok(found
            .into_iter()
            .map(|tag| TagRule { may_create: me.may(&tag.create_access_levels), pattern: tag.name })
            .collect())
    }

    pub(in crate::forge) fn branch_rules(&self, branch: &str) -> Result<Vec<BranchRule>, ForgeError> {
        let found = self.client.list::<ProtectedBranch>(&self.path("/protected_branches"))?;
        let covers = |rule: &ProtectedBranch| TagRule { pattern: rule.name.clone(), may_create: None }.covers(branch);
        let covering: Vec<ProtectedBranch> = found.into_iter().filter(covers).collect();
        if covering.is_empty() {
            return Ok(Vec::new());
        }
        let mut rules = Vec::new();
        if covering.iter().all(|rule| rule.push_access_levels.iter().all(Level::is_closed)) {
            rules.push(BranchRule::RequestRequired);
        } else {
            // Of several patterns the most permissive one counts.
            let me = self.me()?;
            let answers: Vec<Option<bool>> = covering.iter().map(|rule| me.may(&rule.push_access_levels)).collect();
            let may_push = if answers.contains(&Some(true)) {
                Some(true)
            } else {
                answers.iter().all(|answer| *answer == Some(false)).then_some(false)
            };
            rules.push(BranchRule::RestrictedPush { may_push });
        }
        if !covering.iter().any(|rule| rule.allow_force_push) {
            rules.push(BranchRule::NoForcePush);
        }
        Ok(rules)
    }

    fn me(&self) -> Result<Me, ForgeError> {
        let id = self.client.find::<UserAnswer>("/user")?.map(|user| user.id);
        Ok(Me { id, role: self.role()? })
    }
}

impl Level {
    /// With level 0 every push is refused.
    fn is_closed(&self) -> bool {
        self.access_level == Some(0)
            && self.user_id.is_none()
            && self.group_id.is_none()
            && self.deploy_key_id.is_none()
    }
}

impl Me {
    fn may(&self, levels: &[Level]) -> Option<bool> {
        let answers: Vec<Option<bool>> = levels.iter().map(|level| self.may_by(level)).collect();
        if answers.contains(&Some(true)) {
            return Some(true);
        }
        answers.iter().all(|answer| *answer == Some(false)).then_some(false)
    }

    fn may_by(&self, level: &Level) -> Option<bool> {
        match (level.user_id, level.group_id, level.deploy_key_id, level.access_level) {
            (Some(user), ..) => self.id.map(|id| id == user),
            // Who is in a group is not looked up.
            (_, Some(_), ..) => None,
            (_, _, Some(_), _) | (_, _, _, Some(0)) => Some(false),
            (_, _, _, Some(wanted)) => self.role.map(|role| role >= wanted),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_may() {
        let role = |level: u64| Level { access_level: Some(level), user_id: None, group_id: None, deploy_key_id: None };
        let user = |id: u64| Level { user_id: Some(id), ..role(40) };
        let group = || Level { group_id: Some(7), ..role(40) };
        let me = Me { id: Some(3), role: Some(30) };
        let table = [
            (vec![role(30)], Some(true)),
            (vec![role(40)], Some(false)),
            (vec![role(0)], Some(false)),
            (vec![role(40), user(3)], Some(true)),
            (vec![role(40), user(4)], Some(false)),
            (vec![role(40), group()], None),
            (vec![group(), role(30)], Some(true)),
            (Vec::new(), Some(false)),
        ];
        for (levels, expected) in table {
            assert_eq!(me.may(&levels), expected);
        }
        assert_eq!(Me { id: None, role: None }.may(&[role(30)]), None);
    }
}
