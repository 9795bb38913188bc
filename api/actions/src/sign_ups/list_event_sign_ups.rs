use super::EventSignUp;
use crate::queries;
use crate::queries::sign_ups::Owner;
use crate::rules::states::SignUpState;
use actix_web::web::Data;
use actix_web::{HttpResponse, get};
use concilia_kernel::extract::Query;
use concilia_kernel::page::{decode_cursor, limit_or_default, page};
use concilia_kernel::vault::Vault;
use concilia_kernel::{Actor, Db, Page, Problem};
use serde::Deserialize;
use utoipa::IntoParams;
use uuid::Uuid;
use validator::Validate;

/// Which sign-ups to list.
#[derive(Debug, Deserialize, Validate, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct ListEventSignUps {
    /// Only the sign-ups to this event.
    pub event_id: Option<Uuid>,
    /// Only sign-ups in this state.
    pub state: Option<SignUpState>,
    /// Opaque cursor: `next` of the page before.
    #[validate(length(min = 1, max = 1024))]
    #[param(min_length = 1, max_length = 1024, pattern = "^[A-Za-z0-9_-]+$")]
    pub cursor: Option<String>,
    /// Items per page, 1 to 200; 50 unless told.
    #[validate(range(min = 1, max = 200))]
    #[param(minimum = 1, maximum = 200, format = Int32, default = 50)]
    pub limit: Option<i64>,
}

/// List sign-ups to events
///
/// The caller's own and those of the organisations it is an officer of, oldest first; the agency sees all of its
/// territory.
#[utoipa::path(
    tag = "actions",
    params(ListEventSignUps),
    responses((status = 200, description = "A page of sign-ups.", body = Page<EventSignUp>)),
)]
#[get("/v1/event-sign-ups")]
pub async fn list_event_sign_ups(
    actor: Actor,
    db: Data<Db>,
    vault: Data<Vault>,
    query: Query<ListEventSignUps>,
) -> Result<HttpResponse, Problem> {
    let after: Option<Uuid> = decode_cursor(query.cursor.as_deref())?;
    let limit = limit_or_default(query.limit);
    let owner = Owner::of(&actor);
    let reader = db.reader().await?;
    let found = queries::sign_ups::list(&mut &**reader, &owner, query.event_id, query.state, after, limit).await?;
    let found = page(found, limit, |row| row.id);
    let items = found.items.into_iter().map(|row| row.opened(&vault)).collect::<Result<Vec<_>, Problem>>()?;
    Ok(HttpResponse::Ok().json(Page { items, next: found.next }))
}
