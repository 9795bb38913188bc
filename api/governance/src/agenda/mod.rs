//! The agenda as a calendar: meetings and deadlines, for those who may know of them.

pub mod create_agenda_feed;
mod entries;
mod feed;
pub mod get_agenda_feed_ics;
pub mod get_agenda_ics;
pub mod list_agenda_feeds;
mod render;
pub mod revoke_agenda_feed;

pub use feed::AgendaFeed;
