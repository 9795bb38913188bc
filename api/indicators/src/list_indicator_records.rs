use crate::queries::records::{Offset, RecordRow, Selection, Side, records};
use crate::rules::IndicatorCode;
use crate::source::plan_and_source;
use crate::value::Quantity;
use actix_web::get;
use actix_web::web::{self, Data};
use concilia_kernel::extract::{Path, Query};
use concilia_kernel::page::{decode_cursor, encode_cursor, limit_or_default};
use concilia_kernel::{Actor, Db, Page, Problem};
use concilia_network::Half;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;
use validator::Validate;

/// Which records to list.
#[derive(Debug, Deserialize, Validate, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct ListIndicatorRecords {
    /// As frozen for this half-year; as of today unless told.
    pub half: Option<Half>,
    /// Only behind this indicator.
    pub indicator: Option<IndicatorCode>,
    /// Only behind the indicators of this project.
    pub project_id: Option<Uuid>,
    /// Only behind this part of an indicator, such as a kind of organisation.
    #[validate(length(min = 1, max = 100))]
    #[param(min_length = 1, max_length = 100, pattern = r"^[a-z0-9_]+$")]
    pub dimension: Option<String>,
    /// Only what counts for this side.
    pub side: Option<Side>,
    /// Opaque cursor: `next` of the page before.
    #[validate(length(min = 1, max = 1024))]
    #[param(min_length = 1, max_length = 1024, pattern = "^[A-Za-z0-9_-]+$")]
    pub cursor: Option<String>,
    /// Items per page, 1 to 200; 50 unless told.
    #[validate(range(min = 1, max = 200))]
    #[param(minimum = 1, maximum = 200, format = Int32, default = 50)]
    pub limit: Option<i64>,
}

/// A record behind a figure.
#[derive(Debug, Serialize, ToSchema)]
pub struct IndicatorRecord {
    /// The indicator.
    pub indicator: IndicatorCode,
    /// The project, for an indicator of a project.
    #[schema(required)]
    pub project_id: Option<Uuid>,
    /// The part of the indicator.
    #[schema(min_length = 1, max_length = 100)]
    pub dimension: String,
    /// The side it counts for.
    pub side: Side,
    /// What it is: `membership`, `activity_target`, `grant_payment` and so on.
    #[schema(min_length = 1, max_length = 60, pattern = "^[a-z_]+$", example = "membership")]
    pub record_kind: String,
    /// Its identifier; null for a number of the plan itself.
    #[schema(required)]
    pub record_id: Option<Uuid>,
    /// In words, without personal data.
    #[schema(min_length = 0, max_length = 400)]
    pub label: String,
    /// How much it counts.
    pub amount: Quantity,
}

/// List the records behind the indicators
///
/// Every record that a figure adds up, with how much it counts and for which side: the sum of the numerator's records is
/// the numerator, to the cent. For the officers of the agency, the committee and the leads of alliances.
#[utoipa::path(
    tag = "indicators",
    params(("plan_id" = Uuid, Path, description = "The plan."), ListIndicatorRecords),
    responses((status = 200, description = "A page of records.", body = Page<IndicatorRecord>)),
)]
#[get("/v1/plans/{plan_id}/indicator-records")]
pub async fn list_indicator_records(
    actor: Actor,
    db: Data<Db>,
    plan_id: Path<Uuid>,
    query: Query<ListIndicatorRecords>,
) -> Result<web::Json<Page<IndicatorRecord>>, Problem> {
    let from: Offset = decode_cursor(query.cursor.as_deref())?.unwrap_or(Offset(0));
    let limit = limit_or_default(query.limit);
    let mut conn = db.conn().await?;
    let (plan, source) = plan_and_source(&mut *conn, Some(&actor), *plan_id, query.half).await?;
    if plan.territory_id != actor.territory_id {
        return Err(Problem::not_found());
    }
    let selection = Selection {
        indicator: query.indicator,
        project_id: query.project_id,
        dimension: query.0.dimension,
        side: query.0.side,
    };
    let mut rows = records(&mut *conn, &plan, source, &selection, from, limit).await?;
    let more = i64::try_from(rows.len()).is_ok_and(|found| found > limit);
    rows.truncate(usize::try_from(limit).unwrap_or_default());
    let next = more.then(|| encode_cursor(&Offset(from.0.saturating_add(limit as u32))));
    let items = rows.into_iter().map(RecordRow::shown).collect::<Result<_, _>>()?;
    Ok(web::Json(Page { items, next }))
}

impl RecordRow {
    fn shown(self) -> Result<IndicatorRecord, Problem> {
        let unit = self.indicator.definition().unit;
        Ok(IndicatorRecord {
            indicator: self.indicator,
            project_id: self.project_id,
            dimension: self.dimension,
            side: self.side,
            record_kind: self.record_kind,
            record_id: self.record_id,
            label: self.label,
            amount: Quantity::new(self.amount.parse().map_err(Problem::internal)?, unit),
        })
    }
}
