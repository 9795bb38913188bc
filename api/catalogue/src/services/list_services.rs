use crate::queries::listing::{Filters, Position, ServicePage, ServiceSummary};
use crate::rules::Place;
use crate::{checks, days};
use actix_web::web::Data;
use actix_web::{HttpResponse, get};
use chrono::NaiveDate;
use concilia_kernel::extract::Query;
use concilia_kernel::page::{decode_cursor, limit_or_default, page};
use concilia_kernel::{Db, Money, Page, Problem};
use serde::Deserialize;
use utoipa::IntoParams;
use uuid::Uuid;
use validator::{Validate, ValidationError};

#[derive(Debug, Deserialize, Validate, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct ListServices {
    /// Slug of the store.
    #[validate(length(min = 3, max = 60), custom(function = "checks::slug"))]
    #[param(min_length = 3, max_length = 60, pattern = "^[a-z0-9]+(-[a-z0-9]+)*$", example = "periltuotempo")]
    pub store: Option<String>,
    /// Code of a category.
    #[validate(length(min = 2, max = 60), custom(function = "checks::code"))]
    #[param(min_length = 2, max_length = 60, pattern = "^[a-z0-9]+(_[a-z0-9]+)*$", example = "after_school")]
    pub category: Option<String>,
    /// Organisation that provides the service.
    pub provider_id: Option<Uuid>,
    /// Words to find in titles and descriptions, Italian or English; quotes bind a phrase, a minus sign excludes.
    #[validate(length(min = 1, max = 200), custom(function = "checks::line"))]
    #[param(min_length = 1, max_length = 200, pattern = r"^[^\x00-\x1f\x7f]*[^\x00-\x20\x7f][^\x00-\x1f\x7f]*$")]
    pub q: Option<String>,
    /// Where the service takes place.
    #[param(inline)]
    pub place: Option<Place>,
    /// Municipality, whatever its letters' case.
    #[validate(length(min = 1, max = 100), custom(function = "checks::line"))]
    #[param(
        min_length = 1,
        max_length = 100,
        pattern = r"^[^\x00-\x1f\x7f]*[^\x00-\x20\x7f][^\x00-\x1f\x7f]*$",
        example = "Crema"
    )]
    pub municipality: Option<String>,
    /// Age to be served, in completed years.
    #[validate(range(min = 0, max = 120))]
    #[param(minimum = 0, maximum = 120, format = Int32, example = 8)]
    pub age: Option<i16>,
    /// A session to come starts on this day (in Italy) or later.
    #[validate(custom(function = "days::in_contract"))]
    pub from: Option<NaiveDate>,
    /// A session to come starts on this day (in Italy) or before.
    #[validate(custom(function = "days::in_contract"))]
    pub to: Option<NaiveDate>,
    /// Highest price of one unit, in euro.
    #[validate(custom(function = "not_negative"))]
    #[param(value_type = Option<String>, format = "decimal", max_length = 13, pattern = r"^(0|[1-9]\d{0,9})\.\d{2}$", example = "15.00")]
    pub max_price: Option<Money>,
    /// Only services with free places in a session to come, within the dates if given.
    pub free_places: Option<bool>,
    /// Opaque cursor: `next` of the page before.
    #[validate(length(min = 1, max = 1024))]
    #[param(min_length = 1, max_length = 1024, pattern = "^[A-Za-z0-9_-]+$")]
    pub cursor: Option<String>,
    /// Items per page, 1 to 200; 50 unless told.
    #[validate(range(min = 1, max = 200))]
    #[param(minimum = 1, maximum = 200, format = Int32, default = 50)]
    pub limit: Option<i64>,
}

fn not_negative(price: &Money) -> Result<(), ValidationError> {
    if *price >= Money::ZERO { Ok(()) } else { Err(ValidationError::new("range")) }
}

impl ListServices {
    fn filters(&self) -> Filters<'_> {
        Filters {
            store: self.store.as_deref(),
            category: self.category.as_deref(),
            provider_id: self.provider_id,
            words: self.q.as_deref(),
            place: self.place,
            municipality: self.municipality.as_deref(),
            age: self.age,
            starts_from: self.from.map(days::start_of),
            starts_before: self.to.map(days::end_of),
            maximum_price: self.max_price,
            only_free: self.free_places == Some(true),
        }
    }
}

/// Search the services
///
/// Published services of every store, or of one, by any of the filters together, in the order of store and Italian
/// title. What nothing matches answers an empty page.
#[utoipa::path(
    tag = "catalogue",
    params(ListServices),
    responses((status = 200, description = "A page of services.", body = Page<ServiceSummary>)),
)]
#[get("/v1/services")]
pub async fn list_services(db: Data<Db>, query: Query<ListServices>) -> Result<HttpResponse, Problem> {
    let after: Option<Position> = decode_cursor(query.cursor.as_deref())?;
    let limit = limit_or_default(query.limit);
    let reader = db.reader().await?;
    let statement = ServicePage { filters: query.filters(), after, at_least: limit + 1 };
    let services = statement.load(&mut &**reader).await?;
    let services = page(services, limit, |last| Position(last.store_id, last.title_it.clone(), last.id));
    Ok(HttpResponse::Ok().json(services))
}
