//! Every metric: what it is counted in, how, on whose word, and where in the code. Names are
//! translations.

/// One metric as the method page shows it. Its name is the translation `metric-{id}-name`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct MetricEntry {
    /// Stable, kebab case.
    pub id: &'static str,
    /// What it is counted in.
    pub unit: &'static str,
    /// How it is computed; the symbols are explained in `docs/method.md`.
    pub formula: &'static str,
    /// Raised whenever the formula gives another figure on the same facts.
    pub version: u32,
    /// What the formula rests on.
    pub source: &'static str,
    /// Where it is computed, `file::function`.
    pub code: &'static str,
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
const OWN: &str = "docs/method.md";

const fn entry(
    id: &'static str,
    unit: &'static str,
    formula: &'static str,
    source: &'static str,
    code: &'static str,
) -> MetricEntry {
    MetricEntry { id, unit, formula, version: 1, source, code }
}

/// The same metric with another formula, panel or unit than it was first published with.
const fn second(entry: MetricEntry) -> MetricEntry {
    MetricEntry { version: 2, ..entry }
}

/// Every metric, in the order of the method page.
pub(crate) const METRICS: &[MetricEntry] = &[
    second(entry("spending", "øre", "Σ E", OWN, "metrics/cell_figures.rs::cell")),
    entry("spending-panel", "øre", "Σ w · E, 0 & 1", OWN, "metrics/panel.rs::spending"),
    second(entry(
        "spending-real",
        "øre",
        "E · p_level / p",
        FIXED_PRICES,
        "metrics/cell_figures.rs::cell",
    )),
    second(entry("volume", "1", "Σ V", GOV_UK_UNIT_COST, "metrics/cell_figures.rs::cell")),
    second(entry(
        "counterfactual",
        "øre",
        "E_cf = E₀ · (φ + (1 − φ) · V₁ / V₀) · p₁ / p₀",
        OWN,
        "metrics/saving.rs::compare",
    )),
    second(entry(
        "saving",
        "øre",
        "S = E_cf − E₁, φ ∈ {0; φ̂; 1}",
        OWN,
        "metrics/saving.rs::compare",
    )),
    second(entry(
        "saving-real",
        "øre",
        "(E_cf − E₁) · p_level / p₁",
        FIXED_PRICES,
        "metrics/saving.rs::compare",
    )),
    second(entry(
        "bridge",
        "øre",
        "E₁ − E₀ = E₀ · (p₁ / p₀ − 1) + V-rest − (S₀ − S_φ) − S_φ",
        OWN,
        "metrics/saving.rs::bridge",
    )),
    entry("pejlemaerke-share", "øre", "w · x, Σ w = 1", OWN, "metrics/weights.rs::portion"),
    second(entry(
        "basis",
        "1, øre",
        "n, Σ E₁, Σ E − Σ E₁",
        RIGSREVISIONEN,
        "metrics/mark.rs::basis",
    )),
    second(entry(
        "unit-cost-index",
        "100",
        "Σ w · E₁ / Σ w · E_cf(φ = 0)",
        GOV_UK_UNIT_COST,
        "metrics/mark.rs::unit_cost_index",
    )),
    second(entry(
        "activity-index",
        "100",
        "O_k = O_(k−1) · Σ w · W · V_k / V_(k−1) / Σ w · W",
        ONS,
        "metrics/productivity.rs::chain",
    )),
    second(entry(
        "input-index",
        "100",
        "I_k = I_(k−1) · Σ w · W · E_k / E_(k−1) · p_(k−1) / p_k / Σ w · W",
        ONS,
        "metrics/productivity.rs::chain",
    )),
    second(entry("productivity", "100", "O / I", ONS, "metrics/productivity.rs::chain")),
    second(entry(
        "digital-share",
        "%",
        "Σ a · (V_digital / V) / Σ a",
        GOV_UK,
        "metrics/usage.rs::mean",
    )),
    second(entry(
        "completion-rate",
        "%",
        "Σ a · (V / V_started) / Σ a",
        GOV_UK_COMPLETION,
        "metrics/usage.rs::mean",
    )),
    second(entry(
        "satisfaction",
        "%",
        "Σ a · (s / n) / Σ a",
        GOV_UK_DATA,
        "metrics/usage.rs::mean",
    )),
    entry(
        "satisfaction-interval",
        "%",
        "P ∓ √Σ(a / Σ a)²(p − l)², l = Wilson",
        WILSON,
        "metrics/interval.rs::wilson",
    ),
    entry("share-panel", "%", "Σ a · P / Σ a, 0 & 1", GOV_UK, "metrics/panel.rs::share"),
    entry("share-counts", "%", "Σ part / Σ whole", OWN, "metrics/usage.rs::together"),
    second(entry(
        "target-annual",
        "øre",
        "Σ (E_cf − E₁) · p_level / p₁, t = due",
        OWN,
        "metrics/target.rs::positions",
    )),
    second(entry(
        "target-cumulative",
        "øre",
        "Σ (E_cf − E₁) · p_level / p₁, from ≤ t ≤ due",
        OWN,
        "metrics/target.rs::positions",
    )),
];

#[cfg(test)]
mod tests {
    use super::METRICS;
    use std::collections::BTreeSet;

    const METHOD: &str = include_str!("../../docs/method.md");

    #[test]
    fn the_method_page_has_a_section_for_every_metric_and_no_other() {
        let headings: Vec<&str> = METHOD
            .lines()
            .filter_map(|line| line.strip_prefix("### "))
            .filter_map(|heading| heading.split('`').nth(1))
            .collect();
        let ids: Vec<&str> = METRICS.iter().map(|entry| entry.id).collect();
        assert_eq!(headings, ids);
        assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), ids.len());
    }

    #[test]
    fn every_metric_names_its_place_in_the_code_as_the_method_page_does() {
        for entry in METRICS {
            let section = METHOD.split(&format!("(`{}`)", entry.id)).nth(1);
            let section = section.unwrap_or_default().split("\n### ").next();
            let place = format!("src/{}", entry.code);
            assert!(
                section.is_some_and(|text| text.contains(&place)),
                "{}: `{place}` is not in its section",
                entry.id
            );
        }
    }
}
