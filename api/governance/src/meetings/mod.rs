//! Meetings: convened with their notice, attended, held.

mod attendances;
pub mod cancel_meeting;
pub mod close_meeting;
mod content;
pub mod convene_meeting;
pub mod get_meeting;
mod invitations;
pub mod list_meetings;
mod meeting;
mod queries;
mod reason;
pub mod record_attendance;
pub mod reschedule_meeting;
mod session;
mod writes;

pub(crate) use attendances::stays;
pub use content::ConveneMeeting;
pub(crate) use invitations::InvitationRow;
pub(crate) use invitations::list as invitations_of;
pub use meeting::{AgendaItem, Attendance, Invitation, Meeting, MeetingSummary};
pub(crate) use queries::{Hold, MeetingRow, agenda_of, find_in_scope, hold, of_scope, of_year};
pub(crate) use session::{require_begun, require_doors_open, require_quorum};
