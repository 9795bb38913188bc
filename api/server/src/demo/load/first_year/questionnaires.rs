//! Anonymous questionnaires of the first year.

use super::{Year, on};
use crate::demo::data::DataError;
use chrono::Duration;
use concilia_actions::load;
use concilia_kernel::Problem;
use concilia_kernel::clock::as_of;
use concilia_kernel::extract::checked;
use diesel_async::AsyncPgConnection;
use serde_json::json;
use uuid::Uuid;

/// A questionnaire that whoever has its link may answer, with the ratings that it got.
pub(super) struct Questionnaire<'a> {
    pub(super) action_id: Uuid,
    pub(super) title: &'a str,
    pub(super) opened: &'a str,
    pub(super) closed: &'a str,
    pub(super) ratings: &'a [i16],
}

/// Opens a questionnaire, answers it with one token each, closes it.
pub(super) async fn run(
    conn: &mut AsyncPgConnection,
    year: &Year<'_>,
    asked: &Questionnaire<'_>,
) -> Result<(), Problem> {
    let (officer, vault) = (year.actors.officer(0)?, &year.loader.vault);
    let content = checked(&json!({
        "organisation_id": year.organisation("ats-val-padana")?, "action_id": asked.action_id, "audience": "public_link",
        "title": asked.title, "description": "Due minuti, in forma anonima (risposte inventate).",
        "questions": [
            {"kind": "rating", "question": "Quanto ti è stato utile?", "options": [], "required": true},
            {"kind": "single_choice", "question": "Per chi lavori?", "options": ["Impresa", "Ente pubblico", "Terzo settore"],
             "required": true},
            {"kind": "free_text", "question": "Che cosa aggiungeresti?", "options": [], "required": false},
        ],
    }))?;
    let made = as_of(on(asked.opened)?, load::create_questionnaire(conn, officer, &content)).await?;
    let opened = as_of(on(asked.opened)?, load::open_questionnaire(conn, officer, made.id)).await?;
    let link = opened.for_author(vault).link.ok_or_else(|| DataError("no public link".into()))?;
    let take = checked(&json!({"link": link}))?;
    for (rating, nth) in asked.ratings.iter().zip(0_i16..) {
        let answered = on(asked.opened)? + Duration::days(i64::from(nth) + 1);
        let token = as_of(answered, load::take_token(conn, vault, None, made.id, &take)).await?;
        let mut answers =
            vec![json!({"question": 1, "rating": rating}), json!({"question": 2, "options": [nth % 3 + 1]})];
        if nth % 4 == 0 {
            answers.push(json!({"question": 3, "text": "Più esempi di accordi già in uso."}));
        }
        let answers = checked(&json!({"token": token, "answers": answers}))?;
        as_of(answered, load::answer_questionnaire(conn, vault, made.id, &answers)).await?;
    }
    as_of(on(asked.closed)?, load::close_questionnaire(conn, officer, made.id)).await?;
    Ok(())
}
