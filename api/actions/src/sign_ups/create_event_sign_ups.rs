use super::{EventSignUp, PERSON_INDEX, PERSON_SEAL, Participant};
use crate::events::Event;
use crate::queries;
use crate::queries::sign_ups::NewSignUp;
use crate::rules::places::place;
use crate::rules::states::{EventState, SIGN_UP};
use crate::visibility::acting_role;
use actix_web::http::StatusCode;
use actix_web::web::Data;
use actix_web::{HttpResponse, post};
use concilia_kernel::clock::italian_time;
use concilia_kernel::extract::{IdempotencyKey, Json, Path};
use concilia_kernel::idempotency::{Reply, RequestIdentity, once};
use concilia_kernel::outbox::publish;
use concilia_kernel::transition::Agent;
use concilia_kernel::vault::Vault;
use concilia_kernel::{Actor, Code, Db, Problem, Role, checks, new_id, now};
use diesel_async::AsyncPgConnection;
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;
use uuid::Uuid;
use validator::{Validate, ValidationError};

/// Who signs up.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "organisation_id": null, "participants": [{"name": "Anna Bianchi", "email": "anna.bianchi@example.it"}]
}))]
pub struct NewEventSignUps {
    /// An organisation that the caller is an officer of, to sign its people up; null to sign up oneself.
    #[serde(default)]
    pub organisation_id: Option<Uuid>,
    /// The people, each address once: one without an organisation.
    #[schema(min_items = 1, max_items = 20)]
    #[validate(length(min = 1, max = 20), custom(function = "distinct_addresses"), nested)]
    pub participants: Vec<Participant>,
}

fn distinct_addresses(people: &[Participant]) -> Result<(), ValidationError> {
    checks::distinct(&people.iter().map(Participant::address).collect::<Vec<_>>())
}

/// The sign-ups made, in the order in which the people were named.
#[derive(Debug, Serialize, ToSchema)]
pub struct EventSignUps {
    /// One for each person.
    #[schema(min_items = 1, max_items = 20)]
    pub items: Vec<EventSignUp>,
}

/// Sign up to an event
///
/// Anyone with an account signs up; an officer of an organisation signs up its people by name. Each gets a place, or a
/// place in the waiting list when none is left; that list moves by itself when a place frees. A person, told by the
/// e-mail address, signs up once.
#[utoipa::path(
    tag = "actions",
    params(("event_id" = Uuid, Path, description = "The event."),
           ("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated request harmless.",
            min_length = 1, max_length = 255)),
    request_body = NewEventSignUps,
    responses((status = 201, description = "The sign-ups.", body = EventSignUps),
              (status = 409, description = "Sign-up is not open (`sign_up_closed`), or one of the people has signed up \
                                            already (`already_exists`): then nobody is signed up.")),
)]
#[post("/v1/events/{event_id}/sign-ups")]
pub async fn create_event_sign_ups(
    actor: Actor,
    db: Data<Db>,
    vault: Data<Vault>,
    id: Path<Uuid>,
    key: IdempotencyKey,
    body: Json<NewEventSignUps>,
) -> Result<HttpResponse, Problem> {
    let request = RequestIdentity::new(key, "create_event_sign_ups", body.hash()).with_path(id.0).sealed(&vault);
    check_caller(&actor, &body)?;
    let mut conn = db.conn().await?;
    once(&mut conn, &actor, request, async |conn| {
        let items = sign_up(conn, &vault, &actor, id.0, &body).await?;
        Reply::json(StatusCode::CREATED, &EventSignUps { items })
    })
    .await
}

/// Signs people up, each to a place or to the waiting list.
pub async fn sign_up(
    conn: &mut AsyncPgConnection,
    vault: &Vault,
    actor: &Actor,
    event_id: Uuid,
    body: &NewEventSignUps,
) -> Result<Vec<EventSignUp>, Problem> {
    let role = check_caller(actor, body)?;
    let territory_id = actor.territory_id;
    let event = queries::events::hold(conn, territory_id, event_id).await?.ok_or_else(Problem::not_found)?;
    check_open(&event)?;
    let taken = event.capacity - event.free_places;
    let states = place(event.capacity, taken, event.waiting, body.participants.len());
    let rows = body.participants.iter().zip(states).map(|(person, state)| {
        let address = person.address();
        Ok(NewSignUp {
            id: new_id(),
            state,
            person_sealed: vault.seal_json(PERSON_SEAL, person)?,
            person_index: vault.blind_index(PERSON_INDEX, territory_id, address.as_bytes()).to_vec(),
        })
    });
    let rows = rows.collect::<Result<Vec<_>, Problem>>()?;
    let agent = Agent { id: Some(actor.id), role };
    let made = queries::sign_ups::insert(conn, territory_id, event.id, body.organisation_id, &rows, agent).await;
    let sealed = made.map_err(told_apart)?;
    for row in &rows {
        let told = json!({"event_id": event.id, "state": row.state});
        publish(conn, territory_id, &format!("{}.{}", SIGN_UP.aggregate, row.state), row.id, told).await?;
    }
    sealed.into_iter().map(|row| row.opened(vault)).collect()
}

/// The role under which the caller signs people up.
fn check_caller(actor: &Actor, body: &NewEventSignUps) -> Result<&'static str, Problem> {
    if let Some(organisation_id) = body.organisation_id {
        let role = acting_role(actor, organisation_id);
        return role.map(Role::as_str).map_err(|_| Problem::invalid("/organisation_id", "not_found"));
    }
    if body.participants.len() > 1 {
        return Err(Problem::invalid("/participants", "too_many"));
    }
    let own = Role::ALL.iter().find(|role| actor.has(**role));
    Ok(own.map_or("account", |role| role.as_str()))
}

fn check_open(event: &Event) -> Result<(), Problem> {
    if event.state == EventState::Draft {
        return Err(Problem::not_found());
    }
    let window = event.sign_up_opens_at..event.sign_up_closes_at;
    if event.state == EventState::Published && window.contains(&now()) {
        return Ok(());
    }
    let (opens, closes) = (event.sign_up_opens_at, event.sign_up_closes_at);
    Err(Problem::new(Code::SignUpClosed).explain(
        format!(
            "L'evento, nello stato «{}», accoglie iscrizioni dal {} al {}.",
            event.state,
            italian_time(opens),
            italian_time(closes)
        ),
        format!("The event, in state '{}', takes sign-ups from {opens:?} to {closes:?}.", event.state),
    ))
}

/// Says what is there already, without the address.
fn told_apart(error: diesel::result::Error) -> Problem {
    let problem = Problem::from(error);
    if problem.code() != Code::AlreadyExists {
        return problem;
    }
    problem.explain(
        "Una delle persone, o chi iscrive sé stesso, è già iscritta a questo evento.",
        "One of the people, or whoever signs up themselves, has already signed up to this event.",
    )
}
