use super::statement::{MembershipStatement, STATEMENT};
use actix_web::{get, web};

/// Read the statement of a request to join
///
/// The words that the legal representative accepts with `request_membership`, which names their version.
#[utoipa::path(
    tag = "network",
    responses((status = 200, description = "The statement in force.", body = MembershipStatement)),
)]
#[get("/v1/membership-statement")]
pub async fn get_membership_statement() -> web::Json<MembershipStatement> {
    web::Json(STATEMENT)
}
