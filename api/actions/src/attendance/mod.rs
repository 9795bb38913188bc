//! Who was present at each session of an event.

mod attendance_record;
pub mod get_event_attendance;
pub mod update_event_attendance;

pub use attendance_record::EventAttendance;
