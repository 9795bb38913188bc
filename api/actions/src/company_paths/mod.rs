//! Company paths: the steps that an action offers to companies, in order.

pub mod close_company_path;
mod company_path;
pub mod create_company_path;
pub mod get_company_path;
pub mod list_company_paths;

pub use company_path::{CompanyPath, CompanyPathStep};
