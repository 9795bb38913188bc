//! A service as others see it, and what its provider writes.

use crate::checks;
use crate::rules::{Inclusion, InclusionFeature, InterventionType, Place, ServiceState, Unit};
use crate::vat_rate::VatRate;
use chrono::{DateTime, Utc};
use concilia_kernel::{Actor, FieldError, Money, Role};
use diesel::Queryable;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use validator::{Validate, ValidationError};

/// A service that a provider sells in a store.
#[derive(Debug, Clone, Serialize, Queryable, ToSchema)]
pub struct Service {
    pub id: Uuid,
    pub store_id: Uuid,
    /// Organisation that provides the service.
    pub provider_id: Uuid,
    /// Name of that organisation.
    #[schema(max_length = 255, example = "Koala Società Cooperativa Sociale")]
    pub provider_name: String,
    /// Code of the category in the store.
    #[schema(min_length = 2, max_length = 60, pattern = "^[a-z0-9]+(_[a-z0-9]+)*$", example = "after_school")]
    pub category: String,
    /// Title in Italian.
    #[schema(min_length = 1, max_length = 120, example = "Doposcuola specialistico per DSA")]
    pub title_it: String,
    /// Title in English.
    #[schema(min_length = 1, max_length = 120, example = "Specialist after-school for learning disorders")]
    pub title_en: String,
    /// Description in Italian.
    #[schema(max_length = 4000)]
    pub description_it: String,
    /// Description in English.
    #[schema(max_length = 4000)]
    pub description_en: String,
    pub intervention_type: InterventionType,
    /// Youngest age served, in completed years.
    #[schema(minimum = 0, maximum = 120, format = Int32, example = 6)]
    pub minimum_age: i16,
    /// Oldest age served, in completed years.
    #[schema(minimum = 0, maximum = 120, format = Int32, example = 13)]
    pub maximum_age: i16,
    pub place: Place,
    /// Municipality of the address, or where the provider comes to the home.
    #[schema(required, max_length = 100, example = "Crema")]
    pub municipality: Option<String>,
    /// Street and number; only where the place is an address.
    #[schema(required, max_length = 200, example = "Via Roma 12")]
    pub address: Option<String>,
    pub unit: Unit,
    /// Price of one unit in euro, VAT included.
    pub price: Money,
    /// VAT rate contained in the price.
    pub vat_rate: VatRate,
    /// What makes the service fit for a child with a disability or a learning disorder.
    #[schema(value_type = Vec<InclusionFeature>, min_items = 0, max_items = 6)]
    pub inclusion: Inclusion,
    pub state: ServiceState,
    /// When the service was written first.
    pub created_at: DateTime<Utc>,
    /// When the service was last changed.
    pub updated_at: DateTime<Utc>,
    #[serde(skip)]
    pub territory_id: Uuid,
    #[serde(skip)]
    pub version: i64,
    #[serde(skip)]
    pub lead_organisation_id: Uuid,
}

impl Service {
    /// A published service is public; else its provider, its store's lead and the agency see it.
    pub fn is_visible_to(&self, actor: Option<&Actor>) -> bool {
        self.state == ServiceState::Published
            || actor.is_some_and(|actor| {
                actor.territory_id == self.territory_id
                    && (actor.holds(Role::Provider, self.provider_id)
                        || actor.holds(Role::AllianceLead, self.lead_organisation_id)
                        || actor.has(Role::Ats))
            })
    }
}

