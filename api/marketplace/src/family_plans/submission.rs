use super::family_plan::FamilyPlan;
use super::placed_plan::PlacedPlan;
use super::queries::already_submitted;
use crate::rules::BookingRule;
use concilia_kernel::db::cached;
use concilia_kernel::extract::IfMatch;
use concilia_kernel::idempotency::RequestIdentity;
use concilia_kernel::vault::Vault;
use concilia_kernel::{Actor, Code, FieldError, Money, Problem};
use diesel::sql_types::{Array, Binary, Bool, Nullable, Numeric, SmallInt, Text, Uuid as SqlUuid};
use diesel::{QueryableByName, sql_query};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use std::sync::Arc;
use uuid::Uuid;

/// A plan that its family submits.
#[derive(Clone)]
pub(super) struct Submission {
    territory_id: Uuid,
    account_id: Uuid,
    pub(super) family_plan_id: Uuid,
    /// The versions that the caller has seen, as an array of PostgreSQL; any without.
    versions: Option<String>,
    expected_share: Option<Money>,
    request: Arc<RequestIdentity>,
}

impl Submission {
    pub(super) fn new(actor: &Actor, family_plan_id: Uuid, request: RequestIdentity) -> Self {
        Self {
            territory_id: actor.territory_id,
            account_id: actor.id,
            family_plan_id,
            versions: None,
            expected_share: None,
            request: Arc::new(request),
        }
    }

    pub(super) fn of_versions(mut self, versions: Option<&IfMatch>) -> Self {
        self.versions = versions.and_then(IfMatch::versions).map(|versions| {
            let versions: Vec<String> = versions.iter().map(ToString::to_string).collect();
            format!("{{{}}}", versions.join(","))
        });
        self
    }

    pub(super) fn for_at_most(mut self, share: Option<Money>) -> Self {
        self.expected_share = share;
        self
    }

    /// Places the plan, waiting for whoever is at work on it, on its vouchers or on its sessions.
    pub(super) async fn place(&self, conn: &mut AsyncPgConnection, vault: &Vault) -> Result<FamilyPlan, Problem> {
        let mut placed = place(conn, &[self], true).await;
        // Another request has written its answer under the same key meanwhile: now it can be read.
        if placed.as_ref().is_err_and(|problem| problem.code() == Code::AlreadyExists) {
            placed = place(conn, &[self], true).await;
        }
        placed?.pop().ok_or_else(Problem::not_found)?.into_plan(vault)
    }
}

/// What became of a submission.
#[derive(QueryableByName)]
pub(super) struct Outcome {
    #[diesel(sql_type = SqlUuid)]
    pub(super) family_plan_id: Uuid,
    #[diesel(sql_type = Text, column_name = outcome)]
    kind: String,
    #[diesel(sql_type = Nullable<SmallInt>)]
    refused_line: Option<i16>,
    #[diesel(sql_type = Nullable<Text>)]
    rule: Option<BookingRule>,
    #[diesel(sql_type = Nullable<Text>)]
    body: Option<String>,
}

/// Places plans in one round trip: see `submit_family_plans` of the migration, which says what has no outcome.
pub(super) async fn place(
    conn: &mut AsyncPgConnection,
    submissions: &[&Submission],
    wait: bool,
) -> Result<Vec<Outcome>, Problem> {
    fn each<'a, T>(submissions: &[&'a Submission], part: impl Fn(&'a Submission) -> T) -> Vec<T> {
        submissions.iter().map(|submission| part(submission)).collect()
    }
    let query = sql_query(
        "SELECT family_plan_id, outcome, refused_line, rule, body FROM submit_family_plans($1, $2, $3, $4, $5, $6, $7, $8)",
    )
    .bind::<Array<SqlUuid>, _>(each(submissions, |s| s.territory_id))
    .bind::<Array<SqlUuid>, _>(each(submissions, |s| s.account_id))
    .bind::<Array<SqlUuid>, _>(each(submissions, |s| s.family_plan_id))
    .bind::<Array<Nullable<Text>>, _>(each(submissions, |s| s.versions.as_deref()))
    .bind::<Array<Nullable<Numeric>>, _>(each(submissions, |s| s.expected_share))
    .bind::<Array<Nullable<Text>>, _>(each(submissions, |s| s.request.key.as_deref()))
    .bind::<Array<Binary>, _>(each(submissions, |s| s.request.hash.as_slice()))
    .bind::<Bool, _>(wait);
    Ok(cached(query).load(conn).await?)
}

impl Outcome {
    pub(super) fn into_plan(self, vault: &Vault) -> Result<FamilyPlan, Problem> {
        match (self.kind.as_str(), self.body) {
            ("done" | "replayed", Some(body)) => {
                serde_json::from_str::<PlacedPlan>(&body).map_err(Problem::internal)?.into_plan(vault)
            }
            ("key_reused", _) => Err(Problem::new(Code::IdempotencyKeyReused)
                .with_error(FieldError::parameter("Idempotency-Key", "idempotency_key_reused"))),
            ("not_draft", _) => Err(already_submitted()),
            ("stale", _) => Err(IfMatch::stale()),
            (other, _) => match (self.refused_line, self.rule) {
                (Some(line), Some(rule)) => Err(rule.of_line(line)),
                _ => Err(Problem::internal(format!("unknown outcome {other}"))),
            },
        }
    }
}
