//! The public list of services: the busiest read of all. One statement, its text made of the filters
//! in use only, so that the plan of each is an index scan in the order of the list.

use crate::rules::{Inclusion, InterventionType, Place, Unit};
use crate::vat_rate::VatRate;
use chrono::{DateTime, Utc};
use concilia_kernel::Money;
use diesel::pg::Pg;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::sql_types::{Array, Integer, Nullable, Numeric, SmallInt, Text, Timestamptz, Uuid as SqlUuid};
use diesel::{QueryResult, Queryable};
use diesel_async::{AsyncConnectionCore, RunQueryDsl};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// A published service as a list shows it.
#[derive(Debug, Clone, Serialize, Queryable, ToSchema)]
pub struct ServiceSummary {
    pub id: Uuid,
    pub store_id: Uuid,
    /// Code of the category in the store.
    #[schema(min_length = 2, max_length = 60, pattern = "^[a-z0-9]+(_[a-z0-9]+)*$", example = "after_school")]
    pub category: String,
    /// Organisation that provides the service.
    pub provider_id: Uuid,
    /// Name of that organisation.
    #[schema(max_length = 255, example = "Koala Società Cooperativa Sociale")]
    pub provider_name: String,
    /// Title in Italian.
    #[schema(min_length = 1, max_length = 120, example = "Doposcuola specialistico per DSA")]
    pub title_it: String,
    /// Title in English.
    #[schema(min_length = 1, max_length = 120, example = "Specialist after-school for learning disorders")]
    pub title_en: String,
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
    pub unit: Unit,
    /// Price of one unit in euro, VAT included.
    pub price: Money,
    /// VAT rate contained in the price.
    pub vat_rate: VatRate,
    /// What makes the service fit for a child with a disability or a learning disorder.
    #[schema(value_type = Vec<crate::rules::InclusionFeature>, min_items = 0, max_items = 6)]
    pub inclusion: Inclusion,
    /// Start of the next session with free places, within the dates asked; null when there is none.
    #[schema(required)]
    pub next_session_at: Option<DateTime<Utc>>,
    /// Places left in that session; null when there is none.
    #[schema(required, minimum = 1, maximum = 10000, format = Int32, example = 3)]
    pub free_places: Option<i32>,
}

#[rustfmt::skip]
type Row = (
    SqlUuid, SqlUuid, Text, SqlUuid, Text, Text, Text, Text, SmallInt, SmallInt, Text, Nullable<Text>,
    Text, Numeric, SmallInt, Array<Nullable<Text>>, Nullable<Timestamptz>, Nullable<Integer>,
);

const SELECT: &str = "SELECT s.id, s.store_id, s.category, s.provider_id, s.provider_name, s.title_it, s.title_en, \
    s.intervention_type, s.minimum_age, s.maximum_age, s.place, s.municipality, s.unit, s.price, s.vat_rate, \
    s.inclusion, n.starts_at, n.free_places";

/// Where the page starts: the order of the list is store, Italian title, id.
#[derive(Debug, Serialize, Deserialize)]
pub struct Position(pub Uuid, pub String, pub Uuid);

/// What is asked of the list; `None` asks nothing.
#[derive(Debug, Default)]
pub struct Filters<'a> {
    /// Slug of the store.
    pub store: Option<&'a str>,
    /// Code of a category.
    pub category: Option<&'a str>,
    pub provider_id: Option<Uuid>,
    /// Words to find in titles and descriptions, in either language.
    pub words: Option<&'a str>,
    pub place: Option<Place>,
    pub municipality: Option<&'a str>,
    /// Age to be served, in completed years.
    pub age: Option<i16>,
    /// A session starts at this instant or later.
    pub starts_from: Option<DateTime<Utc>>,
    /// A session starts before this instant.
    pub starts_before: Option<DateTime<Utc>>,
    pub maximum_price: Option<Money>,
    /// A session to come has free places.
    pub only_free: bool,
}

