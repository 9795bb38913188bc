//! Which figures a caller asks for: today's, or those frozen for a half-year.

use crate::queries::freezes::{find_freeze, newest_freeze};
use chrono::NaiveDate;
use concilia_kernel::{Actor, Problem, Role, today};
use concilia_network::Half;
use concilia_planning::{Plan, find_public_plan};
use diesel::pg::Pg;
use diesel_async::AsyncConnectionCore;
use uuid::Uuid;

/// Where figures come from.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Source {
    /// Counted now, from what is known up to this day.
    Live { until: NaiveDate },
    /// Frozen for a half-year.
    Frozen { freeze_id: Uuid, half: Half },
}

impl Source {
    pub(crate) fn until(self) -> Option<NaiveDate> {
        match self {
            Self::Live { until } => Some(until),
            Self::Frozen { .. } => None,
        }
    }

    pub(crate) fn freeze_id(self) -> Option<Uuid> {
        match self {
            Self::Live { .. } => None,
            Self::Frozen { freeze_id, .. } => Some(freeze_id),
        }
    }

    pub(crate) fn half(self) -> Option<Half> {
        match self {
            Self::Live { .. } => None,
            Self::Frozen { half, .. } => Some(half),
        }
    }
}

/// Those who work on the plan see its figures as they stand today.
pub(crate) const INSIDERS: &[Role] = &[Role::Ats, Role::Evaluator, Role::AllianceLead];

/// The plan, and the figures of it that the caller asks for. Plans are public; so is what was frozen. Today's figures are
/// for those who work on the plan: others get the newest frozen ones. 404 where there are none.
pub(crate) async fn plan_and_source<C>(
    conn: &mut C,
    actor: Option<&Actor>,
    plan_id: Uuid,
    half: Option<Half>,
) -> Result<(Plan, Source), Problem>
where
    C: AsyncConnectionCore<Backend = Pg> + Send,
{
    let plan = find_public_plan(conn, plan_id).await?.ok_or_else(Problem::not_found)?;
    let insider = actor.is_some_and(|actor| actor.territory_id == plan.territory_id && actor.has_any(INSIDERS));
    let frozen = match half {
        None if insider => return Ok((plan, Source::Live { until: today() })),
        None => newest_freeze(conn, plan.territory_id, plan.id).await?,
        Some(half) => find_freeze(conn, plan.territory_id, plan.id, half).await?,
    };
    let frozen = frozen.ok_or_else(|| {
        Problem::not_found().explain(
            "Gli indicatori di questo semestre non sono stati consolidati.",
            "The indicators of this half-year have not been frozen.",
        )
    })?;
    Ok((plan, Source::Frozen { freeze_id: frozen.id, half: frozen.half }))
}
