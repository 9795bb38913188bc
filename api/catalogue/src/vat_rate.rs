use diesel::deserialize::{self, FromSql, FromSqlRow};
use diesel::expression::AsExpression;
use diesel::pg::{Pg, PgValue};
use diesel::serialize::{self, Output, ToSql};
use diesel::sql_types::SmallInt;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// VAT rate in percent, one of those in Italian law; `0` is for exempt services.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema, AsExpression, FromSqlRow)]
#[diesel(sql_type = SmallInt)]
pub enum VatRate {
    #[serde(rename = "0")]
    Exempt,
    #[serde(rename = "4")]
    Minimum,
    /// Social, health and educational services of social cooperatives.
    #[serde(rename = "5")]
    Social,
    #[serde(rename = "10")]
    Reduced,
    #[serde(rename = "22")]
    Ordinary,
}

impl VatRate {
    pub const ALL: &'static [Self] = &[Self::Exempt, Self::Minimum, Self::Social, Self::Reduced, Self::Ordinary];

    pub const fn percent(self) -> i16 {
        match self {
            Self::Exempt => 0,
            Self::Minimum => 4,
            Self::Social => 5,
            Self::Reduced => 10,
            Self::Ordinary => 22,
        }
    }
}

impl FromSql<SmallInt, Pg> for VatRate {
    fn from_sql(bytes: PgValue<'_>) -> deserialize::Result<Self> {
        let percent = <i16 as FromSql<SmallInt, Pg>>::from_sql(bytes)?;
        let rate = Self::ALL.iter().copied().find(|rate| rate.percent() == percent);
        rate.ok_or_else(|| format!("no VAT rate of {percent}%").into())
    }
}

impl ToSql<SmallInt, Pg> for VatRate {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
        ToSql::<SmallInt, Pg>::to_sql(&self.percent(), &mut out.reborrow())
    }
}
