//! Price ratios between years, by sector and kind of cost.

use crate::domain::authority::Sector;
use crate::domain::period::Year;
use crate::programme::model::{CostType, Prices};
use num_rational::BigRational;
use num_traits::{One, Signed};

/// The price series one cell follows.
#[derive(Debug, Clone, Copy)]
pub(crate) struct PriceLine<'a> {
    /// The programme's prices.
    pub(crate) prices: &'a Prices,
    /// The authority's sector; `None` when it is in no register.
    pub(crate) sector: Option<Sector>,
    /// The kind of cost.
    pub(crate) cost_type: CostType,
}

impl PriceLine<'_> {
    /// Prices in `to` over prices in `from`; 1 in current prices; `None` without an index for both.
    ///
    /// A sector that borrows its series is read from the lender, one step, never further.
    pub(crate) fn ratio(&self, from: Year, to: Year) -> Option<BigRational> {
        match self.prices {
            Prices::Current { .. } => Some(BigRational::one()),
            Prices::Indexed { index, borrowed, .. } => {
                let own = self.sector?;
                let sector = borrowed.get(&own).map_or(own, |lender| lender.from);
                let at = |year| {
                    index.get(&(sector, self.cost_type, year)).filter(|value| value.is_positive())
                };
                Some(at(to)? / at(from)?)
            }
        }
    }

    /// The programme's price level over prices in `year`.
    pub(crate) fn level_over(&self, year: Year) -> Option<BigRational> {
        match self.prices {
            Prices::Current { .. } => Some(BigRational::one()),
            Prices::Indexed { level, .. } => self.ratio(year, *level),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::PriceLine;
    use crate::domain::authority::Sector;
    use crate::metrics::exact::whole;
    use crate::metrics::fixture::{indexed, year};
    use crate::programme::model::{Borrowed, CostType, Prices};

    fn line(prices: &Prices, sector: Option<Sector>) -> PriceLine<'_> {
        PriceLine { prices, sector, cost_type: CostType::General }
    }

    #[test]
    fn a_lent_series_is_read_and_a_missing_one_is_not_guessed() {
        let mut prices = indexed(2015, &[(2015, 100), (2020, 105)]);
        let expected = Some(whole(105) / whole(100));
        let ratio = |line: PriceLine| line.ratio(year(2015), year(2020));
        assert_eq!(ratio(line(&prices, Some(Sector::Stat))), expected);
        assert_eq!(ratio(line(&prices, Some(Sector::Region))), None);
        assert_eq!(ratio(line(&prices, None)), None);
        let stat = line(&prices, Some(Sector::Stat));
        assert_eq!(stat.ratio(year(2015), year(2021)), None);
        if let Prices::Indexed { borrowed, .. } = &mut prices {
            let lender = Borrowed { from: Sector::Stat, source: "declared".to_owned() };
            borrowed.insert(Sector::Region, lender);
        }
        assert_eq!(ratio(line(&prices, Some(Sector::Region))), expected);
    }
}
