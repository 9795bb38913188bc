use crate::organisations::{OrganisationName, organisation_names};
use crate::territories::{Territory, find_territory};
use actix_web::get;
use actix_web::web::{self, Data};
use concilia_identity::accounts::{find_account, roles_of};
use concilia_identity::clients::find_api_client;
use concilia_kernel::auth::RoleBinding;
use concilia_kernel::{Actor, Db, Problem, Role, text_enum};
use diesel_async::AsyncPgConnection;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

text_enum! {
    /// What kind of caller.
    pub enum CallerKind {
        /// A person.
        Account = "account",
        /// A machine.
        ApiClient = "api_client",
    }
}

/// The caller.
#[derive(Debug, Serialize, ToSchema)]
pub struct Me {
    /// Account, or API client.
    pub id: Uuid,
    /// Person or machine.
    pub kind: CallerKind,
    /// Name of the person, or of the machine in words.
    #[schema(max_length = 200, example = "Anna Bianchi")]
    pub name: String,
    /// E-mail address of the account; null for machines.
    #[schema(required, format = "email", max_length = 254, example = "anna.bianchi@example.it")]
    pub email: Option<String>,
    /// Name of the API client; null for people.
    #[schema(required, max_length = 64, pattern = "^[A-Za-z0-9._-]+$", example = "hr-example")]
    pub client_id: Option<String>,
    /// The territory the caller belongs to.
    pub territory: Territory,
    /// Roles held now; those of the access token are the ones held when it was issued.
    #[schema(min_items = 0, max_items = 100)]
    pub roles: Vec<HeldRole>,
}

/// A role and the organisation it is held for.
#[derive(Debug, Serialize, ToSchema)]
pub struct HeldRole {
    /// The role.
    pub role: Role,
    /// The organisation it is bound to.
    pub organisation: OrganisationName,
}

/// Who am I
///
/// The account or API client of the access token, with its territory and roles.
#[utoipa::path(
    tag = "network",
    responses((status = 200, description = "The caller.", body = Me)),
)]
#[get("/v1/me")]
pub async fn get_me(actor: Actor, db: Data<Db>) -> Result<web::Json<Me>, Problem> {
    let reader = db.reader().await?;
    let caller = match actor.login_session_id {
        Some(_) => person(&reader, &actor).await?,
        None => machine(&reader, &actor).await?,
    };
    let territory = find_territory(&mut &**reader, actor.territory_id).await?.ok_or_else(Problem::not_found)?;
    let ids: Vec<Uuid> = caller.roles.iter().map(|binding| binding.organisation_id).collect();
    let names = organisation_names(&mut &**reader, actor.territory_id, &ids).await?;
    let held = |binding: RoleBinding| {
        let organisation = names.get(&binding.organisation_id)?.clone();
        Some(HeldRole { role: binding.role, organisation })
    };
    Ok(web::Json(Me {
        id: actor.id,
        kind: caller.kind,
        name: caller.name,
        email: caller.email,
        client_id: caller.client_id,
        territory,
        roles: caller.roles.into_iter().filter_map(held).collect(),
    }))
}

struct Caller {
    kind: CallerKind,
    name: String,
    email: Option<String>,
    client_id: Option<String>,
    roles: Vec<RoleBinding>,
}

async fn person(conn: &AsyncPgConnection, actor: &Actor) -> Result<Caller, Problem> {
    // Two references, so that both queries travel together.
    let (mut one, mut other) = (conn, conn);
    let (account, roles) = futures_util::try_join!(
        find_account(&mut one, actor.territory_id, actor.id),
        roles_of(&mut other, actor.territory_id, actor.id),
    )?;
    Ok(Caller {
        kind: CallerKind::Account,
        name: account.display_name,
        email: Some(account.email),
        client_id: None,
        roles,
    })
}

async fn machine(conn: &AsyncPgConnection, actor: &Actor) -> Result<Caller, Problem> {
    let mut conn = conn;
    let client = find_api_client(&mut conn, actor.territory_id, actor.id).await?;
    Ok(Caller {
        kind: CallerKind::ApiClient,
        roles: vec![client.binding()],
        name: client.name,
        email: None,
        client_id: Some(client.client_id),
    })
}
