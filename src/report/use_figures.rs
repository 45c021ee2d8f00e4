//! Digital take-up, completion and satisfaction: a key figure and a chart each. What is said, what
//! is drawn and the key figure are of the same panel; all that was delivered stands beside, pale.

use crate::domain::known::Known;
use crate::domain::period::Span;
use crate::metrics::figures::{Mean, PanelPoint, ShareFigures, SharePanel, SpanFigures};
use crate::programme::model::Programme;
use crate::report::about::PageContext;
use crate::report::document::{ChartUnit, Figure, KeyFigure, Phrase, Standing, TextKey, Value};
use crate::report::figure::{AxisStart, ChartSeries, lines};
use crate::report::finding::direction;
use crate::report::phrase;

/// A share of use: where it stands in the figures, and its texts.
pub(crate) struct Use {
    name: &'static str,
    label: TextKey,
    of: fn(&SpanFigures) -> &ShareFigures,
    at: fn(&PanelPoint) -> &Known<Mean>,
    /// Takes `change`, `services` and `cells`.
    headline: TextKey,
    /// Said where the intervals then and now overlap: takes `then`, `now`, `first` and `last`.
    unsure: TextKey,
    none: TextKey,
    /// Where the value axis begins: near the values where an interval is to be seen.
    axis: AxisStart,
    subtitle: TextKey,
    note: TextKey,
    missing: TextKey,
}

/// Digital take-up.
pub(crate) const DIGITAL: Use = Use {
    name: "digital",
    label: "mark.key_digital",
    of: |figures| &figures.digital,
    at: |point| &point.digital,
    headline: "digital.headline",
    unsure: "digital.headline",
    none: "digital.headline_none",
    axis: AxisStart::FromZero,
    subtitle: "digital.subtitle",
    note: "digital.note",
    missing: "digital.missing",
};

/// Completion.
pub(crate) const COMPLETION: Use = Use {
    name: "gennemfoert",
    label: "mark.key_completion",
    of: |figures| &figures.completion,
    at: |point| &point.completion,
    headline: "completion.headline",
    unsure: "completion.headline",
    none: "completion.headline_none",
    axis: AxisStart::FromZero,
    subtitle: "completion.subtitle",
    note: "completion.note",
    missing: "completion.missing",
};

/// Satisfaction, of those who answered.
pub(crate) const SATISFACTION: Use = Use {
    name: "tilfredshed",
    label: "mark.key_satisfaction",
    of: |figures| &figures.satisfaction,
    at: |point| &point.satisfaction,
    headline: "satisfaction.headline",
    unsure: "satisfaction.headline_unsure",
    none: "satisfaction.headline_none",
    axis: AxisStart::Near,
    subtitle: "satisfaction.subtitle",
    note: "satisfaction.note",
    missing: "satisfaction.missing",
};

/// A change between two means over the same units and months.
pub(crate) struct Change<'a> {
    then: &'a Mean,
    now: &'a Mean,
    /// Units it rests on.
    pub(crate) cells: u32,
}

/// The change of a share, where the same units delivered it then and now and can be weighed.
pub(crate) fn change(figures: &ShareFigures) -> Option<Change<'_>> {
    let SharePanel { means, cells, .. } = figures.panel.as_ref().value()?;
    let (then, now) = means.as_ref()?;
    Some(Change { then, now, cells: *cells })
}

impl Change<'_> {
    /// Whether the intervals overlap, so that neither up nor down can be said. Of what is no sample
    /// there are none.
    fn unsure(&self) -> bool {
        let ends = self.then.interval.zip(self.now.interval);
        ends.is_some_and(|(then, now)| then.0 <= now.1 && now.0 <= then.1)
    }

    /// "up from 40 to 55 per cent".
    pub(crate) fn said(&self) -> Phrase {
        Phrase::new(direction(
            self.now.ppm - self.then.ppm,
            "progress.digital_up",
            "progress.digital_down",
            "progress.digital_level",
        ))
        .with("then", ppm(self.then.ppm))
        .with("now", ppm(self.now.ppm))
    }

    /// How many services it is the mean of.
    pub(crate) fn services(&self) -> Phrase {
        phrase::services(self.now.services)
    }
}

fn ppm(number: i64) -> Value {
    Value::Ppm(Known::Value(number))
}

