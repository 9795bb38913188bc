//! Who signs minutes, as far as it is on record.

use super::content::MinutesPresence;
use super::view::Minutes;
use crate::meetings::{MeetingRow, invitations_of};
use crate::people::People;
use diesel::QueryResult;
use diesel::pg::Pg;
use diesel_async::AsyncConnectionCore;
use uuid::Uuid;

/// The persons whose names stand under the minutes; a line is left for the pen of who is not known.
#[derive(Debug, Default)]
pub(super) struct Signers {
    /// Who sat in the chair's seat.
    pub chair: Option<String>,
    /// Who wrote the minutes.
    pub secretary: Option<String>,
}

impl Signers {
    pub(super) async fn of<C>(
        connection: &mut C,
        territory_id: Uuid,
        meeting: &MeetingRow,
        minutes: &Minutes,
    ) -> QueryResult<Self>
    where
        C: AsyncConnectionCore<Backend = Pg> + Send,
    {
        let invited = invitations_of(connection, territory_id, meeting.id, meeting.notice).await?;
        let author = minutes.summary.generated_by;
        let people = People::load(connection, territory_id, [author]).await?;
        let seat = invited.iter().find(|invitation| invitation.chair);
        Ok(Self {
            chair: seat.and_then(|seat| sitter(&minutes.content.presences, &seat.name)),
            secretary: people.name(author).map(|person| person.name),
        })
    }
}

/// The one person who was there for a seat; where two took turns, it is not on record which of them presided.
fn sitter(presences: &[MinutesPresence], seat: &str) -> Option<String> {
    let mut sat = presences.iter().filter(|presence| presence.name == seat).map(|presence| &presence.person);
    let first = sat.next()?.clone()?;
    sat.all(|person| person.as_ref() == Some(&first)).then_some(first)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::attendance::Capacity;

    fn presence(name: &str, person: Option<&str>) -> MinutesPresence {
        MinutesPresence {
            name: name.to_owned(),
            capacity: Capacity::Titular,
            person: person.map(str::to_owned),
            arrived_at: "2020-07-01T09:00:00Z".parse().unwrap(),
            left_at: None,
        }
    }

    #[test]
    fn one_person_in_the_seat_presided() {
        let (anna, bruno) = (presence("ATS", Some("Anna")), presence("Provincia", Some("Bruno")));
        assert_eq!(sitter(&[bruno.clone(), anna.clone()], "ATS").as_deref(), Some("Anna"));
        assert_eq!(
            sitter(&[anna.clone(), anna.clone()], "ATS").as_deref(),
            Some("Anna"),
            "who left and came back"
        );
        assert_eq!(sitter(&[anna, presence("ATS", Some("Carla"))], "ATS"), None, "two took turns");
        assert_eq!(sitter(&[bruno, presence("ATS", None)], "ATS"), None);
    }
}
