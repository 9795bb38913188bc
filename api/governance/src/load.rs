//! What bodies do, entered without a request, such as a year that is loaded. Each function judges as its operation does; run
//! within [`concilia_kernel::clock::as_of`], by the day of the act. What only the policy guards, to set up bodies and to
//! give seats, is the caller's to guard here.

pub use crate::bodies::add_working_group_member::{AddWorkingGroupMember, join as add_working_group_member};
pub use crate::bodies::create_body::{CreateBody, create as create_body};
pub use crate::bodies::create_committee_seat::{CreateCommitteeSeat, give as create_committee_seat};
pub use crate::meetings::close_meeting::close as close_meeting;
pub use crate::meetings::convene_meeting::convene as convene_meeting;
pub use crate::meetings::record_attendance::{RecordAttendance, attend as record_attendance};
pub use crate::meetings::{ConveneMeeting, Invitation, Meeting};
pub use crate::minutes::close_minutes::close as close_minutes;
pub use crate::minutes::generate_minutes::{GenerateMinutes, generate as generate_minutes};
pub use crate::minutes::validate_minutes::{ValidateMinutes, answer as validate_minutes};
pub use crate::motions::cast_vote::cast as cast_vote;
pub use crate::motions::close_motion::close as close_motion;
pub use crate::motions::create_motion::{CreateMotion, open as create_motion};
