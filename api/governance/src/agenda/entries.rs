//! What is on the agenda.

use crate::meetings::{MeetingSummary, of_scope};
use crate::scope::Scope;
use chrono::{DateTime, Duration, Utc};
use concilia_kernel::db::cached;
use concilia_kernel::{Actor, Role, now, text_enum};
use concilia_network::officer_organisations;
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{Array, Bool, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::{AsyncConnectionCore, RunQueryDsl};
use uuid::Uuid;

/// Days that the agenda looks back.
const DAYS_BACK: i64 = 180;

text_enum! {
    /// What happens at a deadline.
    pub enum DeadlineKind {
        /// A call for projects opens.
        ProjectCallOpens = "project_call_opens",
        /// A call for projects closes, as extended.
        ProjectCallCloses = "project_call_closes",
        /// A project's lead must answer a request of the committee.
        IntegrationDue = "integration_due",
        /// A voucher call opens.
        VoucherCallOpens = "voucher_call_opens",
        /// A voucher call closes.
        VoucherCallCloses = "voucher_call_closes",
    }
}

/// A deadline of another context.
#[derive(Debug, Clone, QueryableByName)]
pub(super) struct Deadline {
    #[diesel(sql_type = SqlUuid)]
    pub id: Uuid,
    #[diesel(sql_type = Text)]
    pub kind: DeadlineKind,
    #[diesel(sql_type = Text)]
    pub title: String,
    #[diesel(sql_type = Timestamptz)]
    pub due_at: DateTime<Utc>,
    #[diesel(sql_type = Timestamptz)]
    pub stamped_at: DateTime<Utc>,
}

/// What is on somebody's agenda.
#[derive(Debug, Default)]
pub(super) struct Entries {
    pub meetings: Vec<MeetingSummary>,
    pub deadlines: Vec<Deadline>,
}

/// The agenda of a territory as `actor` may know it; without one, its public deadlines. Officers also see the meetings of
/// their bodies; the agency and the committee every answer awaited from a lead, a lead its own.
pub(super) async fn entries<C>(
    connection: &mut C,
    territory_id: Uuid,
    actor: Option<&Actor>,
) -> QueryResult<Entries>
where
    C: AsyncConnectionCore<Backend = Pg> + Send,
{
    let since = now() - Duration::days(DAYS_BACK);
    let all = actor.is_some_and(|actor| actor.has_any(&[Role::Ats, Role::Evaluator]));
    let own = actor.map(officer_organisations).unwrap_or_default();
    let deadlines = cached(
        sql_query(
            "SELECT id, kind, title, due_at, stamped_at FROM agenda_deadlines \
             WHERE territory_id = $1 AND due_at >= $2 AND (public OR $3 OR organisation_id = ANY($4)) \
             ORDER BY due_at, kind, id LIMIT 1000",
        )
        .bind::<SqlUuid, _>(territory_id)
        .bind::<Timestamptz, _>(since)
        .bind::<Bool, _>(all)
        .bind::<Array<SqlUuid>, _>(own),
    )
    .load(connection)
    .await?;
    let meetings = match actor {
        Some(actor) => {
            let scope = Scope::of(connection, actor).await?;
            of_scope(connection, &scope, since).await?
        }
        None => vec![],
    };
    Ok(Entries { meetings, deadlines })
}
