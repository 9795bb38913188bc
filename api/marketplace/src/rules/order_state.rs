use concilia_kernel::text_enum;

text_enum! {
    /// State of an order.
    pub enum OrderState {
        /// Placed by the family, with money and place held; waits for the provider.
        Requested = "requested",
        /// The provider offers another session and holds a place of it; waits for the family.
        Proposed = "proposed",
        Confirmed = "confirmed",
        InService = "in_service",
        /// Waits for the family to accept; silence accepts.
        Delivered = "delivered",
        /// The money is owed to the provider.
        Accepted = "accepted",
        /// On a provider's statement.
        Invoiced = "invoiced",
        Paid = "paid",
        /// Refused by the provider.
        Rejected = "rejected",
        /// Nobody answered in time.
        Lapsed = "lapsed",
        Cancelled = "cancelled",
    }
}

impl OrderState {
    /// Whether the order holds its place or has used it.
    #[cfg(test)]
    pub(crate) fn keeps_place(self) -> bool {
        !matches!(self, Self::Rejected | Self::Lapsed | Self::Cancelled)
    }
}