impl Use {
    /// The share now of those who delivered then and now; where nobody did, of all who delivered.
    pub(crate) fn key_figure(&self, programme: &Programme, now: Option<&SpanFigures>) -> KeyFigure {
        let label = Phrase::new(self.label);
        let figures = now.map(self.of);
        let change = figures.and_then(change);
        let all = figures.and_then(|figures| figures.mean.as_ref().value());
        let mean = change.as_ref().map(|change| change.now).or(all);
        let Some(mean) = mean else {
            let delivered = figures.is_some_and(|figures| figures.counts.value().is_some());
            let senseless =
                figures.is_some_and(|figures| matches!(figures.mean, Known::NotApplicable));
            let why = match (delivered, senseless) {
                (true, true) => "mark.key_no_share",
                (true, false) => "mark.key_not_weighed",
                (false, _) => "mark.key_not_delivered",
            };
            let note = Phrase::new(why);
            return KeyFigure {
                label,
                value: Value::Ppm(Known::Missing),
                note,
                standing: Standing::Unknown,
            };
        };
        let mut note = vec![rests_on(programme, mean)];
        if mean.unweighed > 0 {
            note.push(
                Phrase::new("share.unweighed").with("services", phrase::services(mean.unweighed)),
            );
        }
        if let Some((low, high)) = mean.interval {
            note.push(
                Phrase::new("share.interval")
                    .with("n", phrase::count(mean.count))
                    .with("low", ppm(low))
                    .with("high", ppm(high)),
            );
        }
        note.push(match (&change, now.and_then(|figures| figures.panel_then)) {
            (Some(change), Some(then)) => Phrase::new("share.panel_note")
                .with("cells", phrase::comparisons(change.cells))
                .with("then", Value::Span(then)),
            (_, _) => Phrase::new("share.all_note"),
        });
        KeyFigure {
            label,
            value: ppm(mean.ppm),
            note: phrase::sentences(note).expect("the note has a first sentence"),
            standing: Standing::Neutral,
        }
    }

    /// The share over time; `None` where nothing of it is known.
    pub(crate) fn figure(
        &self,
        about: &PageContext<'_>,
        now: Option<&SpanFigures>,
    ) -> Option<Figure> {
        let told = about.told(
            self.name,
            self.headline(now),
            about.period(Phrase::new(self.subtitle)),
            Phrase::new(self.note),
        );
        let panel = |read: fn(&Mean) -> Option<i64>| -> Vec<Known<i64>> {
            about.course(|point| {
                Known::from_option((self.at)(point).as_ref().value().and_then(read))
            })
        };
        let all = about.series(|figures| (self.of)(figures).mean.as_ref().map(|mean| mean.ppm));
        let compared = now.map(self.of).and_then(change).is_some();
        let mut series = Vec::new();
        if compared {
            series.push(ChartSeries::new("share.panel", panel(|mean| Some(mean.ppm))));
            let low = panel(|mean| Some(mean.interval?.0));
            if low.iter().any(|end| end.value().is_some()) {
                series.push(ChartSeries::new("share.low", low));
                series.push(ChartSeries::new("share.high", panel(|mean| Some(mean.interval?.1))));
            }
        }
        series.push(ChartSeries::new("share.all", all).pale());
        lines(told, ChartUnit::Percent, self.axis, about.spans, &series)
    }

    /// What is said where the figure is missing.
    pub(crate) fn missing(&self) -> TextKey {
        self.missing
    }

    fn headline(&self, now: Option<&SpanFigures>) -> Phrase {
        let Some(change) = now.map(self.of).and_then(change) else {
            return Phrase::new(self.none);
        };
        let span = |span: Option<Span>| phrase::span(span);
        let phrase = if change.unsure() {
            Phrase::new(self.unsure)
                .with("then", ppm(change.then.ppm))
                .with("now", ppm(change.now.ppm))
        } else {
            Phrase::new(self.headline).with("change", change.said())
        };
        phrase
            .with("first", span(now.and_then(|figures| figures.panel_then)))
            .with("last", span(now.map(|figures| figures.span)))
            .with("services", change.services())
            .with("cells", phrase::comparisons(change.cells))
    }
}

/// What a mean is a mean of.
fn rests_on(programme: &Programme, mean: &Mean) -> Phrase {
    let largest = phrase::service(programme, &mean.largest);
    if mean.services == 1 {
        return Phrase::new("share.one").with("service", largest);
    }
    Phrase::new("share.mean")
        .with("services", phrase::services(mean.services))
        .with("largest", largest)
        .with("part", ppm(mean.largest_ppm))
}
