//! Figures: the records of each side, added up.

use crate::rules::{IndicatorCode, Level};
use crate::source::Source;
use crate::value::{Figure, IndicatorProject};
use concilia_kernel::db::cached;
use concilia_planning::Plan;
use diesel::pg::Pg;
use diesel::sql_types::{Date, Nullable, Text, Uuid as SqlUuid};
use diesel::{QueryResult, QueryableByName, sql_query};
use diesel_async::{AsyncConnectionCore, RunQueryDsl};
use rust_decimal::Decimal;
use std::collections::HashSet;
use uuid::Uuid;

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = Text)]
    indicator: IndicatorCode,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    project_id: Option<Uuid>,
    #[diesel(sql_type = Nullable<Text>)]
    project_reference: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    project_title: Option<String>,
    #[diesel(sql_type = Text)]
    dimension: String,
    #[diesel(sql_type = Text)]
    dimension_title: String,
    #[diesel(sql_type = Text)]
    numerator: String,
    #[diesel(sql_type = Nullable<Text>)]
    denominator: Option<String>,
}

/// Every figure of a plan in the order of lists, in one statement. One of the plan that has no record yet is zero.
pub(crate) async fn figures<C>(conn: &mut C, plan: &Plan, source: Source) -> QueryResult<Vec<Figure>>
where
    C: AsyncConnectionCore<Backend = Pg> + Send,
{
    let query = sql_query(
        "SELECT r.indicator, r.project_id, r.project_reference, r.project_title, r.dimension, \
                max(r.dimension_title) AS dimension_title, \
                coalesce(sum(r.amount) FILTER (WHERE r.side = 'numerator'), 0)::text AS numerator, \
                (sum(r.amount) FILTER (WHERE r.side = 'denominator'))::text AS denominator \
           FROM indicator_records($1, $2, $3, $4) r \
          GROUP BY r.indicator, r.project_id, r.project_reference, r.project_title, r.dimension",
    )
    .bind::<SqlUuid, _>(plan.territory_id)
    .bind::<SqlUuid, _>(plan.id)
    .bind::<Nullable<Date>, _>(source.until())
    .bind::<Nullable<SqlUuid>, _>(source.freeze_id());
    let rows: Vec<Row> = cached(query).load(conn).await?;
    let mut figures: Vec<Figure> = rows.into_iter().filter_map(Row::figure).collect();
    let known: HashSet<IndicatorCode> = figures.iter().map(|figure| figure.indicator).collect();
    let of_plan = |code: &&IndicatorCode| code.definition().level == Level::Plan && !known.contains(*code);
    figures.extend(IndicatorCode::ALL.iter().filter(of_plan).map(|code| Figure {
        indicator: *code,
        project: None,
        dimension: "all".to_owned(),
        dimension_title: String::new(),
        numerator: Decimal::ZERO,
        denominator: code.definition().denominator.map(|_| Decimal::ZERO),
    }));
    figures.sort_by_cached_key(Figure::key);
    Ok(figures)
}

impl Row {
    fn figure(self) -> Option<Figure> {
        let project = self.project_id.zip(self.project_reference).zip(self.project_title);
        Some(Figure {
            indicator: self.indicator,
            project: project.map(|((id, reference), title)| IndicatorProject { id, reference, title }),
            dimension: self.dimension,
            dimension_title: self.dimension_title,
            numerator: self.numerator.parse().ok()?,
            denominator: self.denominator.and_then(|text| text.parse().ok()),
        })
    }
}
