//! A pull or merge request.

use super::acting::{act, forge, look};
use crate::apply::error::Failure;
use crate::apply::journal::Evidence;
use crate::apply::outward::step::{Arrived, Made};
use crate::apply::services::Services;
use crate::model::{ForgeRequest, NewRequest, RequestEdit, RequestState};
use crate::plan::{RequestAim, RequestStep};

/// Makes the request, brings the open one up to date, or closes it.
pub(in crate::apply::outward) fn perform(
    wanted: &RequestStep,
    services: &Services<'_>,
    made: Made<'_>,
) -> Result<Evidence, Failure> {
    let forge = forge(services)?;
    let open = forge.requests(&wanted.head, &wanted.base)?.into_iter().find(|r| r.state == RequestState::Open);
    let done = match (open, wanted.aim) {
        (Some(request), RequestAim::Close) => {
            forge.update_request(&request, &RequestEdit { close: true, ..RequestEdit::default() })
        }
        // It is closed already.
        (None, RequestAim::Close) => return Ok(Evidence::default()),
        (Some(request), RequestAim::Open | RequestAim::OpenAnew) => {
            let title = (request.title != wanted.title).then(|| wanted.title.clone());
            let edit = RequestEdit { title, body: Some(wanted.body.clone()), ..RequestEdit::default() };
            forge.update_request(&request, &edit)
        }
        (None, RequestAim::Open | RequestAim::OpenAnew) => forge.create_request(&NewRequest {
            head: wanted.head.clone(),
            base: wanted.base.clone(),
            title: wanted.title.clone(),
            body: wanted.body.clone(),
        }),
    };
    act(done.map(|request| evidence(&request)), || probe(wanted, services, made))
}

/// Makes the request unless it is there; for a branch that could not be pushed.
pub(in crate::apply::outward) fn ensure(
    wanted: &RequestStep,
    services: &Services<'_>,
    made: Made<'_>,
) -> Result<Evidence, Failure> {
    match probe(wanted, services, made) {
        Arrived::Done(evidence) => Ok(evidence),
        Arrived::Foreign(what) => Err(Failure::Foreign { what }),
        Arrived::Unknown(failure) => Err(failure),
        Arrived::Absent | Arrived::Partly => perform(wanted, services, made),
    }
}

/// Looks for an open or a merged request of these two branches.
pub(in crate::apply::outward) fn probe(wanted: &RequestStep, services: &Services<'_>, made: Made<'_>) -> Arrived {
    look(|| {
        let found = forge(services)?.requests(&wanted.head, &wanted.base)?;
        // A merged one is done if it brought what this run pushes, and not an earlier state of the branch.
        let pushed = made.pushed_as(&wanted.head);
        let is_ours = |request: &ForgeRequest| {
            let merged = request.head_commit.as_deref();
            request.state != RequestState::Merged || pushed.is_none() || merged.is_none() || merged == pushed
        };
        let of = |state: RequestState| found.iter().find(|request| request.state == state && is_ours(request));
        let open = of(RequestState::Open);
        if wanted.aim == RequestAim::Close {
            return Ok(if open.is_some() { Arrived::Partly } else { Arrived::Done(Evidence::default()) });
        }
        let closed = of(RequestState::Closed).filter(|_| wanted.aim == RequestAim::Open);
        Ok(match (open, of(RequestState::Merged), closed) {
            (Some(open), ..) if !is_as(open, wanted) => Arrived::Partly,
            (Some(request), ..) | (None, Some(request), _) => Arrived::Done(evidence(request)),
            (None, None, Some(closed)) => {
                let what =
                    format!("the request {} was closed without being merged; it is not opened again", closed.url);
                Arrived::Foreign(what)
            }
            (None, None, None) => Arrived::Absent,
        })
    })
}

/// Returns `true` if a request says what it is to say.
fn is_as(request: &ForgeRequest, wanted: &RequestStep) -> bool {
    request.title == wanted.title && request.body.replace("\r\n", "\n").trim() == wanted.body.trim()
}

fn evidence(request: &ForgeRequest) -> Evidence {
    Evidence { id: Some(request.number.to_string()), url: Some(request.url.clone()) }
}
