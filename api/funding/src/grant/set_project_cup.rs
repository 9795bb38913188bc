use super::hold::{HeldGrant, hold_grant};
use super::view::{ProjectGrant, load_view};
use crate::agreements::is_signed_by_anyone;
use crate::rules::cup::cup;
use crate::schema::grants;
use crate::stance::require_lead;
use actix_web::http::header;
use actix_web::web::Data;
use actix_web::{HttpResponse, put};
use concilia_kernel::db::{cached, transaction};
use concilia_kernel::extract::{IfMatch, Json, Path, etag_of};
use concilia_kernel::problem::Text;
use concilia_kernel::{Actor, Code, Db, FieldError, Problem, Role};
use diesel::prelude::*;
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

/// The code that identifies a public investment project.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"cup": "J41B20000000001"}))]
pub struct ProjectCup {
    /// The CUP (codice unico di progetto): a letter, two letters or digits, a letter, eleven digits.
    #[schema(min_length = 15, max_length = 15, pattern = "^[A-Z][0-9A-Z]{2}[A-Z][0-9]{11}$")]
    #[validate(custom(function = "cup"))]
    pub cup: String,
}

/// Set the CUP of a project
///
/// By the agency or the lead, until somebody has signed the agreement: it bears the code, and is made again where that
/// changes. Its form is checked; it has no check character. No two projects of the territory bear the same.
#[utoipa::path(
    tag = "funding",
    params(("project_id" = Uuid, Path, description = "The project."),
           ("If-Match" = String, Header, description = "Version of the grant that the change starts from.")),
    request_body = ProjectCup,
    responses((status = 200, description = "The grant.", body = ProjectGrant,
                headers(("ETag" = String, description = "Version of the grant."))),
              (status = 409, description = "The agreement bears a signature (`conflict`), or another project bears the code \
                                            (`already_exists`).")),
)]
#[put("/v1/projects/{project_id}/grant/cup")]
pub async fn set_project_cup(
    actor: Actor,
    db: Data<Db>,
    project_id: Path<Uuid>,
    seen: IfMatch,
    body: Json<ProjectCup>,
) -> Result<HttpResponse, Problem> {
    let mut conn = db.conn().await?;
    let view = transaction(&mut conn, async |conn| {
        let held = hold_grant(conn, actor.territory_id, *project_id).await?;
        require_party(&actor, &held)?;
        seen.check(held.grant.version)?;
        set(conn, &actor, &held, &body).await?;
        load_view(conn, actor.territory_id, *project_id).await
    })
    .await?;
    Ok(HttpResponse::Ok().insert_header((header::ETAG, etag_of(view.version))).json(view))
}

fn require_party(actor: &Actor, held: &HeldGrant) -> Result<(), Problem> {
    if actor.has(Role::Ats) { Ok(()) } else { require_lead(actor, &held.project).map(|_| ()) }
}

/// Sets the code of a grant that the transaction holds.
pub(crate) async fn set(
    conn: &mut AsyncPgConnection,
    actor: &Actor,
    held: &HeldGrant,
    code: &ProjectCup,
) -> Result<(), Problem> {
    require_party(actor, held)?;
    if is_signed_by_anyone(conn, actor.territory_id, held.grant.project_id).await? {
        let (it, en) = (
            "la convenzione, che riporta il CUP, porta già una firma",
            "the agreement, which prints the CUP, bears a signature",
        );
        let fault = FieldError::pointer("/cup", "conflict").value(code.cup.as_str()).explain(&Text::new(it, en));
        return Err(Problem::new(Code::Conflict)
            .explain(
                "La convenzione, che riporta il CUP, porta già una firma.",
                "The agreement, which prints the CUP, bears a signature already.",
            )
            .with_error(fault));
    }
    let change = (grants::cup.eq(&code.cup), grants::version.eq(grants::version + 1));
    cached(diesel::update(grants::table.find(held.grant.project_id)).set(change)).execute(conn).await?;
    Ok(())
}
