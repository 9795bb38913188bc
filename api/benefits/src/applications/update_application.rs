use super::{Application, hold_own, people, require_changeable, reread, submission};
use crate::applications::create_application::distinct_members;
use crate::queries::{application_lines, applications};
use crate::rules::states::ApplicationState;
use actix_web::web::Data;
use actix_web::{HttpResponse, put};
use concilia_kernel::db::transaction;
use concilia_kernel::extract::{IfMatch, Json, Path, etag_of};
use concilia_kernel::vault::Vault;
use concilia_kernel::{Actor, Db, Problem, now};
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

/// The corrected lines of an application.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"household_member_ids": ["0193a5d0-2222-7000-8000-000000000004"]}))]
pub struct UpdateApplication {
    /// Members of the caller's household to ask a voucher for, none twice; they replace those it had.
    #[schema(value_type = std::collections::HashSet<Uuid>, min_items = 1, max_items = 20)]
    #[validate(length(min = 1, max = 20), custom(function = "distinct_members"))]
    pub household_member_ids: Vec<Uuid>,
}

/// Correct an application
///
/// Replaces the lines while the call takes applications. A submitted one stays submitted, under the
/// same protocol number and instant; what is declared is frozen anew, so correct the household first.
#[utoipa::path(
    tag = "benefits",
    params(("application_id" = Uuid, Path, description = "The application."),
           ("If-Match" = String, Header, description = "Version the change starts from.")),
    request_body = UpdateApplication,
    responses((status = 200, description = "The corrected application.", body = Application,
                headers(("ETag" = String, description = "Version of the application."))),
              (status = 409, description = "The call takes no more corrections (`call_not_open`), the application \
                                            is past them (`transition_not_allowed`), or a child is in another \
                                            application to the call or twice in this one (`child_already_applied`).")),
)]
#[put("/v1/applications/{application_id}")]
pub async fn update_application(
    actor: Actor,
    db: Data<Db>,
    vault: Data<Vault>,
    id: Path<Uuid>,
    seen: IfMatch,
    body: Json<UpdateApplication>,
) -> Result<HttpResponse, Problem> {
    let mut conn = db.conn().await?;
    let application = transaction(&mut conn, async |conn| {
        let (call, application) = hold_own(conn, &actor, id.0).await?;
        seen.check(application.version)?;
        require_changeable(&application)?;
        call.require_open(now())?;
        let members = &body.household_member_ids;
        application_lines::replace(conn, actor.territory_id, application.id, call.id, members).await?;
        let employer = Some(application.employer_id);
        if application.state == ApplicationState::Submitted {
            submission::freeze(conn, &vault, &call, &application, members).await?;
        } else {
            let employer_id = people::admitted_employer(conn, &call, application.worker_id, employer).await?;
            people::declared(conn, &vault, actor.territory_id, application.worker_id, members).await?;
            applications::touch(conn, actor.territory_id, application.id, employer_id).await?;
        }
        reread(conn, &vault, actor.territory_id, application.id).await
    })
    .await?;
    Ok(HttpResponse::Ok().insert_header(("ETag", etag_of(application.version))).json(application))
}