impl Filters<'_> {
    fn in_use(&self) -> usize {
        [
            self.store.is_some(),
            self.category.is_some(),
            self.provider_id.is_some(),
            self.words.is_some(),
            self.place.is_some(),
            self.municipality.is_some(),
            self.age.is_some(),
            self.starts_from.is_some() || self.starts_before.is_some(),
            self.maximum_price.is_some(),
            self.only_free,
        ]
        .into_iter()
        .filter(|used| *used)
        .count()
    }
}

/// The statement of one page.
#[derive(Debug)]
pub struct ServicePage<'a> {
    pub filters: Filters<'a>,
    pub after: Option<Position>,
    /// Rows wanted, at most 201; a few more may come.
    pub at_least: i64,
}

impl ServicePage<'_> {
    pub async fn load<C>(self, conn: &mut C) -> QueryResult<Vec<ServiceSummary>>
    where
        C: AsyncConnectionCore<Backend = Pg> + Send,
    {
        RunQueryDsl::load(self, conn).await
    }

    /// Written out, in four sizes: of a bound limit PostgreSQL expects a tenth of the table, never trusts a general
    /// plan, and plans each page anew, which costs twice the page.
    fn limit(&self) -> &'static str {
        match self.at_least {
            0..=21 => " LIMIT 21",
            22..=51 => " LIMIT 51",
            52..=101 => " LIMIT 101",
            _ => " LIMIT 201",
        }
    }

    /// Conditions on a session `b` of the service `s`: still to come, within the dates asked.
    fn push_session_to_come<'b>(&'b self, out: &mut AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_sql("b.service_id = s.id AND b.state = 'open' AND b.starts_at > now()");
        if let Some(from) = &self.filters.starts_from {
            out.push_sql(" AND b.starts_at >= ");
            out.push_bind_param::<Timestamptz, _>(from)?;
        }
        if let Some(before) = &self.filters.starts_before {
            out.push_sql(" AND b.starts_at < ");
            out.push_bind_param::<Timestamptz, _>(before)?;
        }
        Ok(())
    }

    fn push_store<'b>(slug: &'b &str, out: &mut AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_sql("(SELECT id FROM stores WHERE slug = ");
        out.push_bind_param::<Text, _>(slug)?;
        out.push_sql(")");
        Ok(())
    }

    fn push_catalogue_filters<'b>(&'b self, out: &mut AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        let filters = &self.filters;
        if let Some(slug) = &filters.store {
            out.push_sql(" AND s.store_id = ");
            Self::push_store(slug, out)?;
        }
        match (&filters.store, &filters.category) {
            (Some(slug), Some(code)) => {
                out.push_sql(" AND s.category_id = (SELECT c.id FROM service_categories c WHERE c.store_id = ");
                Self::push_store(slug, out)?;
                out.push_sql(" AND c.code = ");
                out.push_bind_param::<Text, _>(code)?;
                out.push_sql(")");
            }
            (None, Some(code)) => {
                out.push_sql(" AND s.category = ");
                out.push_bind_param::<Text, _>(code)?;
            }
            (_, None) => {}
        }
        if let Some(provider_id) = &filters.provider_id {
            out.push_sql(" AND s.provider_id = ");
            out.push_bind_param::<SqlUuid, _>(provider_id)?;
        }
        if let Some(words) = &filters.words {
            out.push_sql(" AND s.search @@ (websearch_to_tsquery('italian', ");
            out.push_bind_param::<Text, _>(words)?;
            out.push_sql(") || websearch_to_tsquery('english', ");
            out.push_bind_param::<Text, _>(words)?;
            out.push_sql("))");
        }
        Ok(())
    }

    fn push_family_filters<'b>(&'b self, out: &mut AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        let filters = &self.filters;
        if let Some(place) = &filters.place {
            out.push_sql(" AND s.place = ");
            out.push_bind_param::<Text, _>(place)?;
        }
        if let Some(municipality) = &filters.municipality {
            out.push_sql(" AND lower(s.municipality) = lower(");
            out.push_bind_param::<Text, _>(municipality)?;
            out.push_sql(")");
        }
        if let Some(age) = &filters.age {
            out.push_sql(" AND ");
            out.push_bind_param::<SmallInt, _>(age)?;
            out.push_sql(" BETWEEN s.minimum_age AND s.maximum_age");
        }
        if let Some(price) = &filters.maximum_price {
            out.push_sql(" AND s.price <= ");
            out.push_bind_param::<Numeric, _>(price)?;
        }
        let dated = filters.starts_from.is_some() || filters.starts_before.is_some();
        if dated || filters.only_free {
            out.push_sql(" AND EXISTS (SELECT FROM service_sessions b WHERE ");
            self.push_session_to_come(out)?;
            out.push_sql(if filters.only_free { " AND b.places_taken < b.capacity)" } else { ")" });
        }
        Ok(())
    }

    fn push_position<'b>(&'b self, out: &mut AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        let Some(Position(store_id, title, id)) = &self.after else { return Ok(()) };
        // With one store, the row starts at the index column that follows the equalities.
        if self.filters.store.is_some() {
            out.push_sql(" AND (s.title_it, s.id) > (");
        } else {
            out.push_sql(" AND (s.store_id, s.title_it, s.id) > (");
            out.push_bind_param::<SqlUuid, _>(store_id)?;
            out.push_sql(", ");
        }
        out.push_bind_param::<Text, _>(title)?;
        out.push_sql(", ");
        out.push_bind_param::<SqlUuid, _>(id)?;
        out.push_sql(")");
        Ok(())
    }
}

