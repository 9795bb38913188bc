//! The kinds of entries and the accounts between which each moves its amount.

use concilia_kernel::{Money, text_enum};

text_enum! {
    /// What an entry does.
    pub enum EntryKind {
        /// Outside money enters the call's budget.
        Fund = "fund",
        /// Budget becomes a voucher.
        Award = "award",
        /// An order reserves what is available.
        Hold = "hold",
        /// What was reserved is available again.
        Release = "release",
        /// A delivery was accepted: what was reserved is owed to the provider.
        Spend = "spend",
        /// The provider was paid.
        Pay = "pay",
        /// What a voucher did not use goes back to the budget.
        Return = "return",
    }
}

text_enum! {
    /// An account of a call (`funding`, `budget`) or of a voucher.
    pub enum Account {
        /// The outside world.
        Funding = "funding",
        /// Funded and not awarded.
        Budget = "budget",
        /// The family may order with it.
        Available = "available",
        /// Reserved by orders in course.
        Held = "held",
        /// Owed to providers.
        Spent = "spent",
        /// Paid to providers.
        Paid = "paid",
    }
}

impl EntryKind {
    /// The account credited, whose balance goes down, and the one debited, whose balance goes up.
    pub const fn accounts(self) -> (Account, Account) {
        match self {
            Self::Fund => (Account::Funding, Account::Budget),
            Self::Award => (Account::Budget, Account::Available),
            Self::Hold => (Account::Available, Account::Held),
            Self::Release => (Account::Held, Account::Available),
            Self::Spend => (Account::Held, Account::Spent),
            Self::Pay => (Account::Spent, Account::Paid),
            Self::Return => (Account::Available, Account::Budget),
        }
    }

    /// What the entry does to `account`.
    pub fn effect_on(self, account: Account, amount: Money) -> Money {
        let (credited, debited) = self.accounts();
        if account == debited {
            amount
        } else if account == credited {
            -amount
        } else {
            Money::ZERO
        }
    }
}
