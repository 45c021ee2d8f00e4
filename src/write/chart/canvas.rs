//! What the charts draw with: boxes, lines, marks and text in the theme's colours, by way of
//! plotters.

use crate::domain::error::Error;
use crate::write::chart::measure;
use crate::write::chart::svg::A11ySvg;
use crate::write::theme::{CHART_WIDTH, Colour, INK, LABEL_SIZE, PAPER, QUIET, TICK_SIZE};
use plotters::coord::Shift;
use plotters::drawing::DrawingArea;
use plotters::element::{
    Circle, Cross, Drawable, PathElement, PointCollection, Polygon, Rectangle,
};
use plotters::element::{Text, TriangleMarker};
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{Color, FontDesc, FontFamily, FontStyle, RGBColor, ShapeStyle, TextStyle};
use std::cell::RefCell;
use std::rc::Rc;

/// A place in the drawing: right and down from its upper left corner.
pub(super) type Point = (i32, i32);

/// Drawing fails only if plotters does.
pub(super) type DrawResult = Result<(), Error>;

/// A drawing in progress.
pub(super) struct Canvas {
    file: String,
    svg: Rc<RefCell<A11ySvg>>,
    area: DrawingArea<A11ySvg, Shift>,
}

/// A box.
#[derive(Debug, Clone, Copy)]
pub(super) struct Frame {
    pub(super) left: i32,
    pub(super) top: i32,
    pub(super) right: i32,
    pub(super) bottom: i32,
}

/// Which side of its place a text stands on.
#[derive(Debug, Clone, Copy)]
pub(super) enum Side {
    /// Right of it: the place is the text's left end.
    Right,
    /// Left of it.
    Left,
    /// Over it, centred.
    Middle,
}

/// How a text looks.
#[derive(Debug, Clone, Copy)]
pub(super) struct LabelStyle {
    pub(super) colour: Colour,
    pub(super) size: i32,
    pub(super) bold: bool,
}

/// What a row or a line is.
pub(super) const LABEL: LabelStyle = LabelStyle { colour: INK, size: LABEL_SIZE, bold: false };
/// A number that is read off.
pub(super) const NUMBER: LabelStyle = LabelStyle { colour: INK, size: LABEL_SIZE, bold: true };
/// Ticks, units, targets.
pub(super) const TICK: LabelStyle = LabelStyle { colour: QUIET, size: TICK_SIZE, bold: false };

/// The shape of a mark, a second channel beside colour.
#[derive(Debug, Clone, Copy)]
pub(super) enum MarkShape {
    Disc,
    Square,
    Triangle,
    Diamond,
    Ring,
    Cross,
    OpenSquare,
}

impl LabelStyle {
    /// Width of a text that looks so; bold is wider.
    pub(super) fn width(self, text: &str) -> i32 {
        let width = measure::width(text, self.size);
        if self.bold { width + width / 16 } else { width }
    }

    /// Distance between two lines of text.
    pub(super) fn leading(self) -> i32 {
        self.size + 4
    }

    fn style(self, side: Side) -> TextStyle<'static> {
        let weight = if self.bold { FontStyle::Bold } else { FontStyle::Normal };
        let across = match side {
            Side::Right => HPos::Left,
            Side::Left => HPos::Right,
            Side::Middle => HPos::Center,
        };
        let font = FontDesc::new(FontFamily::SansSerif, f64::from(self.size), weight);
        TextStyle {
            font,
            color: rgb(self.colour).to_backend_color(),
            pos: Pos::new(across, VPos::Center),
        }
    }
}

impl Canvas {
    /// An empty drawing of the chart's width; `id` is the figure's.
    pub(super) fn new(id: &str, height: i32) -> Canvas {
        let svg = Rc::new(RefCell::new(A11ySvg::new(id, CHART_WIDTH, height)));
        Canvas { file: format!("{id}.svg"), area: DrawingArea::from(&svg), svg }
    }

    /// The finished document.
    pub(super) fn document(&self, title: &str, description: &str) -> String {
        self.svg.borrow().document(title, description)
    }

    /// Draws into a group with a class; a `dash` pattern makes its lines dashed.
    pub(super) fn group(
        &self,
        class: &str,
        dash: &str,
        draw: impl FnOnce() -> DrawResult,
    ) -> DrawResult {
        self.svg.borrow_mut().open(class, dash);
        draw()?;
        self.svg.borrow_mut().close();
        Ok(())
    }