impl QueryFragment<Pg> for ServicePage<'_> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_sql(SELECT);
        out.push_sql(" FROM (SELECT * FROM catalogue_services s WHERE s.state = 'published'");
        self.push_catalogue_filters(&mut out)?;
        self.push_family_filters(&mut out)?;
        self.push_position(&mut out)?;
        // Of one store, the order is written as its index continues, or PostgreSQL sorts the page once more.
        let order = if self.filters.store.is_some() { "s.title_it, s.id" } else { "s.store_id, s.title_it, s.id" };
        out.push_sql(" ORDER BY ");
        out.push_sql(order);
        out.push_sql(self.limit());
        // Outside the limit, so that sessions are looked up for the rows of the page alone.
        out.push_sql(
            ") s LEFT JOIN LATERAL (SELECT b.starts_at, b.capacity - b.places_taken AS free_places \
             FROM service_sessions b WHERE b.places_taken < b.capacity AND ",
        );
        self.push_session_to_come(&mut out)?;
        out.push_sql(" ORDER BY b.starts_at, b.id LIMIT 1) n ON true ORDER BY ");
        out.push_sql(order);
        Ok(())
    }

    /// Up to two filters make a few hundred texts, worth keeping prepared; the rest are planned for their values.
    fn is_safe_to_cache_prepared(&self, _: &Pg) -> QueryResult<bool> {
        Ok(self.filters.in_use() <= 2)
    }
}

impl QueryId for ServicePage<'_> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl Query for ServicePage<'_> {
    type SqlType = Row;
}

#[cfg(test)]
mod tests {
    use super::*;
    use diesel::debug_query;

    fn text(filters: Filters<'_>, after: Option<Position>) -> String {
        debug_query::<Pg, _>(&ServicePage { filters, after, at_least: 21 }).to_string()
    }

    #[test]
    fn what_is_not_asked_leaves_no_trace_in_the_statement() {
        let plain = text(Filters::default(), None);
        for word in ["slug", "code =", "tsquery", "EXISTS", "place =", "price <=", "title_it, s.id) >"] {
            assert!(!plain.contains(word), "{word}: {plain}");
        }
    }

    #[test]
    fn many_filters_are_not_kept_prepared() {
        let filters = || Filters { store: Some("a"), category: Some("b"), ..Filters::default() };
        let kept =
            |filters| ServicePage { filters, after: None, at_least: 1 }.is_safe_to_cache_prepared(&Pg).unwrap();
        assert!(kept(filters()));
        assert!(!kept(Filters { only_free: true, ..filters() }));
    }
}
