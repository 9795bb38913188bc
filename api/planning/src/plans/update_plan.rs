use super::queries::{hold_plan, promised, span_of_projects, update};
use super::{Plan, PlanContent, find_plan};
use crate::settings::system_actions_share_of;
use actix_web::web::Data;
use actix_web::{HttpResponse, put};
use chrono::Datelike;
use concilia_kernel::db::transaction;
use concilia_kernel::extract::{IfMatch, Json, Path, etag_of};
use concilia_kernel::problem::Text;
use concilia_kernel::{Actor, Code, Db, FieldError, Problem};
use diesel_async::AsyncPgConnection;
use uuid::Uuid;

/// Change a plan
///
/// Rewrites the whole of a plan. What it has for local alliances stays enough for each call that has been opened, and its
/// years leave out no project that was proposed. Where its money changes, the agency's own system actions are the share of
/// the resources that the territory's settings say.
#[utoipa::path(
    tag = "planning",
    params(("plan_id" = Uuid, Path, description = "The plan."),
           ("If-Match" = String, Header, description = "Version the change starts from.")),
    request_body = PlanContent,
    responses((status = 200, description = "The changed plan.", body = Plan,
                headers(("ETag" = String, description = "Version of the plan."))),
              (status = 409, description = "The territory has another plan for these years: `already_exists`.")),
)]
#[put("/v1/plans/{plan_id}")]
pub async fn update_plan(
    actor: Actor,
    db: Data<Db>,
    id: Path<Uuid>,
    seen: IfMatch,
    body: Json<PlanContent>,
) -> Result<HttpResponse, Problem> {
    body.check_together()?;
    let mut conn = db.conn().await?;
    let plan = transaction(&mut conn, async |conn| {
        let plan = hold_plan(conn, actor.territory_id, id.0).await?.ok_or_else(Problem::not_found)?;
        seen.check(plan.version)?;
        if (body.resources, body.system_actions) != (plan.resources, plan.system_actions) {
            body.check_share(system_actions_share_of(conn, actor.territory_id).await?)?;
        }
        let promised = promised(conn, actor.territory_id, plan.id).await?;
        if body.local_alliances < promised {
            let fault = FieldError::pointer("/local_alliances", "range")
                .value(body.local_alliances.to_string())
                .explain(&Text::new(
                    format!("agli avvisi aperti sono promessi {promised}"),
                    format!("{promised} are promised to calls that were opened"),
                ));
            return Err(Problem::new(Code::ValidationFailed).with_error(fault));
        }
        check_years(conn, &plan, &body).await?;
        update(conn, actor.territory_id, plan.id, &body).await?;
        find_plan(conn, actor.territory_id, plan.id).await?.ok_or_else(Problem::not_found)
    })
    .await?;
    Ok(HttpResponse::Ok().insert_header(("ETag", etag_of(plan.version))).json(plan))
}

/// Refuses fewer years than the projects of the plan take.
async fn check_years(conn: &mut AsyncPgConnection, plan: &Plan, content: &PlanContent) -> Result<(), Problem> {
    if content.from_year <= plan.from_year && content.to_year >= plan.to_year {
        return Ok(());
    }
    let Some((first, last)) = span_of_projects(conn, plan.territory_id, plan.id).await? else {
        return Ok(());
    };
    let mut errors = vec![];
    for (year, pointer, left_out) in [
        (content.from_year, "/from_year", first.year() < content.from_year.into()),
        (content.to_year, "/to_year", last.year() > content.to_year.into()),
    ] {
        if left_out {
            errors.push(FieldError::pointer(pointer, "range").value(year).explain(&Text::new(
                format!("i progetti del piano si svolgono dal {first} al {last}"),
                format!("the plan's projects last from {first} to {last}"),
            )));
        }
    }
    if errors.is_empty() { Ok(()) } else { Err(Problem::new(Code::ValidationFailed).with_errors(errors)) }
}
