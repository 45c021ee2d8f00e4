//! Colours, type and sizes: the one place they are chosen, for charts and pages alike.
//!
//! Actual and plan are hues of Det Fælles Designsystem (`blue-800`, `gray-500`); attention is Okabe
//! and Ito's vermilion. No meaning is carried by colour alone.

use std::fmt::Write;

/// A colour as red, green and blue.
pub(crate) type Rgb = (u8, u8, u8);

/// A colour by the part it plays, on light and on dark paper.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Colour {
    /// The CSS variable and class it is known by.
    pub name: &'static str,
    /// On light paper; unique, so that a drawing's colour tells its part.
    pub light: Rgb,
    /// On dark paper.
    pub dark: Rgb,
    /// The system colour it gives way to when the reader forces colours.
    pub forced: &'static str,
}

/// What is written and drawn on.
pub(crate) const PAPER: Colour = colour("paper", 0xFF_FF_FF, 0x16_19_1D, "Canvas");
/// Text, and the lines numbers are measured from.
pub(crate) const INK: Colour = colour("ink", 0x1A_1A_1A, 0xF2_F2_F2, "CanvasText");
/// Text of second rank.
pub(crate) const QUIET: Colour = colour("quiet", 0x59_59_59, 0xB8_BD_C4, "CanvasText");
/// Rules and grid lines: they help the eye and mean nothing.
pub(crate) const RULE: Colour = colour("rule", 0xD9_DC_E0, 0x43_49_50, "GrayText");
/// What happened.
pub(crate) const ACTUAL: Colour = colour("actual", 0x00_4D_99, 0x6C_B0_F5, "CanvasText");
/// What was planned, or was before.
pub(crate) const PLAN: Colour = colour("plan", 0x70_70_70, 0x9B_A1_A8, "CanvasText");
/// What needs attention.
pub(crate) const ATTENTION: Colour = colour("attention", 0xD5_5E_00, 0xFF_8B_3D, "CanvasText");
/// A total that others add up to.
pub(crate) const TOTAL: Colour = colour("total", 0x33_38_40, 0xD3_D7_DC, "CanvasText");
/// The area of a target; always outlined in `PLAN`.
pub(crate) const BAND: Colour = colour("band", 0xEC_EF_F3, 0x26_2C_34, "Canvas");
/// Hatching where a figure is not known.
pub(crate) const UNKNOWN: Colour = colour("unknown", 0x8A_8A_8A, 0x8F_96_9E, "GrayText");
/// A line's colour beside actual and attention.
pub(crate) const GREEN: Colour = colour("green", 0x00_9E_73, 0x2F_C7_9B, "CanvasText");
/// A line's colour beside actual and attention.
pub(crate) const PINK: Colour = colour("pink", 0xCC_79_A7, 0xE5_9A_C6, "CanvasText");
/// A line's colour beside actual and attention.
pub(crate) const PLUM: Colour = colour("plum", 0x80_16_50, 0xC9_A4_FF, "CanvasText");

/// Every colour.
pub(crate) const COLOURS: [Colour; 13] =
    [PAPER, INK, QUIET, RULE, ACTUAL, PLAN, ATTENTION, TOTAL, BAND, UNKNOWN, GREEN, PINK, PLUM];

/// Type for charts and pages: what the reader's machine has, nothing fetched.
pub(crate) const FONT_STACK: &str =
    "\"IBM Plex Sans\", \"Segoe UI\", Roboto, \"Helvetica Neue\", Arial, sans-serif";

/// Size of chart labels, in units of a chart 560 wide: 10 px on a 390 px telephone.
pub(crate) const LABEL_SIZE: i32 = 16;
/// Size of ticks, units and target values, in the same units.
pub(crate) const TICK_SIZE: i32 = 15;
/// Width of every chart, in its own units.
pub(crate) const CHART_WIDTH: i32 = 560;