    /// Draws a filled box, at least two units wide so that the smallest amount is seen.
    pub(super) fn bar(&self, frame: Frame, colour: Colour) -> DrawResult {
        let right = frame.right.max(frame.left + 2);
        let corners = [(frame.left, frame.top), (right, frame.bottom)];
        self.draw(&Rectangle::new(corners, rgb(colour).filled()))
    }

    /// Draws the edge of a box.
    pub(super) fn edge(&self, frame: Frame, colour: Colour, thick: u32) -> DrawResult {
        let corners = [(frame.left, frame.top), (frame.right, frame.bottom)];
        self.draw(&Rectangle::new(corners, pen(colour, thick)))
    }

    /// Draws a line through points.
    pub(super) fn line(&self, points: Vec<Point>, colour: Colour, thick: u32) -> DrawResult {
        self.draw(&PathElement::new(points, pen(colour, thick)))
    }

    /// Draws a mark.
    pub(super) fn mark(
        &self,
        mark: MarkShape,
        (x, y): Point,
        radius: i32,
        colour: Colour,
    ) -> DrawResult {
        let solid: ShapeStyle = rgb(colour).filled();
        let open = pen(colour, 2);
        let square = [(x - radius, y - radius), (x + radius, y + radius)];
        match mark {
            MarkShape::Disc => self.draw(&Circle::new((x, y), radius, solid)),
            MarkShape::Square => self.draw(&Rectangle::new(square, solid)),
            MarkShape::Triangle => self.draw(&TriangleMarker::new((x, y), radius + 2, solid)),
            MarkShape::Diamond => {
                let far = radius + 2;
                let corners = vec![(x, y - far), (x + far, y), (x, y + far), (x - far, y)];
                self.draw(&Polygon::new(corners, solid))
            }
            MarkShape::Ring => {
                self.draw(&Circle::new((x, y), radius, rgb(PAPER).filled()))?;
                self.draw(&Circle::new((x, y), radius, open))
            }
            MarkShape::Cross => self.draw(&Cross::new((x, y), radius, open)),
            MarkShape::OpenSquare => {
                self.draw(&Rectangle::new(square, rgb(PAPER).filled()))?;
                self.draw(&Rectangle::new(square, open))
            }
        }
    }

    /// Writes one line of text; `at` is half its height.
    pub(super) fn text(&self, text: &str, at: Point, side: Side, look: LabelStyle) -> DrawResult {
        self.draw(&Text::new(text.to_owned(), at, look.style(side)))
    }

    /// Writes one line of text on paper of its own, clear of what lies behind.
    pub(super) fn text_on_paper(
        &self,
        text: &str,
        (x, y): Point,
        side: Side,
        look: LabelStyle,
    ) -> DrawResult {
        let width = look.width(text);
        let left = match side {
            Side::Right => x,
            Side::Left => x - width,
            Side::Middle => x - width / 2,
        };
        let paper = Frame {
            left: left - 3,
            top: y - look.size / 2 - 1,
            right: left + width + 3,
            bottom: y + look.size / 2 + 1,
        };
        self.bar(paper, PAPER)?;
        self.text(text, (x, y), side, look)
    }

    /// Writes lines of text; `at` is half the height of them all.
    pub(super) fn lines(
        &self,
        lines: &[String],
        (x, y): Point,
        side: Side,
        look: LabelStyle,
    ) -> DrawResult {
        let count = i32::try_from(lines.len()).unwrap_or(0);
        let mut middle = y - (count - 1) * look.leading() / 2;
        for line in lines {
            self.text(line, (x, middle), side, look)?;
            middle += look.leading();
        }
        Ok(())
    }

    fn draw<'a, E>(&self, element: &'a E) -> DrawResult
    where
        &'a E: PointCollection<'a, Point>,
        E: Drawable<A11ySvg>,
    {
        self.area
            .draw(element)
            .map_err(|error| Error::Encode { what: self.file.clone(), detail: error.to_string() })
    }
}

fn rgb(colour: Colour) -> RGBColor {
    let (red, green, blue) = colour.light;
    RGBColor(red, green, blue)
}

fn pen(colour: Colour, thick: u32) -> ShapeStyle {
    ShapeStyle::from(&rgb(colour)).stroke_width(thick)
}
