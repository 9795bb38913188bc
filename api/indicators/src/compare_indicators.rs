use crate::queries::figures::figures;
use crate::rules::{Change, IndicatorCode};
use crate::source::plan_and_source;
use crate::value::{Figure, FigureKey, IndicatorProject, IndicatorShare, Quantity, spoken};
use actix_web::get;
use actix_web::web::{self, Data};
use concilia_kernel::auth::OptionalActor;
use concilia_kernel::extract::{Path, Query};
use concilia_kernel::page::{decode_cursor, limit_or_default, page};
use concilia_kernel::{Db, Page, Problem};
use concilia_network::Half;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;
use validator::Validate;

/// Which half-years to compare.
#[derive(Debug, Deserialize, Validate, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct CompareIndicators {
    /// The half-year compared with.
    pub from: Half,
    /// The other one. Unless told: as of today for those who work on the plan, else as frozen last.
    pub to: Option<Half>,
    /// Opaque cursor: `next` of the page before.
    #[validate(length(min = 1, max = 1024))]
    #[param(min_length = 1, max_length = 1024, pattern = "^[A-Za-z0-9_-]+$")]
    pub cursor: Option<String>,
    /// Items per page, 1 to 200; 50 unless told.
    #[validate(range(min = 1, max = 200))]
    #[param(minimum = 1, maximum = 200, format = Int32, default = 50)]
    pub limit: Option<i64>,
}

/// A figure in two half-years. One that a half-year did not have counts as zero in it.
#[derive(Debug, Serialize, ToSchema)]
pub struct IndicatorComparison {
    /// The indicator.
    pub indicator: IndicatorCode,
    /// What it is called, in the caller's language.
    #[schema(min_length = 1, max_length = 200)]
    pub title: String,
    /// The project, for an indicator of a project.
    #[schema(required)]
    pub project: Option<IndicatorProject>,
    /// The part it is of.
    #[schema(min_length = 1, max_length = 100)]
    pub dimension: String,
    /// Numerator in the half-year compared with.
    pub numerator_from: Quantity,
    /// Numerator in the other one.
    pub numerator_to: Quantity,
    /// Their difference.
    pub numerator_change: Quantity,
    /// Share in the half-year compared with.
    #[schema(required)]
    pub share_from: Option<IndicatorShare>,
    /// Share in the other one.
    #[schema(required)]
    pub share_to: Option<IndicatorShare>,
    /// Their difference, where both have one.
    #[schema(required)]
    pub share_change: Option<IndicatorShare>,
}

/// Compare the indicators of two half-years
///
/// Each figure as it was frozen for one half-year, beside what it is in another.
#[utoipa::path(
    tag = "indicators",
    params(("plan_id" = Uuid, Path, description = "The plan."), CompareIndicators),
    responses((status = 200, description = "A page of comparisons.", body = Page<IndicatorComparison>)),
)]
#[get("/v1/plans/{plan_id}/indicator-comparison")]
pub async fn compare_indicators(
    OptionalActor(actor): OptionalActor,
    db: Data<Db>,
    plan_id: Path<Uuid>,
    query: Query<CompareIndicators>,
) -> Result<web::Json<Page<IndicatorComparison>>, Problem> {
    let after: Option<FigureKey> = decode_cursor(query.cursor.as_deref())?;
    let limit = limit_or_default(query.limit);
    let reader = db.reader().await?;
    let (plan, before) = plan_and_source(&mut &**reader, actor.as_ref(), *plan_id, Some(query.from)).await?;
    let (_, now) = plan_and_source(&mut &**reader, actor.as_ref(), *plan_id, query.to).await?;
    let mut pairs: BTreeMap<FigureKey, (Option<Figure>, Option<Figure>)> = BTreeMap::new();
    for figure in figures(&mut &**reader, &plan, before).await? {
        let key = figure.key();
        pairs.entry(key).or_default().0 = Some(figure);
    }
    for figure in figures(&mut &**reader, &plan, now).await? {
        let key = figure.key();
        pairs.entry(key).or_default().1 = Some(figure);
    }
    let pairs = pairs.into_iter().filter(|(key, _)| after.as_ref().is_none_or(|after| key > after));
    let page = page(pairs.collect(), limit, |(key, _)| key.clone());
    let items = page.items.into_iter().filter_map(|(_, (from, to))| comparison(from, to)).collect();
    Ok(web::Json(Page { items, next: page.next }))
}

fn comparison(from: Option<Figure>, to: Option<Figure>) -> Option<IndicatorComparison> {
    let side = |figure: Option<&Figure>| figure.map_or((Decimal::ZERO, None), |f| (f.numerator, f.share()));
    let (before, after) = (side(from.as_ref()), side(to.as_ref()));
    let change = Change::between(before, after);
    let figure = to.or(from)?;
    let definition = figure.indicator.definition();
    let quantity = |value| Quantity::new(value, definition.unit);
    Some(IndicatorComparison {
        numerator_from: quantity(before.0),
        numerator_to: quantity(after.0),
        numerator_change: quantity(change.numerator),
        share_from: before.1.map(IndicatorShare),
        share_to: after.1.map(IndicatorShare),
        share_change: change.share.map(IndicatorShare),
        indicator: figure.indicator,
        title: spoken(definition.title),
        project: figure.project,
        dimension: figure.dimension,
    })
}
