use super::queries::{self, ProjectRow};
use super::{CallEvaluation, EvaluatorProgress, ProjectEvaluation, Recusal};
use crate::conflicts::notice_recusals;
use crate::people::Names;
use actix_web::get;
use actix_web::web::{self, Data};
use concilia_kernel::extract::{Path, Query};
use concilia_kernel::page::page;
use concilia_kernel::{Actor, Code, Db, PageQuery, Problem, Role};
use concilia_planning::find_project_call;
use uuid::Uuid;

/// Get the evaluation of a call
///
/// How complete the scoring is and who has scored how much; once it is closed, the average and the spread of each project,
/// as a whole and by criterion, from the scorecards that count. Evaluators see it once it is closed, without the projects
/// with which they are in conflict of interest.
#[utoipa::path(
    tag = "evaluation",
    params(("project_call_id" = Uuid, Path, description = "The call."), PageQuery),
    responses((status = 200, description = "The evaluation, with a page of its projects.", body = CallEvaluation),
              (status = 409, description = "To an evaluator, the scoring is not closed: `conflict`.")),
)]
#[get("/v1/project-calls/{project_call_id}/evaluation")]
pub async fn get_call_evaluation(
    actor: Actor,
    db: Data<Db>,
    id: Path<Uuid>,
    query: Query<PageQuery>,
) -> Result<web::Json<CallEvaluation>, Problem> {
    let (after, limit) = (query.after::<Uuid>()?, query.limit());
    let is_ats = actor.has(Role::Ats);
    let territory_id = actor.territory_id;
    let reader = db.reader().await?;
    let call = find_project_call(&mut &**reader, territory_id, id.0).await?;
    let call = call.filter(|call| is_ats || call.published_at.is_some()).ok_or_else(Problem::not_found)?;
    notice_recusals(&db, territory_id, call.id).await?;
    let summary = queries::summary(&mut &**reader, territory_id, call.id).await?;
    if !is_ats && summary.closed_at.is_none() {
        return Err(Problem::new(Code::Conflict).explain(
            "I valutatori vedono i risultati quando la valutazione è chiusa.",
            "Evaluators see the results once the scoring is closed.",
        ));
    }
    let progress = queries::progress(&mut &**reader, territory_id, call.id).await?;
    let barred = (!is_ats).then_some(actor.id);
    let rows = queries::projects(&mut &**reader, territory_id, call.id, barred, after, limit).await?;
    let found = page(rows, limit, |row| row.project_id);
    let recused = || found.items.iter().flat_map(|row| row.recused.0.iter());
    let accounts = progress.iter().map(|row| row.account_id).chain(recused().map(|row| row.account_id));
    let organisations = progress.iter().map(|row| row.organisation_id).chain(recused().map(|r| r.organisation_id));
    let organisations = organisations.chain(found.items.iter().map(|row| row.lead_organisation_id));
    let names = Names::read(&mut &**reader, territory_id, accounts, organisations).await?;
    let mut evaluators: Vec<EvaluatorProgress> = progress
        .into_iter()
        .map(|row| EvaluatorProgress {
            evaluator: names.evaluator(row.account_id),
            organisation: names.organisation(row.organisation_id),
            to_score: row.to_score,
            submitted: row.submitted,
            recused: row.recused,
        })
        .collect();
    evaluators.sort_by(|a, b| (&a.evaluator.name, a.evaluator.id).cmp(&(&b.evaluator.name, b.evaluator.id)));
    let items = found.items.into_iter().map(|row| named(row, &names)).collect();
    Ok(web::Json(CallEvaluation { summary, evaluators, items, next: found.next }))
}

fn named(row: ProjectRow, names: &Names) -> ProjectEvaluation {
    let recused = row.recused.0.into_iter().map(|recusal| Recusal {
        evaluator: names.evaluator(recusal.account_id),
        organisation: names.organisation(recusal.organisation_id),
        ground: recusal.ground,
        found_at: recusal.found_at,
    });
    ProjectEvaluation {
        lead: names.organisation(row.lead_organisation_id),
        project_id: row.project_id,
        reference: row.reference,
        title: row.title,
        state: row.state,
        expected: row.expected,
        missing: row.missing,
        counted: row.counted,
        set_aside: row.set_aside,
        complete: row.missing == 0 && row.counted > 0,
        total: row.total.map(|total| total.0),
        criteria: row.criteria.0,
        recused: recused.collect(),
        final_score: row.final_score,
    }
}
