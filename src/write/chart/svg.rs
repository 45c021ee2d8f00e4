//! plotters' pen on accessible SVG: title, description, groups and colour classes, and no font
//! look-up.

use crate::domain::neutral::shown;
use crate::write::chart::measure;
use crate::write::theme::{COLOURS, Colour, FONT_STACK, INK, UNKNOWN, hex};
use maud::Render as _;
use plotters_backend::text_anchor::{HPos, VPos};
use plotters_backend::{
    BackendColor, BackendCoord, BackendStyle, BackendTextStyle, DrawingBackend, DrawingErrorKind,
    FontStyle, FontTransform,
};
use std::convert::Infallible;
use std::fmt::Write;

/// An SVG being drawn. Writing into it never fails.
///
/// plotters' own SVG backend has no title, description, groups or classes, a fixed size, and counts
/// the bytes of a text instead of its letters; this one exists to mend those.
pub(super) struct A11ySvg {
    id: String,
    width: u32,
    height: u32,
    body: String,
    hatched: bool,
}

type SvgResult = Result<(), DrawingErrorKind<Infallible>>;

impl A11ySvg {
    /// An empty drawing; `id` prefixes every id inside it.
    pub(super) fn new(id: &str, width: i32, height: i32) -> A11ySvg {
        A11ySvg {
            id: id.to_owned(),
            width: u32::try_from(width).unwrap_or(0),
            height: u32::try_from(height).unwrap_or(0),
            body: String::new(),
            hatched: false,
        }
    }

    /// Opens a group; what is drawn until `close` is in it. `dash` makes its lines dashed.
    pub(super) fn open(&mut self, class: &str, dash: &str) {
        let _ = write!(self.body, "<g class=\"{}\"", escape(class));
        if !dash.is_empty() {
            let _ = write!(self.body, " stroke-dasharray=\"{}\"", escape(dash));
        }
        self.body.push_str(">\n");
    }

    /// Closes the last group.
    pub(super) fn close(&mut self) {
        self.body.push_str("</g>\n");
    }

    /// The whole document: stands alone as a file, and inline in a page.
    pub(super) fn document(&self, title: &str, description: &str) -> String {
        let id = escape(&self.id);
        let defs = if self.hatched {
            format!(
                "<defs><pattern id=\"{id}-hatch\" width=\"8\" height=\"8\" \
                 patternUnits=\"userSpaceOnUse\" patternTransform=\"rotate(45)\">\
                 <path d=\"M0 0V8\" stroke-width=\"3\"{}/></pattern></defs>\n",
                stroke(&UNKNOWN)
            )
        } else {
            String::new()
        };
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"gv\" role=\"img\" \
             aria-labelledby=\"{id}-t {id}-d\" viewBox=\"0 0 {} {}\" font-family=\"{}\">\n\
             <title id=\"{id}-t\">{}</title>\n<desc id=\"{id}-d\">{}</desc>\n{defs}{}</svg>\n",
            self.width,
            self.height,
            escape(FONT_STACK),
            escape(title),
            escape(description),
            self.body
        )
    }

    fn fill(&mut self, color: BackendColor) -> String {
        let role = part(color);
        if role == UNKNOWN {
            self.hatched = true;
            return format!(" fill=\"url(#{}-hatch)\"", escape(&self.id));
        }
        fill(&role)
    }

    fn outline(style: &impl BackendStyle) -> String {
        let colour = part(style.color());
        format!(
            " fill=\"none\"{} stroke-width=\"{}\" stroke-linejoin=\"round\"",
            stroke(&colour),
            style.stroke_width()
        )
    }
}

impl DrawingBackend for A11ySvg {
    type ErrorType = Infallible;

    fn get_size(&self) -> (u32, u32) {
        (self.width, self.height)
    }

    fn ensure_prepared(&mut self) -> SvgResult {
        Ok(())
    }

    fn present(&mut self) -> SvgResult {
        Ok(())
    }

    fn draw_pixel(&mut self, (x, y): BackendCoord, color: BackendColor) -> SvgResult {
        let fill = self.fill(color);
        let _ = writeln!(self.body, "<rect x=\"{x}\" y=\"{y}\" width=\"1\" height=\"1\"{fill}/>");
        Ok(())
    }

    fn draw_line<S: BackendStyle>(
        &mut self,
        (x1, y1): BackendCoord,
        (x2, y2): BackendCoord,
        style: &S,
    ) -> SvgResult {
        let outline = A11ySvg::outline(style);
        let _ =
            writeln!(self.body, "<line x1=\"{x1}\" y1=\"{y1}\" x2=\"{x2}\" y2=\"{y2}\"{outline}/>");
        Ok(())
    }

    fn draw_rect<S: BackendStyle>(
        &mut self,
        (x1, y1): BackendCoord,
        (x2, y2): BackendCoord,
        style: &S,
        filled: bool,
    ) -> SvgResult {
        let paint = if filled { self.fill(style.color()) } else { A11ySvg::outline(style) };
        let (x, y) = (x1.min(x2), y1.min(y2));
        let (width, height) = (x1.abs_diff(x2), y1.abs_diff(y2));
        let _ = writeln!(
            self.body,
            "<rect x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\"{paint}/>"
        );
        Ok(())
    }

