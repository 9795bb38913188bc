use super::sight::Sight;
use crate::queries::ranking_rows::{SealedExplanation, explanations};
use crate::queries::{applications, rankings};
use crate::rankings::{EXPLANATION_SEAL, Ranking};
use crate::rules::ranking::{Explanation, Outcome, OutcomeCode};
use crate::rules::states::{ApplicationState, RankingState};
use crate::rules::terms::{CriterionName, PointsReason, TieBreak};
use actix_web::web::Data;
use actix_web::{HttpResponse, get};
use chrono::{DateTime, Utc};
use concilia_kernel::extract::Path;
use concilia_kernel::language::{self, Language};
use concilia_kernel::vault::Vault;
use concilia_kernel::{Actor, Db, Money, Problem};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// How an application came by its outcome.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "application_id": "0193a5d0-2222-7000-8000-000000000001", "state": "awarded",
    "ranking": {"id": "0193a5d0-3333-7000-8000-000000000001", "number": 1, "state": "final",
                "approved_at": "2026-04-03T09:00:00Z"},
    "lines": [{
        "line": 1, "household_member_id": "0193a5d0-2222-7000-8000-000000000004", "position": 12, "points": 50,
        "criteria": [
            {"criterion": "child_disability", "threshold": null, "points_available": 40, "points": 40,
             "reason": "declared", "text": "dichiarato nella domanda"},
            {"criterion": "isee_up_to", "threshold": "15000.00", "points_available": 10, "points": 10,
             "reason": "isee_within_threshold", "text": "ISEE entro la soglia"}],
        "tie_breaks": [{"tie_break": "isee_ascending", "value": "14500.00"}],
        "outcome": "awarded", "outcome_code": "full_value",
        "text": "Voucher assegnato per l'intero valore previsto per figlio.",
        "waiting_position": null, "amount": "300.00"}]
}))]
pub struct ApplicationExplanation {
    /// The application.
    pub application_id: Uuid,
    /// State of the application.
    pub state: ApplicationState,
    /// The ranking that is explained; null while there is none that the caller may see.
    #[schema(required)]
    pub ranking: Option<ExplainedRanking>,
    /// The lines in it, in the application's order; none while there is no ranking.
    #[schema(min_items = 0, max_items = 20)]
    pub lines: Vec<ExplainedLine>,
}

/// The ranking that an explanation is about.
#[derive(Debug, Serialize, ToSchema)]
pub struct ExplainedRanking {
    /// Identifier of the run.
    pub id: Uuid,
    /// Number of the run in its call.
    #[schema(format = Int32, minimum = 1)]
    pub number: i32,
    /// State of the run: families see it once final.
    pub state: RankingState,
    /// When it was approved; null before.
    #[schema(required)]
    pub approved_at: Option<DateTime<Utc>>,
}

/// One line of the application in the ranking.
#[derive(Debug, Serialize, ToSchema)]
pub struct ExplainedLine {
    /// Number of the line in its application.
    #[schema(format = Int32, minimum = 1, maximum = 20)]
    pub line: i16,
    /// The member of the household.
    pub household_member_id: Uuid,
    /// Place in the list, from 1.
    #[schema(format = Int32, minimum = 1)]
    pub position: i32,
    /// Points in all.
    #[schema(format = Int32, minimum = 0, maximum = 20_000)]
    pub points: i32,
    /// Each criterion of the call, whether it gave points or not; none for the agency's officers.
    #[schema(min_items = 0, max_items = 20)]
    pub criteria: Vec<ExplainedCriterion>,
    /// By which values equal points were ordered, first things first; none for the agency's officers.
    #[schema(min_items = 0, max_items = 3)]
    pub tie_breaks: Vec<ExplainedTieBreak>,
    /// What became of the line.
    pub outcome: Outcome,
    /// Why.
    pub outcome_code: OutcomeCode,
    /// The reason, in the caller's language.
    #[schema(max_length = 500)]
    pub text: String,
    /// Place in the waiting list, from 1; null for others.
    #[schema(required, format = Int32, minimum = 1)]
    pub waiting_position: Option<i32>,
    /// EUR awarded.
    pub amount: Money,
}

