//! The door for tests and fuzzers: what they reach of each room. Nothing here is promised.

/// Of the room `domain`.
pub mod domain {
    pub use crate::domain::delivery::DeliveryId;
    pub use crate::domain::error::Error;
    pub use crate::domain::folder::Folder;
    pub use crate::domain::id::AccountId;
    pub use crate::domain::id::AuthorityId;
    pub use crate::domain::id::InitiativeId;
    pub use crate::domain::id::ServiceId;
    pub use crate::domain::known::Known;
    pub use crate::domain::language::Language;
    pub use crate::domain::measure::Measure;
    pub use crate::domain::money::Oere;
    pub use crate::domain::notice::Remark;
    pub use crate::domain::pack::PackCell;
    pub use crate::domain::period::Period;
    pub use crate::domain::quarantine::Quarantined;
    pub use crate::domain::quarantine::Reason;
}

/// Of the room `facts`.
pub mod facts {
    pub use crate::facts::fact::Fact;
}

/// Of the room `contract`.
pub mod contract {
    pub use crate::contract::charset::Charset;
    pub use crate::contract::compile;
    pub use crate::contract::compile::keys;
    pub use crate::contract::compiled::Contract;
    pub use crate::contract::compiled::DateForm;
    pub use crate::contract::compiled::DatePart;
    pub use crate::contract::compiled::DatePart::AccountingPeriod;
    pub use crate::contract::compiled::DatePart::BareDay;
    pub use crate::contract::compiled::DatePart::BareMonth;
    pub use crate::contract::compiled::DatePart::Byte;
    pub use crate::contract::compiled::DatePart::Day;
    pub use crate::contract::compiled::DatePart::Month;
    pub use crate::contract::compiled::DatePart::MonthName;
    pub use crate::contract::compiled::DatePart::Serial;
    pub use crate::contract::compiled::DatePart::ShortYear;
    pub use crate::contract::compiled::DatePart::Year;
    pub use crate::contract::compiled::Layout;
    pub use crate::contract::compiled::LenientNumberForm;
    pub use crate::contract::compiled::Negative;
    pub use crate::contract::compiled::NumberForm;
    pub use crate::contract::compiled::Role;
    pub use crate::contract::line_rule::NotData;
    pub use crate::contract::pattern::Pattern;
    pub use crate::contract::terms::Terms;
    pub use crate::contract::terms::Validity;
}

/// Of the room `programme`.
pub mod programme {
    pub use crate::programme::model::Programme;
    pub use crate::programme::parse;
    pub use crate::programme::terms;
}

/// Of the room `source`.
pub mod source {
    pub use crate::source::content::Content;
    pub use crate::source::content::Delivery;
    pub use crate::source::records::TextRecord;
}

/// Of the room `ingest`.
pub mod ingest {
    pub use crate::ingest::delivery_account::DeliveryAccount;
    pub use crate::ingest::reread::reread_refused;
}

/// Of the room `collect`.
pub mod collect {
    pub use crate::collect::Ingested;
    pub use crate::collect::fuzz::SplitRecord;
    pub use crate::collect::fuzz::SplitRecords;
    pub use crate::collect::fuzz::SplitterSettings;
    pub use crate::collect::fuzz::amount;
    pub use crate::collect::fuzz::count;
    pub use crate::collect::fuzz::dated;
    pub use crate::collect::fuzz::decoded;
    pub use crate::collect::fuzz::digit;
    pub use crate::collect::fuzz::encoding;
    pub use crate::collect::fuzz::is_invisible;
    pub use crate::collect::fuzz::likely;
    pub use crate::collect::fuzz::masked;
    pub use crate::collect::fuzz::may_hold_cpr;
    pub use crate::collect::fuzz::period;
    pub use crate::collect::fuzz::shown;
    pub use crate::collect::fuzz::split;
    pub use crate::collect::ingest;
    pub use crate::collect::ingest_in_ranges;
    pub use crate::collect::ingest_plainly;
    pub use crate::collect::records;
}

/// Of the room `sniff`.
pub mod sniff {
    pub use crate::sniff::render;
    pub use crate::sniff::sniff;
    pub use crate::sniff::sniffed::Sniffed;
}

/// Of the room `ledger`.
pub mod ledger {
    pub use crate::ledger::Ledger;
    pub use crate::ledger::awaited::CoverageState;
    pub use crate::ledger::post;
    pub use crate::ledger::posting::DeliveryPosting;
}

/// Of the room `metrics`.
pub mod metrics {
    pub use crate::metrics::compute;
    pub use crate::metrics::figures::Metrics;
    pub use crate::metrics::figures::Range;
}

/// Of the room `sample`.
pub mod sample {
    pub use crate::sample::make;
    pub use crate::sample::size::Size;
}

/// Of the room `disk`.
pub mod disk {
    pub use crate::disk::kind::FolderKind;
    pub use crate::disk::kind::Manifest;
    pub use crate::disk::kind::PACKS;
    pub use crate::disk::kind::REPORT;
    pub use crate::disk::kind::SAMPLE;
    pub use crate::disk::open_all;
    pub use crate::disk::open_one;
    pub use crate::disk::read_folder;
    pub use crate::disk::replace::replace;
}

/// Of the room `run`.
pub mod run {
    pub use crate::run::define;
}
