//! The made-up world: who runs which service, how large, and in which direction it drifts.

use crate::domain::authority::Sector;

/// Who delivers a service.
pub(super) enum Deliverers {
    /// Every authority of the sector.
    Sector(Sector),
    /// These authorities.
    Named(&'static [&'static str]),
    /// Every authority of the programme.
    Everyone,
}

/// What a service is like, at an authority of size 1,000.
pub(super) struct Profile {
    /// The service's id; empty for the profile every other service gets.
    pub(super) id: &'static str,
    /// Who delivers it.
    pub(super) who: Deliverers,
    /// First year and month it exists; `None`: as long as its authority.
    pub(super) from: Option<(i16, u8)>,
    /// Cost in the first year, in øre.
    pub(super) oere: i64,
    /// Cost of one completed transaction in the first year, in øre.
    pub(super) unit_oere: i64,
    /// Change in real unit cost a year, in parts per million.
    pub(super) trend_ppm: i64,
    /// Change in volume a year, in parts per million.
    pub(super) drift_ppm: i64,
    /// Share completed by self-service in the first year, per mille.
    pub(super) online: i64,
    /// Change in that share a year, per mille.
    pub(super) online_step: i64,
}

const fn profile(id: &'static str, who: Deliverers, money: [i64; 4], online: [i64; 2]) -> Profile {
    let [oere, unit_oere, trend_ppm, drift_ppm] = money;
    let [online, online_step] = online;
    Profile { id, who, from: None, oere, unit_oere, trend_ppm, drift_ppm, online, online_step }
}

const KOMMUNE: Deliverers = Deliverers::Sector(Sector::Kommune);
const REGION: Deliverers = Deliverers::Sector(Sector::Region);

/// The services of the joint public pipeline.
const PROFILES: [Profile; 10] = [
    profile("BYG", KOMMUNE, [12_000_000_000, 450_000, -28_000, 12_000], [450, 70]),
    profile("FLYT", KOMMUNE, [6_000_000_000, 35_000, -35_000, 5_000], [720, 40]),
    profile("PAS", KOMMUNE, [7_000_000_000, 42_000, 12_000, -15_000], [300, 15]),
    profile("DAGPENGE", KOMMUNE, [15_000_000_000, 180_000, -22_000, -20_000], [610, 50]),
    profile("SUNDKORT", REGION, [9_000_000_000, 25_000, -15_000, 10_000], [640, 45]),
    profile("HENV", REGION, [14_000_000_000, 90_000, -30_000, 25_000], [520, 80]),
    Profile {
        from: Some((2018, 1)),
        ..profile(
            "VIRK",
            Deliverers::Named(&["ERST"]),
            [26_000_000_000, 70_000, -40_000, 30_000],
            [800, 30],
        )
    },
    profile(
        "MOMS",
        Deliverers::Named(&["SKATM", "SKAT"]),
        [35_000_000_000, 30_000, -20_000, 8_000],
        [880, 10],
    ),
    profile(
        "POST",
        Deliverers::Named(&["DIGST", "0101", "0751"]),
        [11_000_000_000, 1_200, -38_000, 40_000],
        [760, 35],
    ),
    profile(
        "DATA",
        Deliverers::Named(&["STAR"]),
        [13_000_000_000, 15_000, 20_000, 60_000],
        [900, 5],
    ),
];

/// What a service of another programme is like.
const OTHER: Profile =
    profile("", Deliverers::Everyone, [10_000_000_000, 50_000, -10_000, 10_000], [550, 40]);

/// What the service is like.
pub(super) fn profile_of(service: &str) -> &'static Profile {
    PROFILES.iter().find(|profile| profile.id == service).unwrap_or(&OTHER)
}

/// How large an authority is, per mille of the size the profiles are given at.
pub(super) fn size_of(authority: &str) -> i64 {
    match authority {
        "0101" => 2_000,
        "0751" | "1082" => 1_300,
        "0851" => 900,
        "0461" | "1081" => 700,
        "0561" => 680,
        "1083" => 1_250,
        "1084" => 1_900,
        _ => 1_000,
    }
}

/// The authority that never delivers anything.
pub(super) const SILENT: &str = "0265";

/// The authority whose usage lacks three months, and which: year, first and last month.
pub(super) const GAP: (&str, i16, u8, u8) = ("0561", 2019, 4, 6);

/// Months delivered a second time, with corrected figures: spending, then usage.
pub(super) const RESENT_SPENDING: (&str, i16, u8) = ("0751", 2018, 6);
/// See [`RESENT_SPENDING`].
pub(super) const RESENT_USAGE: (&str, i16, u8) = ("1082", 2017, 3);
