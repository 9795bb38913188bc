//! What the demo and imports call: the officers' part without a request, and applications by the hundred.

use crate::applications::{CHILD_SEAL, HOUSEHOLD_SEAL};
use crate::queries::bulk::{self, ApplicationRow, LineRow};
use crate::queries::protocol;
use crate::queries::voucher_calls::{self, Hold};
use crate::rankings::{self, Computed, Ranking};
use crate::rules::facts::{DeclaredChild, DeclaredHousehold};
use crate::rules::states::{VOUCHER_CALL, VoucherCallState};
use crate::voucher_calls::{VoucherCall, VoucherCallContent, close_voucher_call, open_voucher_call};
use chrono::{DateTime, Datelike, Utc};
use concilia_kernel::clock::italian_day;
use concilia_kernel::transition::{Agent, record};
use concilia_kernel::vault::Vault;
use concilia_kernel::{Problem, new_id};
use diesel_async::AsyncPgConnection;
use std::collections::BTreeMap;
use uuid::Uuid;

/// Creates a draft call. The caller vouches for the content, the project and its lead.
pub async fn insert_voucher_call(
    connection: &mut AsyncPgConnection,
    territory_id: Uuid,
    lead_organisation_id: Uuid,
    content: &VoucherCallContent,
    agent: Agent,
) -> Result<VoucherCall, Problem> {
    let call = voucher_calls::insert(connection, territory_id, lead_organisation_id, content).await?;
    let made = (None, VoucherCallState::Draft.as_str());
    record(connection, territory_id, (VOUCHER_CALL.aggregate, call.id), made, agent, None).await?;
    Ok(call)
}

/// Opens a draft call, as `open_voucher_call` does, even one of the past: to close and rank it at once.
pub async fn open_call(
    connection: &mut AsyncPgConnection,
    territory_id: Uuid,
    voucher_call_id: Uuid,
    agent: Agent,
) -> Result<VoucherCall, Problem> {
    let call = held(connection, territory_id, voucher_call_id).await?;
    open_voucher_call::open(connection, call, agent).await
}

/// Closes an open call, as `close_voucher_call` does.
pub async fn close_call(
    connection: &mut AsyncPgConnection,
    territory_id: Uuid,
    voucher_call_id: Uuid,
    agent: Agent,
    reason: &str,
) -> Result<VoucherCall, Problem> {
    let call = held(connection, territory_id, voucher_call_id).await?;
    close_voucher_call::close(connection, call, agent, Some(reason)).await
}

/// Ranks a closed call, as `create_ranking` does.
pub async fn compute_ranking(
    connection: &mut AsyncPgConnection,
    vault: &Vault,
    territory_id: Uuid,
    voucher_call_id: Uuid,
    agent: Agent,
) -> Result<Ranking, Problem> {
    let call = held(connection, territory_id, voucher_call_id).await?;
    let Computed { ranking, .. } = rankings::compute(connection, vault, &call, agent).await?;
    Ok(ranking)
}

/// Approves the ranking last computed of a call, as `approve_ranking` does.
pub async fn approve_computed_ranking(
    connection: &mut AsyncPgConnection,
    vault: &Vault,
    territory_id: Uuid,
    voucher_call_id: Uuid,
    agent: Agent,
) -> Result<Ranking, Problem> {
    let call = held(connection, territory_id, voucher_call_id).await?;
    let last = crate::queries::rankings::last(connection, territory_id, voucher_call_id).await?;
    let last = last.ok_or_else(Problem::not_found)?;
    rankings::approve(connection, vault, &call, &last, agent).await
}

async fn held(connection: &mut AsyncPgConnection, territory_id: Uuid, id: Uuid) -> Result<VoucherCall, Problem> {
    voucher_calls::hold(connection, territory_id, id, Hold::Update).await?.ok_or_else(Problem::not_found)
}

/// A submitted application to insert.
#[derive(Debug, Clone)]
pub struct SubmittedApplication {
    pub worker_id: Uuid,
    /// An employer of the worker that the call admits.
    pub employer_id: Uuid,
    pub submitted_at: DateTime<Utc>,
    pub household: DeclaredHousehold,
    /// Members of the worker's household, in the order of the lines; at least one.
    pub members: Vec<SubmittedMember>,
}

/// A child or dependant of an application to insert.
#[derive(Debug, Clone)]
pub struct SubmittedMember {
    pub household_member_id: Uuid,
    pub child: DeclaredChild,
    /// Blind index of the tax code, where it is known.
    pub tax_code_index: Option<Vec<u8>>,
}

/// Inserts submitted applications in a few statements, with protocol numbers in the order of their
/// submission and the moves recorded. The caller vouches for what `submit_application` would check;
/// a child that the call already has is refused by the database.
pub async fn insert_submitted_applications(
    connection: &mut AsyncPgConnection,
    vault: &Vault,
    territory_id: Uuid,
    voucher_call_id: Uuid,
    applications: &[SubmittedApplication],
) -> Result<Vec<Uuid>, Problem> {
    let numbers = protocol_numbers(connection, territory_id, applications).await?;
    let mut rows = Vec::with_capacity(applications.len());
    let mut lines = vec![];
    for (application, protocol_number) in applications.iter().zip(numbers) {
        let id = new_id();
        rows.push(ApplicationRow {
            id,
            worker_id: application.worker_id,
            employer_id: application.employer_id,
            protocol_number,
            facts_sealed: vault.seal_json(HOUSEHOLD_SEAL, &application.household)?,
            submitted_at: application.submitted_at,
        });
        for (member, line) in application.members.iter().zip(1..) {
            lines.push(LineRow {
                id: new_id(),
                application_id: id,
                line,
                household_member_id: member.household_member_id,
                child_index: member.tax_code_index.clone(),
                facts_sealed: vault.seal_json(CHILD_SEAL, &member.child)?,
            });
        }
    }
    bulk::insert_applications(connection, territory_id, voucher_call_id, &rows).await?;
    bulk::insert_lines(connection, territory_id, voucher_call_id, &lines).await?;
    Ok(rows.into_iter().map(|row| row.id).collect())
}

/// The numbers of the applications, in the order given: each year's run follows the instants of submission.
async fn protocol_numbers(
    connection: &mut AsyncPgConnection,
    territory_id: Uuid,
    applications: &[SubmittedApplication],
) -> Result<Vec<String>, Problem> {
    let mut by_year: BTreeMap<i32, Vec<(DateTime<Utc>, usize)>> = BTreeMap::new();
    for (at, application) in applications.iter().enumerate() {
        by_year
            .entry(italian_day(application.submitted_at).year())
            .or_default()
            .push((application.submitted_at, at));
    }
    let mut numbers = vec![String::new(); applications.len()];
    for (year, mut submissions) in by_year {
        submissions.sort_unstable();
        let count = i32::try_from(submissions.len()).map_err(Problem::internal)?;
        let first = protocol::take(connection, territory_id, year, count).await?;
        for ((_, at), ordinal) in submissions.into_iter().zip(first..) {
            numbers[at] = protocol::number(year, ordinal);
        }
    }
    Ok(numbers)
}
