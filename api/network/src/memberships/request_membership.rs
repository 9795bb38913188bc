use super::membership::{CONTACT_SEAL, Contact};
use super::statement::STATEMENT;
use super::states::MEMBERSHIP;
use crate::organisations::{NewOrganisation, insert_newcomer};
use crate::schema::memberships;
use crate::territories::find_territory_by_code;
use crate::{CompanySize, MembershipState, OrganisationKind};
use actix_web::http::header::LOCATION;
use actix_web::web::Data;
use actix_web::{HttpResponse, post};
use chrono::{DateTime, Utc};
use concilia_identity::Email;
use concilia_kernel::auth::OptionalActor;
use concilia_kernel::checks;
use concilia_kernel::db::transaction;
use concilia_kernel::extract::Json;
use concilia_kernel::identifiers::{OrganisationTaxCode, VatNumber};
use concilia_kernel::outbox::publish;
use concilia_kernel::transition::{Agent, record};
use concilia_kernel::vault::Vault;
use concilia_kernel::{Code, Db, FieldError, Problem, new_id, now};
use diesel::prelude::*;
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;
use uuid::Uuid;
use validator::{Validate, ValidationError};

/// An organisation that asks to join the network of a territory.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "territory": "ATS-VALPADANA", "legal_name": "Cooperativa sociale Il Girasole", "tax_code": "00743110157",
    "vat_number": "00743110157", "kind": "nonprofit", "company_size": null, "municipality": "Mantova",
    "address": "via Roma 1", "email": "info@example.it", "phone": "0376 334111",
    "legal_representative": "Anna Bianchi", "statement_version": "2026-11"
}))]
pub struct RequestMembership {
    /// Code of the territory.
    #[schema(min_length = 2, max_length = 40, pattern = "^[A-Z0-9-]+$")]
    #[validate(length(min = 2, max = 40))]
    territory: String,
    /// Legal name.
    #[schema(min_length = 1, max_length = 300, pattern = r"^[^\x00-\x1f\x7f]*[^\x00-\x20\x7f][^\x00-\x1f\x7f]*$")]
    #[validate(length(min = 1, max = 300), custom(function = "checks::line"))]
    legal_name: String,
    /// Tax code: 11 digits of an organisation, or 16 characters of a sole trader.
    #[schema(min_length = 11, max_length = 16, pattern = "^([0-9]{11}|[A-Za-z0-9]{16})$")]
    #[validate(length(min = 11, max = 16))]
    tax_code: String,
    /// VAT number without prefix, of whoever has one.
    #[serde(default)]
    #[schema(min_length = 11, max_length = 11, pattern = "^[0-9]{11}$")]
    #[validate(length(min = 11, max = 11))]
    vat_number: Option<String>,
    /// Kind of member.
    kind: OrganisationKind,
    /// Size, of companies: they must give it, the others may not.
    #[serde(default)]
    company_size: Option<CompanySize>,
    /// Municipality of the seat.
    #[schema(min_length = 1, max_length = 100, pattern = r"^[^\x00-\x1f\x7f]*[^\x00-\x20\x7f][^\x00-\x1f\x7f]*$")]
    #[validate(length(min = 1, max = 100), custom(function = "checks::line"))]
    municipality: String,
    /// Street and number of the seat.
    #[schema(min_length = 1, max_length = 200, pattern = r"^[^\x00-\x1f\x7f]*[^\x00-\x20\x7f][^\x00-\x1f\x7f]*$")]
    #[validate(length(min = 1, max = 200), custom(function = "checks::line"))]
    address: String,
    /// E-mail address of the contact.
    #[schema(format = "email", min_length = 3, max_length = 254)]
    #[validate(length(min = 3, max = 254))]
    email: String,
    /// Telephone number of the contact.
    #[schema(min_length = 5, max_length = 31, pattern = r"^\+?[0-9]([0-9 ./-]{3,28})[0-9]$")]
    #[validate(length(min = 5, max = 31), custom(function = "phone"))]
    phone: String,
    /// Name of the legal representative, who accepts the statement.
    #[schema(min_length = 1, max_length = 200, pattern = r"^[^\x00-\x1f\x7f]*[^\x00-\x20\x7f][^\x00-\x1f\x7f]*$")]
    #[validate(length(min = 1, max = 200), custom(function = "checks::line"))]
    legal_representative: String,
    /// Version of the statement that is accepted: the one in force, from `get_membership_statement`.
    #[schema(min_length = 7, max_length = 7, pattern = r"^\d{4}-\d{2}$")]
    #[validate(length(min = 7, max = 7))]
    statement_version: String,
}