/// What a provider writes: the whole of a service, at first and at each change.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ServiceInput {
    /// Store that sells the service. Fixed once written.
    pub store_id: Uuid,
    /// Organisation of the caller that provides it, accredited in the store. Fixed once written.
    pub provider_id: Uuid,
    /// Code of a category of the store.
    #[schema(min_length = 2, max_length = 60, pattern = "^[a-z0-9]+(_[a-z0-9]+)*$", example = "after_school")]
    #[validate(length(min = 2, max = 60), custom(function = "checks::code"))]
    pub category: String,
    /// Title in Italian.
    #[schema(min_length = 1, max_length = 120, pattern = r"^[^\x00-\x1f\x7f]*[^\x00-\x20\x7f][^\x00-\x1f\x7f]*$")]
    #[validate(length(min = 1, max = 120), custom(function = "checks::line"))]
    pub title_it: String,
    /// Title in English.
    #[schema(min_length = 1, max_length = 120, pattern = r"^[^\x00-\x1f\x7f]*[^\x00-\x20\x7f][^\x00-\x1f\x7f]*$")]
    #[validate(length(min = 1, max = 120), custom(function = "checks::line"))]
    pub title_en: String,
    /// Description in Italian.
    #[schema(max_length = 4000, pattern = r"^[^\x00-\x08\x0b-\x1f\x7f]*$")]
    #[validate(length(max = 4000), custom(function = "checks::text"))]
    pub description_it: String,
    /// Description in English.
    #[schema(max_length = 4000, pattern = r"^[^\x00-\x08\x0b-\x1f\x7f]*$")]
    #[validate(length(max = 4000), custom(function = "checks::text"))]
    pub description_en: String,
    pub intervention_type: InterventionType,
    /// Youngest age served, in completed years; at most `maximum_age`.
    #[schema(minimum = 0, maximum = 120, format = Int32)]
    #[validate(range(min = 0, max = 120))]
    pub minimum_age: i16,
    /// Oldest age served, in completed years.
    #[schema(minimum = 0, maximum = 120, format = Int32)]
    #[validate(range(min = 0, max = 120))]
    pub maximum_age: i16,
    pub place: Place,
    /// Municipality of the address, or where the provider comes to the home.
    #[schema(min_length = 1, max_length = 100, pattern = r"^[^\x00-\x1f\x7f]*[^\x00-\x20\x7f][^\x00-\x1f\x7f]*$")]
    #[validate(length(min = 1, max = 100), custom(function = "checks::line"))]
    pub municipality: Option<String>,
    /// Street and number: given where the place is `address`, and only there.
    #[schema(min_length = 1, max_length = 200, pattern = r"^[^\x00-\x1f\x7f]*[^\x00-\x20\x7f][^\x00-\x1f\x7f]*$")]
    #[validate(length(min = 1, max = 200), custom(function = "checks::line"))]
    pub address: Option<String>,
    pub unit: Unit,
    /// Price of one unit in euro, VAT included: 0.01 to 99999.99.
    #[schema(value_type = String, format = "decimal", max_length = 8, example = "12.50",
             pattern = r"^(0\.(0[1-9]|[1-9]\d)|[1-9]\d{0,4}\.\d{2})$")]
    #[validate(custom(function = "price"))]
    pub price: Money,
    /// VAT rate contained in the price.
    pub vat_rate: VatRate,
    /// What makes the service fit for a child with a disability or a learning disorder.
    #[serde(default)]
    #[schema(min_items = 0, max_items = 6)]
    #[validate(length(max = 6))]
    pub inclusion: Vec<InclusionFeature>,
}

fn price(price: &Money) -> Result<(), ValidationError> {
    let good = price.is_positive() && *price <= Money::from_cents(9_999_999);
    if good { Ok(()) } else { Err(ValidationError::new("range")) }
}

impl ServiceInput {
    /// Rules that tie one field to another.
    pub fn faults(&self) -> Vec<FieldError> {
        let mut faults = vec![];
        if self.minimum_age > self.maximum_age {
            faults.push(FieldError::pointer("/maximum_age", "age_order").value(self.maximum_age));
        }
        if (self.place == Place::Address) != self.address.is_some() {
            faults.push(FieldError::pointer("/address", "address_place"));
        }
        if self.place == Place::Address && self.municipality.is_none() {
            faults.push(FieldError::pointer("/municipality", "required"));
        }
        faults
    }
}
