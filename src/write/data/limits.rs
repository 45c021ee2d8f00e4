//! Refused lines against what the pipeline tolerates.

use crate::ledger::Balance;
use crate::programme::model::Limits;

/// One million: what a share in parts per million is out of.
const MILLION: u64 = 1_000_000;

/// How a run stands against its pipeline's limits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// Refused lines in parts per million of the lines read, rounded up; 0 when none was read.
    pub refused_lines_ppm: u64,
    /// Whether more lines are refused than the pipeline tolerates.
    pub lines_exceeded: bool,
    /// Whether more money stands on refused lines than the pipeline tolerates.
    pub oere_exceeded: bool,
}

impl Standing {
    /// Whether either limit is exceeded.
    pub fn exceeded(self) -> bool {
        self.lines_exceeded || self.oere_exceeded
    }
}

/// Holds a run's balance against the limits; a limit is still tolerated, only more exceeds it.
pub fn against(limits: &Limits, balance: &Balance) -> Standing {
    let refused = u64::from(balance.lines.refused) * MILLION;
    let read = u64::from(balance.lines.read);
    Standing {
        refused_lines_ppm: if read == 0 { 0 } else { refused.div_ceil(read) },
        lines_exceeded: refused > read * u64::from(limits.refused_lines_ppm),
        oere_exceeded: limits
            .refused_oere
            .is_some_and(|limit| balance.refused_absolute > limit),
    }
}

#[cfg(test)]
mod tests {
    use super::{Standing, against};
    use crate::domain::money::Oere;
    use crate::ledger::{Balance, Quantities};
    use crate::programme::model::Limits;

    #[test]
    fn a_limit_is_reached_before_it_is_exceeded() {
        // (lines read, refused, limit in ppm, øre at stake, limit in øre) -> (ppm, lines, øre)
        for (given, found) in [
            ((0, 0, 0, 0, Some(0)), (0, false, false)),
            ((100, 0, 0, 0, None), (0, false, false)),
            ((100, 1, 10_000, 500, Some(500)), (10_000, false, false)),
            ((100, 1, 9_999, 501, Some(500)), (10_000, true, true)),
            ((3, 1, 333_333, 0, None), (333_334, true, false)),
            ((3, 1, 333_334, i64::MAX, None), (333_334, false, false)),
            (
                (u32::MAX, u32::MAX, 1_000_000, 0, None),
                (1_000_000, false, false),
            ),
        ] {
            let (read, refused, refused_lines_ppm, at_stake, limit) = given;
            let balance = Balance {
                lines: Quantities {
                    read,
                    posted: read - refused,
                    superseded: 0,
                    refused,
                },
                refused_absolute: Oere::new(at_stake),
                ..Balance::default()
            };
            let limits = Limits {
                refused_lines_ppm,
                refused_oere: limit.map(Oere::new),
            };
            let expected = Standing {
                refused_lines_ppm: found.0,
                lines_exceeded: found.1,
                oere_exceeded: found.2,
            };
            assert_eq!(against(&limits, &balance), expected, "{given:?}");
        }
    }
}