    fn draw_path<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(
        &mut self,
        path: I,
        style: &S,
    ) -> SvgResult {
        let outline = A11ySvg::outline(style);
        let points = points(path);
        let _ = writeln!(self.body, "<polyline points=\"{points}\"{outline}/>");
        Ok(())
    }

    fn draw_circle<S: BackendStyle>(
        &mut self,
        (cx, cy): BackendCoord,
        radius: u32,
        style: &S,
        filled: bool,
    ) -> SvgResult {
        let paint = if filled { self.fill(style.color()) } else { A11ySvg::outline(style) };
        let _ = writeln!(self.body, "<circle cx=\"{cx}\" cy=\"{cy}\" r=\"{radius}\"{paint}/>");
        Ok(())
    }

    fn fill_polygon<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(
        &mut self,
        corners: I,
        style: &S,
    ) -> SvgResult {
        let fill = self.fill(style.color());
        let points = points(corners);
        let _ = writeln!(self.body, "<polygon points=\"{points}\"{fill}/>");
        Ok(())
    }

    fn draw_text<S: BackendTextStyle>(
        &mut self,
        text: &str,
        style: &S,
        (x, y): BackendCoord,
    ) -> SvgResult {
        let size = whole(style.size());
        // Renderers disagree on `dominant-baseline`; a shift by the height of the letters is the
        // same in all.
        let baseline = match style.anchor().v_pos {
            VPos::Top => size * 75 / 100,
            VPos::Center => size * 36 / 100,
            VPos::Bottom => -(size * 22 / 100),
        };
        let anchor = match style.anchor().h_pos {
            HPos::Left => "",
            HPos::Center => " text-anchor=\"middle\"",
            HPos::Right => " text-anchor=\"end\"",
        };
        let weight = match style.style() {
            FontStyle::Bold => " font-weight=\"600\"",
            FontStyle::Normal | FontStyle::Oblique | FontStyle::Italic => "",
        };
        let turn = match style.transform() {
            FontTransform::None => String::new(),
            FontTransform::Rotate90 => format!(" transform=\"rotate(90 {x} {y})\""),
            FontTransform::Rotate180 => format!(" transform=\"rotate(180 {x} {y})\""),
            FontTransform::Rotate270 => format!(" transform=\"rotate(270 {x} {y})\""),
        };
        let fill = fill(&part(style.color()));
        let _ = writeln!(
            self.body,
            "<text x=\"{x}\" y=\"{}\" font-size=\"{size}\"{weight}{anchor}{fill}{turn}>{}</text>",
            y + baseline,
            escape(text)
        );
        Ok(())
    }

    fn estimate_text_size<S: BackendTextStyle>(
        &self,
        text: &str,
        style: &S,
    ) -> Result<(u32, u32), DrawingErrorKind<Infallible>> {
        let size = whole(style.size());
        let width = u32::try_from(measure::width(text, size)).unwrap_or(0);
        Ok((width, u32::try_from(size).unwrap_or(0)))
    }
}

/// Text made safe between tags and in double quotes, as in a page; hidden characters become U+FFFD.
pub(super) fn escape(text: &str) -> String {
    shown(&text.replace(['\t', '\n'], " ")).render().into_string()
}

/// The part a colour plays; ink for a colour that is none of the theme's.
fn part(color: BackendColor) -> Colour {
    COLOURS.into_iter().find(|colour| colour.light == color.rgb).unwrap_or(INK)
}

/// A class for the page's style sheet, and the same colour for where there is none.
fn fill(colour: &Colour) -> String {
    format!(" class=\"f-{}\" fill=\"{}\"", colour.name, fallback(colour))
}

fn stroke(colour: &Colour) -> String {
    format!(" class=\"s-{}\" stroke=\"{}\"", colour.name, fallback(colour))
}

fn fallback(colour: &Colour) -> String {
    if *colour == INK { "currentColor".to_owned() } else { hex(colour.light) }
}

fn points(path: impl IntoIterator<Item = BackendCoord>) -> String {
    let points: Vec<String> = path.into_iter().map(|(x, y)| format!("{x},{y}")).collect();
    points.join(" ")
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "font sizes are the theme's small whole numbers, carried by plotters as f64"
)]
fn whole(size: f64) -> i32 {
    size as i32
}

#[cfg(test)]
mod tests {
    use super::{A11ySvg, escape};
    use plotters::style::{FontDesc, FontFamily, FontStyle, TextStyle};
    use plotters_backend::DrawingBackend;

    #[test]
    fn text_is_measured_in_letters_not_bytes() {
        let svg = A11ySvg::new("x", 100, 100);
        let font = FontDesc::new(FontFamily::SansSerif, 20.0, FontStyle::Normal);
        let style = TextStyle::from(font);
        let size = |text| svg.estimate_text_size(text, &style).expect("it never fails");
        assert_eq!(size("Æ"), (20, 20));
        assert_eq!(size("å"), size("a"));
    }

    #[test]
    fn text_cannot_leave_its_place() {
        assert_eq!(escape("<b a=\"&\">"), "&lt;b a=&quot;&amp;&quot;&gt;");
        assert_eq!(escape("a\u{1b}b\nc\u{202e}"), "a\u{fffd}b c\u{fffd}");
    }
}
