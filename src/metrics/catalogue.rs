//! The one list of metrics: what each is counted in, how, and on whose word. The method page, the
//! receipt and `docs/method.md` follow it.

/// One metric.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct MetricEntry {
    /// Stable, kebab case.
    pub id: &'static str,
    /// Raised whenever the formula gives another figure on the same facts.
    pub version: u32,
    /// What it is counted in: `øre` (hundredths of the currency unit), `1` (a number), `%`, or
    /// `100` (an index).
    pub unit: &'static str,
    /// How it is computed; the symbols are explained in `docs/method.md`.
    pub formula: &'static str,
    /// Address of what the formula rests on; `None` where the definition is our own.
    pub source: Option<&'static str>,
    /// Its name, a key of the translations.
    pub name: &'static str,
    /// How it is computed in words, a key of the translations.
    pub explanation: &'static str,
}

const GOV_UK: &str = "https://www.gov.uk/service-manual/measurement/digital-takeup.html";
const GOV_UK_UNIT_COST: &str =
    "https://gov.uk/service-manual/measurement/cost-per-transaction.html";
const GOV_UK_DATA: &str =
    "https://www.gov.uk/service-manual/measuring-success/data-you-must-publish";
const GOV_UK_COMPLETION: &str = "https://www.gov.uk/service-manual/measuring-success/using-data-to-improve-your-service-an-introduction";
const FIXED_PRICES: &str =
    "https://oes.dk/statsregnskab/finanslov-og-udgiftsopfoelgning/indeks/fastprisberegninger/";
const ONS: &str = "https://www.ons.gov.uk/economy/economicoutputandproductivity/publicservicesproductivity/methodologies/sourcesandmethodsforpublicserviceproductivityestimates";
const RIGSREVISIONEN: &str = "https://www.rigsrevisionen.dk/revisionssager-arkiv/2020/sep/beretning-om-gevinstrealisering-i-statslige-it-projekter";
const WILSON: &str = "https://doi.org/10.1080/01621459.1927.10502953";

/// The entries, with the keys of their texts made of their ids.
macro_rules! metrics {
    ($(($id:literal, $version:literal, $unit:literal, $formula:literal, $source:expr),)*) => {
        &[$(MetricEntry {
            id: $id,
            version: $version,
            unit: $unit,
            formula: $formula,
            source: $source,
            name: concat!("metric.", $id),
            explanation: concat!("metric.", $id, "_how"),
        }),*]
    };
}

/// Every metric, in the order of `docs/method.md` and the method page.
#[rustfmt::skip]
pub(crate) const METRICS: &[MetricEntry] = metrics![
    ("spending", 2, "øre", "Σ E", None),
    ("spending-panel", 1, "øre", "Σ w · E, 0 & 1", None),
    ("spending-real", 2, "øre", "E · p_level / p", Some(FIXED_PRICES)),
    ("volume", 2, "1", "Σ V", Some(GOV_UK_UNIT_COST)),
    ("counterfactual", 2, "øre", "E_cf = E₀ · (φ + (1 − φ) · V₁ / V₀) · p₁ / p₀", None),
    ("saving", 2, "øre", "S = E_cf − E₁", None),
    ("saving-real", 2, "øre", "(E_cf − E₁) · p_level / p₁", Some(FIXED_PRICES)),
    ("bridge", 2, "øre", "E₁ − E₀", None),
    ("pejlemaerke-share", 1, "øre", "w · x", None),
    ("basis", 2, "1, øre", "n, Σ E₁, Σ E − Σ E₁", Some(RIGSREVISIONEN)),
    ("unit-cost-index", 2, "100", "Σ w · E₁ / Σ w · E_cf(φ = 0)", Some(GOV_UK_UNIT_COST)),
    ("activity-index", 2, "100", "O_k = O_(k−1) · Σ w · W · V_k / V_(k−1) / Σ w · W", Some(ONS)),
    ("input-index", 2, "100", "I_k = I_(k−1) · Σ w · W · E_k / E_(k−1) · p_(k−1) / p_k / Σ w · W", Some(ONS)),
    ("productivity", 2, "100", "O / I", Some(ONS)),
    ("digital-share", 2, "%", "Σ a · (V_digital / V) / Σ a", Some(GOV_UK)),
    ("completion-rate", 2, "%", "Σ a · (V / V_started) / Σ a", Some(GOV_UK_COMPLETION)),
    ("satisfaction", 2, "%", "Σ a · (s / n) / Σ a", Some(GOV_UK_DATA)),
    ("satisfaction-interval", 1, "%", "L = P − √Σ(a/Σa)²(p − l)², U = P + √Σ(a/Σa)²(u − p)²", Some(WILSON)),
    ("share-panel", 1, "%", "Σ a · P / Σ a, 0 & 1", None),
    ("share-counts", 1, "%", "Σ part / Σ whole", None),
    ("target-annual", 2, "øre", "Σ (E_cf − E₁) · p_level / p₁", None),
    ("target-cumulative", 2, "øre", "Σ (E_cf − E₁) · p_level / p₁", None),
    ("coverage", 1, "%", "D / A", None),
    ("quarantine", 1, "1, øre", "n, Σ |x|", None),
];

#[cfg(test)]
mod tests {
    use super::METRICS;
    use std::collections::BTreeSet;

    const METHOD: &str = include_str!("../../docs/method.md");

    /// The sections of the method that have an id, each with its text.
    fn sections() -> Vec<(&'static str, &'static str)> {
        METHOD
            .split("\n### ")
            .skip(1)
            .filter_map(|section| {
                let (heading, text) = section.split_once('\n')?;
                Some((heading.split('`').nth(1)?, text.split("\n## ").next()?))
            })
            .collect()
    }

    #[test]
    fn the_method_has_a_section_for_every_metric_and_no_other() {
        let headings: Vec<&str> = sections().iter().map(|(id, _)| *id).collect();
        let ids: Vec<&str> = METRICS.iter().map(|entry| entry.id).collect();
        assert_eq!(headings, ids);
        assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), ids.len());
    }

    #[test]
    fn a_section_has_the_formula_and_the_source_of_its_metric() {
        for (entry, (_, text)) in METRICS.iter().zip(sections()) {
            let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
            let formula = format!("`{}`", entry.formula);
            assert!(words.contains(&formula), "{}: no {formula} in its section", entry.id);
            let source = entry.source.map_or_else(
                || "Source: own definition".to_owned(),
                |address| address.trim_end_matches('/').to_owned(),
            );
            assert!(words.contains(&source), "{}: no `{source}` in its section", entry.id);
        }
    }
}
