//! [`Looker`]: asks registries, forge and remote for what a release should have put there.

use crate::forge::{Forge, ForgeError};
use crate::io::in_parallel;
use crate::model::{Asked, Milestone, milestone_titled};
use crate::plan::{Expected, ImageTag, What};
use crate::registry::{Registries, RegistryError};
use crate::snapshot::{ArtifactFacts, ArtifactLook, ImageLook, Look, RemoteLook};

/// So many questions are asked at once.
const AT_ONCE: usize = 48;

/// What is asked.
pub(super) struct Looker<'a> {
    pub(super) registries: &'a Registries,
    pub(super) forge: &'a Look<Forge>,
    pub(super) remote: &'a Look<RemoteLook>,
    /// The milestones of the forge.
    pub(super) milestones: &'a Look<Vec<Milestone>>,
}

type Answer = Result<Asked<ArtifactFacts>, RegistryError>;

impl<'a> Looker<'a> {
    /// Returns one that asks registries alone.
    pub(super) fn of_registries(registries: &'a Registries) -> Self {
        Self { registries, forge: &Look::NotAsked, remote: &Look::NotAsked, milestones: &Look::NotAsked }
    }

    /// Looks at all artifacts at once. Commands are not run.
    pub(super) fn look(&self, expected: &[Expected]) -> Vec<ArtifactLook> {
        in_parallel(expected, AT_ONCE, |expected| self.look_at(expected))
    }

    fn look_at(&self, expected: &Expected) -> ArtifactLook {
        let of_registry = match &expected.what {
            What::Image(tag) => self.image(tag),
            What::Chart { name, tag } => asked(self.registries.chart(name, tag), ArtifactFacts::Chart),
            What::Python { project, .. } => asked(self.registries.python_files(project), ArtifactFacts::Python),
            What::Npm(name) => asked(self.registries.npm(name), ArtifactFacts::Npm),
            What::Crate(name) => asked(self.registries.crate_releases(name), ArtifactFacts::Crate),
            What::Page { url, .. } => asked(self.registries.page(url), ArtifactFacts::Page),
            What::Command { .. } => return ArtifactLook { asked: None, found: Look::NotAsked },
            What::Release { .. } => {
                return self.of_forge(|forge| forge.releases(expected.tag.as_str()).map(ArtifactFacts::Releases));
            }
            What::Pipeline => return self.pipeline(expected),
            What::Milestone { title, .. } => return self.milestone(title),
            What::Tag => return self.tag(expected),
        };
        match of_registry {
            Ok(Asked { address, found }) => ArtifactLook { asked: Some(address), found: Look::Found(found) },
            Err(error) => ArtifactLook {
                found: Look::Unknown { message: error.fault.to_string(), help: error.help() },
                asked: error.asked,
            },
        }
    }

    fn image(&self, tag: &ImageTag) -> Answer {
        let Asked { address, found } = self.registries.image(&tag.name, &tag.tag)?;
        let look = |facts: crate::model::ImageFacts| -> Result<ImageLook, RegistryError> {
            let is_signed = tag.signed.then(|| self.registries.is_signed(&tag.name, &facts.digest)).transpose()?;
            let revision = tag.revision.then(|| self.registries.revision(&tag.name, &facts.digest)).transpose()?;
            let is_private = self.registries.is_private(&tag.name);
            Ok(ImageLook {
                facts,
                is_private,
                is_signed: is_signed.map(|it| it.found),
                revision: revision.map(|it| it.found),
            })
        };
        Ok(Asked { address, found: ArtifactFacts::Image(found.map(look).transpose()?) })
    }

    fn of_forge(&self, ask: impl Fn(&Forge) -> Result<ArtifactFacts, ForgeError>) -> ArtifactLook {
        let found = self.forge.and_then(|forge| match ask(forge) {
            Ok(facts) => Look::Found(facts),
            Err(error) => Look::Unknown { message: error.to_string(), help: error.help() },
        });
        let address = self.forge.found().map(Forge::address).filter(|_| found.found().is_some());
        ArtifactLook { asked: address.map(|at| format!("{}/{}", at.url, at.repository)), found }
    }

    fn pipeline(&self, expected: &Expected) -> ArtifactLook {
        let Some(commit) = &expected.commit else {
            return ArtifactLook::unknown("the commit of the tag is not known", None);
        };
        self.of_forge(|forge| forge.tag_pipeline(expected.tag.as_str(), commit.as_str()).map(ArtifactFacts::Pipeline))
    }

    fn milestone(&self, title: &str) -> ArtifactLook {
        let found = self.milestones.map(|all| ArtifactFacts::Milestone(milestone_titled(all, title).cloned()));
        ArtifactLook { asked: None, found }
    }

    fn tag(&self, expected: &Expected) -> ArtifactLook {
        let tag = |remote: &RemoteLook| ArtifactFacts::Tag(remote.tags.get(expected.tag.as_str()).cloned());
        ArtifactLook { asked: self.remote.found().map(|remote| remote.name.clone()), found: self.remote.map(tag) }
    }
}

fn asked<T>(answer: Result<Asked<T>, RegistryError>, facts: impl FnOnce(T) -> ArtifactFacts) -> Answer {
    answer.map(|answer| answer.map(facts))
}
