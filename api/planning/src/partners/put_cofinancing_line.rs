use super::line::{CofinancingLineView, answered_line, hold_for_line, load_line};
use super::queries::{find_present, put_line};
use crate::projects::touch;
use crate::projects::visibility::require_editable;
use actix_web::web::Data;
use actix_web::{HttpResponse, put};
use concilia_kernel::db::transaction;
use concilia_kernel::extract::{IfMatch, Json, Path};
use concilia_kernel::{Actor, Db, Money, Problem};
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;
use validator::{Validate, ValidationError};

/// What an organisation puts into a project, in EUR; each amount from 0.00 to 9,999,999.99.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"monetary": "4000.00", "in_kind": "4571.43"}))]
pub struct CofinancingLineInput {
    /// In money.
    #[schema(value_type = String, format = "decimal", min_length = 4, max_length = 10, pattern = r"^(0|[1-9]\d{0,6})\.\d{2}$")]
    #[validate(custom(function = "an_amount"))]
    pub monetary: Money,
    /// In valued staff hours.
    #[schema(value_type = String, format = "decimal", min_length = 4, max_length = 10, pattern = r"^(0|[1-9]\d{0,6})\.\d{2}$")]
    #[validate(custom(function = "an_amount"))]
    pub in_kind: Money,
}

#[allow(clippy::trivially_copy_pass_by_ref)] // validator hands out references
fn an_amount(amount: &Money) -> Result<(), ValidationError> {
    let good = (0..=999_999_999).contains(&amount.cents());
    if good { Ok(()) } else { Err(ValidationError::new("range")) }
}

/// Write a co-financing line
///
/// An officer of the organisation, or of the lead, writes what the organisation puts into a draft, or into a project of
/// which integrations are asked. Whatever was signed off before must be signed off anew.
#[utoipa::path(
    tag = "planning",
    params(("project_id" = Uuid, Path, description = "The project."),
           ("organisation_id" = Uuid, Path, description = "The lead or a partner."),
           ("If-Match" = String, Header, description = "Version of the line the change starts from; `\"0\"` for none.")),
    request_body = CofinancingLineInput,
    responses((status = 200, description = "The line.", body = CofinancingLineView,
                headers(("ETag" = String, description = "Version of the line."))),
              (status = 409, description = "The project can no longer be changed: `transition_not_allowed`.")),
)]
#[put("/v1/projects/{project_id}/cofinancing-lines/{organisation_id}")]
pub async fn put_cofinancing_line(
    actor: Actor,
    db: Data<Db>,
    path: Path<(Uuid, Uuid)>,
    seen: IfMatch,
    body: Json<CofinancingLineInput>,
) -> Result<HttpResponse, Problem> {
    let (project_id, organisation_id) = path.into_inner();
    let of = (actor.territory_id, project_id, organisation_id);
    let mut conn = db.conn().await?;
    let line = transaction(&mut conn, async |conn| {
        let project = hold_for_line(conn, &actor, project_id, organisation_id, true).await?;
        find_present(conn, actor.territory_id, project_id, organisation_id).await?;
        seen.check(load_line(conn, of).await?.version)?;
        require_editable(&project)?;
        put_line(conn, of, (body.monetary, body.in_kind)).await?;
        touch(conn, actor.territory_id, project_id).await?;
        Ok(load_line(conn, of).await?)
    })
    .await?;
    Ok(answered_line(&line))
}
