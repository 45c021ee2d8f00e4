//! Each way a spending line can be bad.

/// Each way a spending line can be bad.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Way {
    AmountGrouping,
    AmountPoint,
    AmountWord,
    AmountEmpty,
    ServiceEmpty,
    DateImpossible,
    PeriodImpossible,
    AccountLong,
    CellTooFew,
    CellTooMany,
    QuoteOpen,
    AuthorityUnknown,
    ServiceUnknown,
    InitiativeUnknown,
    InitiativeOther,
    AuthorityOther,
    PersonalNumber,
    DateAndAmount,
}

/// Every way, in the order of the enum.
pub(super) const WAYS: [Way; 18] = [
    Way::AmountGrouping,
    Way::AmountPoint,
    Way::AmountWord,
    Way::AmountEmpty,
    Way::ServiceEmpty,
    Way::DateImpossible,
    Way::PeriodImpossible,
    Way::AccountLong,
    Way::CellTooFew,
    Way::CellTooMany,
    Way::QuoteOpen,
    Way::AuthorityUnknown,
    Way::ServiceUnknown,
    Way::InitiativeUnknown,
    Way::InitiativeOther,
    Way::AuthorityOther,
    Way::PersonalNumber,
    Way::DateAndAmount,
];