/// The style sheet of colours and charts: variables on `:root`, classes under `.gv`.
///
/// A page puts it first in its own style sheet and uses the variables, so that page and chart
/// change together to dark paper and to forced colours.
pub(crate) fn css() -> String {
    let mut css = String::new();
    let mut variables = |head: &str, tail: &str, value: &dyn Fn(&Colour) -> String| {
        let list: Vec<String> =
            COLOURS.iter().map(|colour| format!("--{}:{}", colour.name, value(colour))).collect();
        let _ = writeln!(css, "{head}{{{}}}{tail}", list.join(";"));
    };
    variables(":root", "", &|colour| hex(colour.light));
    let dark = "@media (prefers-color-scheme:dark){:root";
    variables(dark, "}", &|colour| hex(colour.dark));
    let print = "@media print{:root";
    variables(print, "}", &|colour| hex(colour.light));
    let forced = "@media (forced-colors:active){:root";
    variables(forced, "}", &|colour| colour.forced.to_owned());
    css.push_str(
        ".gv{display:block;width:100%;max-width:40rem;height:auto;overflow:visible;\
         font-variant-numeric:tabular-nums}\n",
    );
    for Colour { name, .. } in COLOURS {
        let _ = writeln!(
            css,
            ".gv .f-{name}{{fill:var(--{name})}}.gv .s-{name}{{stroke:var(--{name})}}"
        );
    }
    css
}

/// A colour in CSS, `#004D99`.
pub(crate) fn hex((red, green, blue): Rgb) -> String {
    format!("#{red:02X}{green:02X}{blue:02X}")
}

const fn colour(name: &'static str, light: u32, dark: u32, forced: &'static str) -> Colour {
    Colour { name, light: rgb(light), dark: rgb(dark), forced }
}

const fn rgb(colour: u32) -> Rgb {
    let [_, red, green, blue] = colour.to_be_bytes();
    (red, green, blue)
}

#[cfg(test)]
mod tests {
    use super::{
        ACTUAL, ATTENTION, BAND, COLOURS, Colour, GREEN, INK, PAPER, PINK, PLAN, PLUM, QUIET, Rgb,
        TOTAL, UNKNOWN, css,
    };

    /// Relative luminance and contrast. Source: WCAG 2.1, definitions of both terms.
    fn luminance((red, green, blue): Rgb) -> f64 {
        let linear = |channel: u8| {
            let part = f64::from(channel) / 255.0;
            if part <= 0.04045 {
                part / 12.92
            } else {
                #[expect(clippy::disallowed_methods, reason = "checked to a tenth, in a test only")]
                ((part + 0.055) / 1.055).powf(2.4)
            }
        };
        0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue)
    }

    fn contrast(one: Rgb, other: Rgb) -> f64 {
        let (one, other) = (luminance(one), luminance(other));
        (one.max(other) + 0.05) / (one.min(other) + 0.05)
    }

    fn at_least(least: f64, on: Colour, colours: &[Colour]) {
        for colour in colours {
            for (paper, ink) in [(on.light, colour.light), (on.dark, colour.dark)] {
                let found = contrast(paper, ink);
                assert!(found >= least, "{} on {}: {found:.2}", colour.name, on.name);
            }
        }
    }

    #[test]
    fn the_formula_is_wcags() {
        assert!((contrast((0, 0, 0), (255, 255, 255)) - 21.0).abs() < 0.001);
        assert!((contrast(PAPER.light, ACTUAL.light) - 8.33).abs() < 0.01);
    }

    #[test]
    fn text_and_graphics_stand_out() {
        at_least(4.5, PAPER, &[INK, QUIET]);
        at_least(4.5, BAND, &[INK, QUIET]);
        let graphics = [ACTUAL, PLAN, ATTENTION, TOTAL, UNKNOWN, GREEN, PINK, PLUM];
        at_least(3.0, PAPER, &graphics);
        at_least(3.0, BAND, &[ACTUAL, PLAN]);
    }

    #[test]
    fn a_colour_tells_its_part() {
        for (at, one) in COLOURS.iter().enumerate() {
            for other in &COLOURS[at + 1..] {
                assert_ne!(one.light, other.light);
                assert_ne!(one.name, other.name);
            }
        }
    }

    #[test]
    fn the_style_sheet_knows_every_colour_on_every_medium() {
        let css = css();
        for colour in COLOURS {
            assert_eq!(css.matches(&format!("--{}:", colour.name)).count(), 4);
        }
        assert_eq!(css.matches('{').count(), css.matches('}').count());
    }
}
