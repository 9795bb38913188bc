use utoipa::ToSchema;

// For the contract only: handlers stream them.
/// The bytes of a file.
#[derive(Debug, ToSchema)]
#[schema(value_type = String, format = Binary)]
pub struct Upload(#[expect(dead_code, reason = "the schema needs a body")] Vec<u8>);
