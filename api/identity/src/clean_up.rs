use concilia_kernel::Problem;
use diesel_async::{AsyncPgConnection, SimpleAsyncConnection};

/// Removes what no longer serves: refresh tokens a day after they expire, sessions without any, and
/// failed attempts after two days, when time has forgiven them.
pub async fn clean_up(conn: &mut AsyncPgConnection) -> Result<(), Problem> {
    conn.batch_execute(
        "DELETE FROM refresh_tokens WHERE expires_at < now() - interval '1 day'; \
         DELETE FROM login_sessions s WHERE created_at < now() - interval '1 day' \
         AND NOT EXISTS (SELECT FROM refresh_tokens t WHERE t.login_session_id = s.id); \
         DELETE FROM login_throttles WHERE last_failure < now() - interval '2 days'",
    )
    .await?;
    Ok(())
}
