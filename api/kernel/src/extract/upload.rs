use utoipa::ToSchema;

/// The bytes of an upload, for the contract only: handlers stream them.
#[derive(Debug, ToSchema)]
#[schema(value_type = String, format = Binary)]
pub struct Upload(#[expect(dead_code, reason = "the schema needs a body")] Vec<u8>);
