//! Each way a spending line can be bad.

/// Each way a spending line can be bad.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum SpendingMistake {
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
pub(super) const WAYS: [SpendingMistake; 18] = [
    SpendingMistake::AmountGrouping,
    SpendingMistake::AmountPoint,
    SpendingMistake::AmountWord,
    SpendingMistake::AmountEmpty,
    SpendingMistake::ServiceEmpty,
    SpendingMistake::DateImpossible,
    SpendingMistake::PeriodImpossible,
    SpendingMistake::AccountLong,
    SpendingMistake::CellTooFew,
    SpendingMistake::CellTooMany,
    SpendingMistake::QuoteOpen,
    SpendingMistake::AuthorityUnknown,
    SpendingMistake::ServiceUnknown,
    SpendingMistake::InitiativeUnknown,
    SpendingMistake::InitiativeOther,
    SpendingMistake::AuthorityOther,
    SpendingMistake::PersonalNumber,
    SpendingMistake::DateAndAmount,
];