/// A telephone number: `^\+?[0-9]([0-9 ./-]{3,28})[0-9]$`.
fn phone(text: &str) -> Result<(), ValidationError> {
    let number = text.strip_prefix('+').unwrap_or(text).as_bytes();
    let ends = [number.first(), number.last()].iter().all(|digit| digit.is_some_and(u8::is_ascii_digit));
    let inside = |byte: &u8| byte.is_ascii_digit() || b" ./-".contains(byte);
    let good = ends && (5..=30).contains(&number.len()) && number.iter().all(inside);
    if good { Ok(()) } else { Err(ValidationError::new("pattern")) }
}

/// What whoever asked to join may know of it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "id": "0193a5d0-3333-7000-8000-000000000001", "state": "requested", "requested_at": "2026-03-02T10:15:00Z"
}))]
pub struct MembershipReceipt {
    /// The membership asked for.
    pub id: Uuid,
    /// Waiting for the agency's decision.
    pub state: MembershipState,
    /// When it was asked for.
    pub requested_at: DateTime<Utc>,
}

/// Ask to join the network
///
/// Open to all: no login is needed. The legal representative accepts the statement of `get_membership_statement`. An
/// organisation is known by its tax code: one that has asked already, or is a member, is refused with 409; one that was
/// refused, withdrew or was excluded may ask again. The contact and the representative's name are kept sealed.
#[utoipa::path(
    tag = "network",
    request_body = RequestMembership,
    responses(
        (status = 201, description = "The request, which waits for a decision.", body = MembershipReceipt,
         headers(("Location" = String, description = "Address of the membership."))),
        (status = 409, description = "The organisation has asked to join or is a member: `already_exists`."),
        (status = 422, description = "The territory does not exist, a code does not pass its check characters, the \
            size is missing of a company or given of another, or the statement is not the one in force."),
    ),
)]
#[post("/v1/memberships")]
pub async fn request_membership(
    OptionalActor(actor): OptionalActor,
    db: Data<Db>,
    vault: Data<Vault>,
    body: Json<RequestMembership>,
) -> Result<HttpResponse, Problem> {
    let body = body.into_inner();
    let checked = body.check()?;
    let contact = Contact {
        email: checked.email.as_str().to_owned(),
        phone: body.phone.trim().to_owned(),
        legal_representative: body.legal_representative.trim().to_owned(),
    };
    let contact = vault.seal_json(CONTACT_SEAL, &contact)?;
    let mut conn = db.conn().await?;
    let receipt = transaction(&mut conn, async |conn| {
        let territory = find_territory_by_code(conn, &body.territory).await?;
        let territory_id = territory.ok_or_else(|| Problem::invalid("/territory", "not_found"))?.id;
        let asked_by = actor.as_ref().filter(|actor| actor.territory_id == territory_id).map(|actor| actor.id);
        body.request(conn, territory_id, asked_by, &checked, &contact).await
    })
    .await?;
    let location = format!("/v1/memberships/{}", receipt.id);
    Ok(HttpResponse::Created().insert_header((LOCATION, location)).json(receipt))
}

/// The identifiers of a request that passed their checks.
struct Checked {
    tax_code: OrganisationTaxCode,
    vat_number: Option<VatNumber>,
    email: Email,
}

