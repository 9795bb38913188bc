/// Who may call an operation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Access {
    /// Anyone; a token adds nothing.
    Public,
    /// Anyone; a token changes what is shown.
    Optional,
    /// Any account or machine client, whatever its roles.
    Authenticated,
    /// Only bearers of one of these roles.
    Roles(Vec<String>),
}

impl Access {
    pub fn roles<R: Into<String>>(roles: impl IntoIterator<Item = R>) -> Self {
        Self::Roles(roles.into_iter().map(Into::into).collect())
    }

    /// Whether a call without a token is refused.
    pub fn needs_token(&self) -> bool {
        matches!(self, Self::Authenticated | Self::Roles(_))
    }
}
