//! The language of PostgreSQL's messages. A deadlock or a timeout is told by its words, so they must be in English.

use diesel::prelude::*;
use diesel::sql_types::Text;
use diesel_async::{AsyncPgConnection, RunQueryDsl};

/// Asks for English, where the role may: a superuser, or one that was granted the setting.
pub(super) const IN_ENGLISH: &str =
    "SELECT set_config('lc_messages', 'C', false) WHERE has_parameter_privilege('lc_messages', 'SET')";

/// Whether a connection is told in English what PostgreSQL refuses. Where it is not, requests that deadlock or time out
/// answer 500 for 503.
pub async fn speaks_english(connection: &mut AsyncPgConnection) -> QueryResult<bool> {
    let setting = diesel::select(diesel::dsl::sql::<Text>("current_setting('lc_messages')"));
    Ok(is_english(&setting.get_result::<String>(connection).await?))
}

fn is_english(lc_messages: &str) -> bool {
    let language = lc_messages.split(['.', '_', '@']).next().unwrap_or_default();
    matches!(language, "C" | "POSIX" | "en" | "English")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn locales_tell_their_language() {
        for english in ["C", "C.UTF-8", "POSIX", "en_US.UTF-8", "en", "English_United States.1252"] {
            assert!(is_english(english), "{english}");
        }
        for other in ["it_IT.UTF-8", "it", "Italian_Italy.1252", "eng", ""] {
            assert!(!is_english(other), "{other}");
        }
    }
}