impl RequestMembership {
    fn check(&self) -> Result<Checked, Problem> {
        let mut errors = vec![];
        let tax_code = OrganisationTaxCode::parse(&self.tax_code).ok();
        if tax_code.is_none() {
            errors.push(FieldError::pointer("/tax_code", "tax_code_invalid"));
        }
        let vat_number = self.vat_number.as_deref().map(VatNumber::parse).transpose();
        if vat_number.is_err() {
            errors.push(FieldError::pointer("/vat_number", "vat_number_invalid"));
        }
        match (self.kind, self.company_size) {
            (OrganisationKind::Company, None) => errors.push(FieldError::pointer("/company_size", "required")),
            (OrganisationKind::Company, Some(_)) | (_, None) => {}
            (_, Some(_)) => errors.push(FieldError::pointer("/company_size", "not_applicable")),
        }
        if self.statement_version != STATEMENT.version {
            errors.push(
                FieldError::pointer("/statement_version", "statement_outdated").value(&*self.statement_version),
            );
        }
        match (tax_code, vat_number) {
            (Some(tax_code), Ok(vat_number)) if errors.is_empty() => {
                Ok(Checked { tax_code, vat_number, email: Email::parse(&self.email, "/email")? })
            }
            _ => Err(Problem::new(Code::ValidationFailed).with_errors(errors)),
        }
    }

    /// Attaches the request to the organisation of that tax code, new or known.
    async fn request(
        &self,
        conn: &mut AsyncPgConnection,
        territory_id: Uuid,
        asked_by: Option<Uuid>,
        checked: &Checked,
        contact_sealed: &[u8],
    ) -> Result<MembershipReceipt, Problem> {
        let organisation = NewOrganisation {
            id: new_id(),
            territory_id,
            name: self.legal_name.trim(),
            kind: self.kind,
            company_size: self.company_size,
            tax_code: checked.tax_code,
            vat_number: checked.vat_number,
            municipality: Some(self.municipality.trim()),
        };
        let organisation_id = insert_newcomer(conn, organisation, self.address.trim()).await?;
        let (id, at, state) = (new_id(), now(), MembershipState::Requested);
        diesel::insert_into(memberships::table)
            .values((
                memberships::id.eq(id),
                memberships::territory_id.eq(territory_id),
                memberships::organisation_id.eq(organisation_id),
                memberships::state.eq(state),
                memberships::requested_at.eq(at),
                memberships::legal_name.eq(self.legal_name.trim()),
                memberships::kind.eq(self.kind),
                memberships::company_size.eq(self.company_size),
                memberships::vat_number.eq(checked.vat_number.as_ref().map(VatNumber::as_str)),
                memberships::municipality.eq(self.municipality.trim()),
                memberships::address.eq(self.address.trim()),
                memberships::contact_sealed.eq(contact_sealed),
                memberships::statement_version.eq(STATEMENT.version),
                memberships::statement_accepted_at.eq(at),
                memberships::requested_by.eq(asked_by),
            ))
            .execute(conn)
            .await
            .map_err(|error| match Problem::from(error) {
                taken if taken.code() == Code::AlreadyExists => taken.explain(
                    "L'organizzazione ha già chiesto di aderire alla rete, o vi aderisce.",
                    "The organisation has asked to join the network already, or is a member.",
                ),
                other => other,
            })?;
        let agent = Agent { id: asked_by, role: "public" };
        record(conn, territory_id, (MEMBERSHIP.aggregate, id), (None, state.as_str()), agent, None).await?;
        publish(conn, territory_id, "membership.requested", id, json!({"organisation_id": organisation_id}))
            .await?;
        Ok(MembershipReceipt { id, state, requested_at: at })
    }
}

#[cfg(test)]
mod tests {
    use super::phone;

    #[test]
    fn telephone_numbers_begin_and_end_with_a_digit() {
        for good in ["0376334111", "+39 0376 334.111", "12345"] {
            assert!(phone(good).is_ok(), "{good}");
        }
        for bad in
            ["", "+", "1234", "0376-", "(0376) 334111", "++39 0376 334111", "1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6"]
        {
            assert!(phone(bad).is_err(), "{bad}");
        }
    }
}