/// What one criterion gave to a line.
#[derive(Debug, Serialize, ToSchema)]
pub struct ExplainedCriterion {
    /// What it looks at.
    pub criterion: CriterionName,
    /// Greatest ISEE in EUR, for the criterion that looks at it; null for others.
    #[schema(required)]
    pub threshold: Option<Money>,
    /// Points that it gives when met.
    #[schema(format = Int32, minimum = 1, maximum = 1000)]
    pub points_available: i32,
    /// Points that it gave.
    #[schema(format = Int32, minimum = 0, maximum = 1000)]
    pub points: i32,
    /// Why it gave them, or not.
    pub reason: PointsReason,
    /// The reason, in the caller's language.
    #[schema(max_length = 500)]
    pub text: String,
}

/// The value that ordered a line among equal points.
#[derive(Debug, Serialize, ToSchema)]
pub struct ExplainedTieBreak {
    /// The rule.
    pub tie_break: TieBreak,
    /// ISEE in EUR, instant of submission or day of birth; null when missing, which comes last.
    #[schema(required, max_length = 40)]
    pub value: Option<String>,
}

/// Explain an application's outcome
///
/// For each line: its position, the points of each criterion and why, the values that broke ties, the
/// outcome with its reason, the place in the waiting list, the amount. For the worker, once the ranking is
/// final; for officers, as soon as it is computed. Before that `ranking` is null. The agency's officers see no criteria
/// and no tie-breaks, which tell of the family's health and means.
#[utoipa::path(
    tag = "benefits",
    params(("application_id" = Uuid, Path, description = "The application.")),
    responses((status = 200, description = "The explanation.", body = ApplicationExplanation)),
)]
#[get("/v1/applications/{application_id}/explanation")]
pub async fn get_application_explanation(
    actor: Actor,
    db: Data<Db>,
    vault: Data<Vault>,
    id: Path<Uuid>,
) -> Result<HttpResponse, Problem> {
    let reader = db.reader().await?;
    let application = applications::find(&mut &**reader, actor.territory_id, id.0).await?;
    let application = application.ok_or_else(Problem::not_found)?;
    let sight = Sight::of(&mut &**reader, &actor, &application).await?;
    let (territory_id, call_id) = (application.territory_id, application.voucher_call_id);
    let ranking = rankings::last(&mut &**reader, territory_id, call_id).await?;
    let ranking = ranking.filter(|ranking| sight.officer || ranking.state == RankingState::Final);
    let lines = match &ranking {
        Some(ranking) => explanations(&mut &**reader, territory_id, ranking.id, application.id).await?,
        None => vec![],
    };
    let language = language::current().language;
    let lines = lines.iter().map(|line| ExplainedLine::open(line, &vault, language, sight.facts));
    Ok(HttpResponse::Ok().json(ApplicationExplanation {
        application_id: application.id,
        state: application.state,
        ranking: ranking.as_ref().map(ExplainedRanking::of),
        lines: lines.collect::<Result<_, Problem>>()?,
    }))
}

impl ExplainedRanking {
    fn of(ranking: &Ranking) -> Self {
        Self { id: ranking.id, number: ranking.number, state: ranking.state, approved_at: ranking.approved_at }
    }
}

impl ExplainedLine {
    fn open(
        line: &SealedExplanation,
        vault: &Vault,
        language: Language,
        with_facts: bool,
    ) -> Result<Self, Problem> {
        let say = |(italian, english): (&str, &str)| match language {
            Language::Italian => italian.to_owned(),
            Language::English => english.to_owned(),
        };
        let explanation = if with_facts {
            vault.open_json(EXPLANATION_SEAL, &line.explanation_sealed)?
        } else {
            Explanation { criteria: vec![], tie_breaks: vec![] }
        };
        let criteria = explanation.criteria.iter().map(|result| ExplainedCriterion {
            criterion: result.criterion.name(),
            threshold: result.criterion.threshold(),
            points_available: result.criterion.points(),
            points: result.given,
            reason: result.reason,
            text: say(result.reason.texts()),
        });
        let tie_breaks = explanation.tie_breaks.into_iter();
        Ok(Self {
            line: line.line,
            household_member_id: line.household_member_id,
            position: line.position,
            points: line.points,
            criteria: criteria.collect(),
            tie_breaks: tie_breaks.map(|t| ExplainedTieBreak { tie_break: t.tie_break, value: t.value }).collect(),
            outcome: line.outcome,
            outcome_code: line.outcome_code,
            text: say(line.outcome_code.texts()),
            waiting_position: line.waiting_position,
            amount: line.amount,
        })
    }
}
