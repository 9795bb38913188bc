use crate::sealed_text::{FAMILY_NOTE, SealedText};
use concilia_catalogue::{find_offers, find_sessions, find_store};
use concilia_eligibility::household_snapshot;
use concilia_kernel::clock::{age_on, italian_day};
use concilia_kernel::vault::Vault;
use concilia_kernel::{Code, FieldError, Money, Problem, now};
use diesel::OptionalExtension;
use diesel_async::AsyncPgConnection;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use utoipa::ToSchema;
use uuid::Uuid;
use validator::{Validate, ValidationError};

/// A plan as the family writes it.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FamilyPlanInput {
    /// Store whose services it plans.
    #[schema(example = "01980000-0000-7000-8000-000000000030")]
    pub store_id: Uuid,
    /// The items, in the order in which vouchers cover them.
    #[schema(min_items = 1, max_items = 50)]
    #[validate(length(min = 1, max = 50), nested)]
    pub items: Vec<FamilyPlanItemInput>,
}

/// A service for a child or dependant.
#[derive(Debug, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FamilyPlanItemInput {
    pub service_id: Uuid,
    /// Session of the service; services that have sessions need one.
    #[serde(default)]
    pub service_session_id: Option<Uuid>,
    /// For whom.
    pub household_member_id: Uuid,
    /// Voucher that covers it, as far as it goes.
    #[serde(default)]
    pub voucher_id: Option<Uuid>,
    /// Units of the service. One child takes one place of the session, whatever the quantity.
    #[schema(format = Int32, minimum = 1, maximum = 1000)]
    #[validate(range(min = 1, max = 1000))]
    pub quantity: i32,
    /// Note for the provider, which it and the family alone read. Say of health only what the provider must know.
    #[schema(max_length = 500, pattern = r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]*$")]
    #[validate(length(max = 500), custom(function = "plain_text"))]
    #[serde(default)]
    pub note: Option<String>,
}

/// Tabs and line ends apart, no control characters.
pub(crate) fn plain_text(text: &str) -> Result<(), ValidationError> {
    let control = |c: char| c.is_ascii_control() && !matches!(c, '\t' | '\n' | '\r');
    if text.contains(control) { Err(ValidationError::new("control_character")) } else { Ok(()) }
}

/// An item with what the statement that writes it needs.
#[derive(Debug, Serialize)]
pub(super) struct CheckedItem {
    line: i16,
    service_id: Uuid,
    service_session_id: Option<Uuid>,
    household_member_id: Uuid,
    child_age: i16,
    voucher_id: Option<Uuid>,
    quantity: i32,
    note_sealed: Option<SealedText>,
}

impl FamilyPlanInput {
    /// Looks up what the items name: 422 naming each that is unknown or of someone else. What may still change before
    /// submission (places, states, balances) is left to the preview.
    pub(super) async fn check(
        &self,
        conn: &mut AsyncPgConnection,
        vault: &Vault,
        territory_id: Uuid,
        worker_id: Uuid,
    ) -> Result<Vec<CheckedItem>, Problem> {
        let services: Vec<Uuid> = self.items.iter().map(|item| item.service_id).collect();
        let sessions: Vec<Uuid> = self.items.iter().filter_map(|item| item.service_session_id).collect();
        let mut faults = vec![];
        if find_store(conn, territory_id, self.store_id).await.optional()?.is_none() {
            faults.push(FieldError::pointer("/store_id", "not_found"));
        }
        let offers = find_offers(conn, territory_id, &services).await?;
        let prices: HashMap<Uuid, Money> = offers.into_iter().map(|offer| (offer.id, offer.price)).collect();
        let sessions = find_sessions(conn, territory_id, &sessions).await?;
        let starts: HashMap<_, _> = sessions.into_iter().map(|session| (session.id, session.starts_at)).collect();
        let household = household_snapshot(conn, vault, territory_id, worker_id).await?;
        let births: HashMap<_, _> =
            household.members.iter().map(|member| (member.id, member.person.birth_date)).collect();

        let mut checked = vec![];
        let mut sum = Some(Money::ZERO);
        for (index, item) in self.items.iter().enumerate() {
            let mut unknown =
                |field: &str| faults.push(FieldError::pointer(format!("/items/{index}/{field}"), "not_found"));
            let start = item.service_session_id.map(|id| starts.get(&id).copied());
            if start == Some(None) {
                unknown("service_session_id");
            }
            let birth = births.get(&item.household_member_id);
            if birth.is_none() {
                unknown("household_member_id");
            }
            match prices.get(&item.service_id) {
                None => unknown("service_id"),
                Some(price) => {
                    let total = u32::try_from(item.quantity).ok().and_then(|quantity| price.times(quantity));
                    sum = sum.zip(total).and_then(|(sum, total)| Money::exact((sum + total).decimal()));
                    if sum.is_none() {
                        faults.push(FieldError::pointer(format!("/items/{index}/quantity"), "range"));
                    }
                }
            }
            let day = italian_day(start.flatten().unwrap_or_else(now));
            let age = birth.and_then(|birth| age_on(*birth, day)).unwrap_or(0);
            checked.push(CheckedItem {
                line: i16::try_from(index + 1).map_err(Problem::internal)?,
                service_id: item.service_id,
                service_session_id: item.service_session_id,
                household_member_id: item.household_member_id,
                child_age: i16::try_from(age).map_err(Problem::internal)?,
                voucher_id: item.voucher_id,
                quantity: item.quantity,
                note_sealed: item.note.as_deref().map(|note| SealedText::seal(vault, FAMILY_NOTE, note)),
            });
        }
        if faults.is_empty() { Ok(checked) } else { Err(Problem::new(Code::ValidationFailed).with_errors(faults)) }
    }
}
