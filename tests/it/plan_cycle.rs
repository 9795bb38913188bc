//! The plan cycle driven from outside, from every side: proposals, scores, meetings, money.

mod committee;
mod grant;
mod table;
mod world;

mod attacks;
mod conflicts;
mod expenses;
mod grants;
mod leads;
mod meetings;
mod merged;
mod methods;
mod money;
mod opinions;
mod proposals;
mod recusals;
mod scores;
mod sharing_out;
mod submissions;
mod under_way;
mod voucher_calls;
