//! A territory with an agency, organisations, a project and a committee of five seats, and the handlers of this context.

use chrono::{DateTime, Duration, Utc};
use concilia_kernel::{Actor, Role, new_id, now};
pub use concilia_scratch::Answer;
use concilia_scratch::Frame;
use serde_json::{Value, json};
use std::ops::Deref;
use uuid::Uuid;

/// Days from the convening of a meeting to it: as many as any body asks for, and one for the change of clocks.
const NOTICE: i64 = 11;

pub struct Scratch {
    frame: Frame,
    pub agency: Uuid,
    /// Members of the network, the agency not among them.
    pub members: Vec<Uuid>,
    /// Led by the first member, joined by the second.
    pub project: Uuid,
}

/// A committee: the agency in the chair, then the members.
pub struct Committee {
    pub id: Uuid,
    /// Titular and substitute of each seat, the chair's first.
    pub people: Vec<(Actor, Actor)>,
}

/// Runs a test over a database of its own.
pub fn with_scratch<F: Future<Output = ()>>(test: impl FnOnce(Scratch) -> F) {
    concilia_scratch::run(async { test(Scratch::new().await).await });
}

impl Deref for Scratch {
    type Target = Frame;

    fn deref(&self) -> &Frame {
        &self.frame
    }
}

impl Scratch {
    async fn new() -> Self {
        let frame = Frame::new(concilia_governance::routes).await;
        let members: Vec<Uuid> = (0..4).map(|_| new_id()).collect();
        let scratch = Self { frame, agency: new_id(), members, project: new_id() };
        let (territory, agency, project) = (scratch.territory_id, scratch.agency, scratch.project);
        let mut sql = vec![];
        for (serial, id) in [agency].iter().chain(&scratch.members).enumerate() {
            sql.push(format!(
                "INSERT INTO organisations (id, territory_id, name, kind, tax_code) \
                 VALUES ('{id}', '{territory}', 'Ente {serial}', 'public_body', '{serial:011}'); \
                 INSERT INTO memberships (id, territory_id, organisation_id, state, requested_at, decided_at) \
                 VALUES (uuid_v7(), '{territory}', '{id}', 'admitted', now(), now());"
            ));
        }
        let (lead, partner) = (scratch.members[0], scratch.members[1]);
        sql.push(format!(
            "INSERT INTO projects (id, territory_id, reference, title, lead_organisation_id, starts_on, ends_on, state, \
               submitted_at) VALUES ('{project}', '{territory}', '2.5', 'Project', '{lead}', '2026-01-01', '2099-12-31', \
               'submitted', now()); \
             INSERT INTO project_partners (territory_id, project_id, organisation_id, role) VALUES \
               ('{territory}', '{project}', '{lead}', 'lead'), ('{territory}', '{project}', '{partner}', 'institutional');"
        ));
        scratch.run_sql(&sql.concat()).await;
        scratch
    }

    /// An account with a role.
    pub async fn person(&self, role: Role, organisation: Uuid) -> Actor {
        let (id, territory) = (new_id(), self.territory_id);
        self.run_sql(&format!(
            "INSERT INTO accounts (id, territory_id, email, password_hash, display_name) \
             VALUES ('{id}', '{territory}', '{id}@example.test', 'x', 'Person'); \
             INSERT INTO role_bindings (territory_id, account_id, organisation_id, role) \
             VALUES ('{territory}', '{id}', '{organisation}', '{role}');"
        ))
        .await;
        self.account(id, role, organisation)
    }

    pub async fn ats(&self) -> Actor {
        self.person(Role::Ats, self.agency).await
    }

    /// A committee whose seats are the agency's and those of the members.
    pub async fn committee(&self) -> Committee {
        let ats = self.ats().await;
        let body = json!({"kind": "committee", "name": "Comitato"});
        let id = self.post(&ats, "/v1/bodies", body).await.created();
        let mut people = vec![];
        for (serial, organisation) in [self.agency].iter().chain(&self.members).enumerate() {
            let role = if serial == 0 { Role::Ats } else { Role::Evaluator };
            let pair = (self.person(role, *organisation).await, self.person(role, *organisation).await);
            let seat = json!({
                "name": format!("Seggio {serial}"), "organisation_id": organisation, "chair": serial == 0,
                "titular_id": pair.0.id, "substitute_id": pair.1.id,
            });
            self.post(&ats, &format!("/v1/bodies/{id}/seats"), Some(seat)).await.expect(201);
            people.push(pair);
        }
        Committee { id, people }
    }

    /// A meeting of a body that has just begun.
    pub async fn session(&self, body: Uuid, project: Option<Uuid>) -> Value {
        let soon = now() + Duration::seconds(2);
        let meeting = self.meeting_at(soon, body, project).await;
        actix_web::rt::time::sleep((soon - now()).to_std().unwrap_or_default()).await;
        meeting
    }

    /// A meeting of a body at an instant, of which the invitations went out by certified mail in time.
    pub async fn meeting_at(&self, starts_at: DateTime<Utc>, body: Uuid, project: Option<Uuid>) -> Value {
        let ats = self.ats().await;
        let mut content = convening(starts_at, project);
        content["sent_at"] = json!(now() - Duration::days(NOTICE));
        let meeting = self.post(&ats, &format!("/v1/bodies/{body}/meetings"), Some(content)).await.created();
        self.get(&ats, &format!("/v1/meetings/{meeting}")).await.expect(200)
    }

    /// Records who is there for the `nth` invitation.
    pub async fn attend(&self, meeting: &Value, nth: usize, attendee: &str, present: bool) -> Answer {
        let body = json!({
            "invitation_id": meeting["invitations"][nth]["id"], "attendee": attendee, "present": present,
        });
        let path = format!("/v1/meetings/{}/attendance", meeting["id"].as_str().unwrap());
        self.post(&self.ats().await, &path, Some(body)).await
    }
}

pub fn convening(starts_at: DateTime<Utc>, project: Option<Uuid>) -> Value {
    json!({
        "starts_at": starts_at, "place": "Mantova",
        "agenda": [{"title": "Valutazione", "project_id": project}, {"title": "Varie"}],
    })
}
