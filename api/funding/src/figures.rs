//! What indicators ask of the money of projects.

use chrono::NaiveDate;
use concilia_kernel::Money;
use concilia_kernel::db::cached;
use concilia_network::OrganisationKind;
use diesel::pg::Pg;
use diesel::sql_types::{Array, Date, Numeric, Text, Uuid as SqlUuid};
use diesel::{QueryResult, QueryableByName, sql_query};
use diesel_async::{AsyncConnectionCore, RunQueryDsl};
use std::collections::HashMap;
use uuid::Uuid;

/// The money of a project at the end of a day.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FundingFigures {
    /// EUR assigned to it: what may be paid at most.
    pub planned: Money,
    /// EUR that it has in all, by the budget then in force: the grant and the co-financing.
    pub available: Money,
    /// EUR paid to the lead, less what it gave back.
    pub paid: Money,
    /// EUR of validated expenses charged to the grant.
    pub grant_spent: Money,
    /// Validated co-financing by kind of partner; kinds that put in nothing are left out.
    pub cofinancing: Vec<CofinancingByKind>,
}

/// What partners of one kind have put in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CofinancingByKind {
    pub kind: OrganisationKind,
    pub monetary: Money,
    pub in_kind: Money,
}

impl CofinancingByKind {
    /// Whether partners of this kind are private: all but public bodies, territorial areas and agencies.
    pub fn is_private(&self) -> bool {
        !matches!(self.kind, OrganisationKind::PublicBody | OrganisationKind::TerritorialAreaOrAgency)
    }

    pub fn total(&self) -> Money {
        self.monetary + self.in_kind
    }
}

impl FundingFigures {
    pub fn monetary_cofinancing(&self) -> Money {
        self.cofinancing.iter().map(|part| part.monetary).sum()
    }

    pub fn total_cofinancing(&self) -> Money {
        self.cofinancing.iter().map(CofinancingByKind::total).sum()
    }

    pub fn private_cofinancing(&self) -> Money {
        self.cofinancing.iter().filter(|part| part.is_private()).map(CofinancingByKind::total).sum()
    }
}

#[derive(QueryableByName)]
struct GrantRow {
    #[diesel(sql_type = SqlUuid)]
    project_id: Uuid,
    #[diesel(sql_type = Numeric)]
    planned: Money,
    #[diesel(sql_type = Numeric)]
    available: Money,
    #[diesel(sql_type = Numeric)]
    paid: Money,
    #[diesel(sql_type = Numeric)]
    grant_spent: Money,
}

#[derive(QueryableByName)]
struct PartRow {
    #[diesel(sql_type = SqlUuid)]
    project_id: Uuid,
    #[diesel(sql_type = Text)]
    kind: OrganisationKind,
    #[diesel(sql_type = Numeric)]
    monetary: Money,
    #[diesel(sql_type = Numeric)]
    in_kind: Money,
}

/// The money of those of `projects` whose grant was accepted, as the books stood at the end of `day` (in Italy), in two
/// statements however many there are. Payments count on the day the treasury made them, reports on the day they were
/// validated.
pub async fn funding_figures<C>(
    conn: &mut C,
    territory_id: Uuid,
    projects: &[Uuid],
    day: NaiveDate,
) -> QueryResult<HashMap<Uuid, FundingFigures>>
where
    C: AsyncConnectionCore<Backend = Pg> + Send,
{
    let grants: Vec<GrantRow> = cached(
        sql_query(GRANTS)
            .bind::<SqlUuid, _>(territory_id)
            .bind::<Array<SqlUuid>, _>(projects)
            .bind::<Date, _>(day),
    )
    .load(conn)
    .await?;
    let parts: Vec<PartRow> = cached(
        sql_query(PARTS).bind::<SqlUuid, _>(territory_id).bind::<Array<SqlUuid>, _>(projects).bind::<Date, _>(day),
    )
    .load(conn)
    .await?;
    let mut figures: HashMap<Uuid, FundingFigures> = HashMap::new();
    for GrantRow { project_id, planned, available, paid, grant_spent } in grants {
        let cofinancing = vec![];
        figures.insert(project_id, FundingFigures { planned, available, paid, grant_spent, cofinancing });
    }
    for PartRow { project_id, kind, monetary, in_kind } in parts {
        if let Some(project) = figures.get_mut(&project_id) {
            project.cofinancing.push(CofinancingByKind { kind, monetary, in_kind });
        }
    }
    Ok(figures)
}

const GRANTS: &str = "\
SELECT g.project_id, g.assigned AS planned, \
       coalesce((SELECT b.assigned + b.cofinancing FROM executive_budgets b \
                  WHERE b.project_id = g.project_id AND italian_day(b.recorded_at) <= $3 \
                  ORDER BY b.number DESC LIMIT 1), g.assigned) AS available, \
       coalesce((SELECT sum(p.amount) FROM grant_payments p WHERE p.project_id = g.project_id AND p.paid_on <= $3), 0) \
     - coalesce((SELECT sum(r.amount) FROM grant_recoveries r WHERE r.project_id = g.project_id AND r.received_on <= $3), 0) \
       AS paid, \
       coalesce((SELECT sum(e.accepted) FROM expenses e JOIN expense_reports r ON r.id = e.expense_report_id \
                  WHERE e.project_id = g.project_id AND e.source = 'grant' \
                    AND italian_day(r.validated_at) <= $3), 0) AS grant_spent \
  FROM grants g \
 WHERE g.territory_id = $1 AND g.project_id = ANY ($2) AND italian_day(g.accepted_at) <= $3";

const PARTS: &str = "\
SELECT e.project_id, o.kind, coalesce(sum(e.accepted) FILTER (WHERE e.source = 'monetary'), 0) AS monetary, \
       coalesce(sum(e.accepted) FILTER (WHERE e.source = 'in_kind'), 0) AS in_kind \
  FROM expenses e \
  JOIN expense_reports r ON r.id = e.expense_report_id \
  JOIN organisations o ON o.id = e.organisation_id \
 WHERE e.territory_id = $1 AND e.project_id = ANY ($2) AND e.source <> 'grant' \
   AND italian_day(r.validated_at) <= $3 \
 GROUP BY e.project_id, o.kind HAVING sum(e.accepted) > 0 ORDER BY e.project_id, o.kind";
