//! Lists: `{items, next}` with an opaque cursor, in a stable order.

use crate::extract::has_nul_escape;
use crate::problem::{Code, FieldError, Problem};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

/// One page of a list.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Page<T> {
    /// The items of this page, in the list's stable order.
    #[schema(min_items = 0, max_items = 200)]
    pub items: Vec<T>,
    /// Cursor of the next page; null on the last one.
    #[schema(required, max_length = 1024, pattern = "^[A-Za-z0-9_-]+$")]
    pub next: Option<String>,
}

/// Where to read from and how much. Flatten it into a list's own query.
#[derive(Debug, Clone, Deserialize, IntoParams, Validate)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct PageQuery {
    /// Opaque cursor: `next` of the page before.
    #[validate(length(min = 1, max = 1024))]
    #[param(min_length = 1, max_length = 1024, pattern = "^[A-Za-z0-9_-]+$")]
    pub cursor: Option<String>,
    /// Items per page, 1 to 200; 50 unless told.
    #[validate(range(min = 1, max = 200))]
    #[param(minimum = 1, maximum = 200, format = Int32, default = 50)]
    pub limit: Option<i64>,
}

impl PageQuery {
    pub fn limit(&self) -> i64 {
        limit_or_default(self.limit)
    }

    /// The key after which the page starts, as [`page`] wrote it.
    pub fn after<K: DeserializeOwned>(&self) -> Result<Option<K>, Problem> {
        decode_cursor(self.cursor.as_deref())
    }
}

/// For list queries that spell `cursor` and `limit` among their own filters.
pub fn limit_or_default(limit: Option<i64>) -> i64 {
    limit.unwrap_or(50).clamp(1, 200)
}

/// Reads a cursor that [`page`] wrote. Another text in its alphabet names no page (404); any other cannot be one (400).
pub fn decode_cursor<K: DeserializeOwned>(cursor: Option<&str>) -> Result<Option<K>, Problem> {
    let Some(cursor) = cursor else { return Ok(None) };
    let json = URL_SAFE_NO_PAD.decode(cursor).ok().and_then(|json| String::from_utf8(json).ok());
    let key = json.filter(|json| !has_nul_escape(json)).and_then(|json| serde_json::from_str(&json).ok());
    key.map(Some).ok_or_else(|| {
        let legible = cursor.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'));
        let code = if legible { Code::NotFound } else { Code::InvalidParameter };
        Problem::new(code).with_error(FieldError::parameter("cursor", "cursor_invalid"))
    })
}

/// Makes a page of at most `limit` items from `limit + 1` rows read; `key` is the sort key of an item.
pub fn page<T, K: Serialize>(mut rows: Vec<T>, limit: i64, key: impl Fn(&T) -> K) -> Page<T> {
    let limit = usize::try_from(limit).unwrap_or(1);
    let more = rows.len() > limit;
    rows.truncate(limit);
    let next = rows.last().filter(|_| more).map(|last| encode_cursor(&key(last)));
    Page { items: rows, next }
}

pub fn encode_cursor<K: Serialize>(key: &K) -> String {
    URL_SAFE_NO_PAD.encode(serde_json::to_vec(key).unwrap_or_default())
}

impl<T> Page<T> {
    pub fn map<U>(self, f: impl FnMut(T) -> U) -> Page<U> {
        Page { items: self.items.into_iter().map(f).collect(), next: self.next }
    }
}
