use super::Action;
use crate::queries;
use crate::rules::kinds::ActionKind;
use crate::rules::states::ActionState;
use actix_web::web::Data;
use actix_web::{HttpResponse, get};
use concilia_kernel::conditional::answer_page;
use concilia_kernel::extract::{IfNoneMatch, Query};
use concilia_kernel::page::{decode_cursor, limit_or_default, page};
use concilia_kernel::{Actor, Db, Page, Problem};
use serde::Deserialize;
use utoipa::IntoParams;
use uuid::Uuid;
use validator::Validate;

/// Which actions to list.
#[derive(Debug, Deserialize, Validate, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct ListActions {
    /// Only the actions of this plan.
    pub plan_id: Option<Uuid>,
    /// Only actions of this kind.
    pub kind: Option<ActionKind>,
    /// Only actions in this state.
    pub state: Option<ActionState>,
    /// Opaque cursor: `next` of the page before.
    #[validate(length(min = 1, max = 1024))]
    #[param(min_length = 1, max_length = 1024, pattern = "^[A-Za-z0-9_-]+$")]
    pub cursor: Option<String>,
    /// Items per page, 1 to 200; 50 unless told.
    #[validate(range(min = 1, max = 200))]
    #[param(minimum = 1, maximum = 200, format = Int32, default = 50)]
    pub limit: Option<i64>,
}

/// List the actions
///
/// The system and cross-cutting actions of the caller's territory, oldest first.
#[utoipa::path(
    tag = "actions",
    params(ListActions,
           ("If-None-Match" = Option<String>, Header, description = "Tag of a copy already held.")),
    responses((status = 200, description = "A page of actions.", body = Page<Action>,
        headers(("ETag" = String, description = "Tag of the page.")))),
)]
#[get("/v1/actions")]
pub async fn list_actions(
    actor: Actor,
    db: Data<Db>,
    query: Query<ListActions>,
    held: IfNoneMatch,
) -> Result<HttpResponse, Problem> {
    let after: Option<Uuid> = decode_cursor(query.cursor.as_deref())?;
    let limit = limit_or_default(query.limit);
    let reader = db.reader().await?;
    let selection = queries::actions::Selection { plan_id: query.plan_id, kind: query.kind, state: query.state };
    let found = queries::actions::list(&mut &**reader, actor.territory_id, selection, after, limit).await?;
    answer_page(&held, &page(found, limit, |action| action.id))
}
