//! Draws a round red seal 圆形印章 as SVG: star, organ on the arc, purpose and number beneath.
//!
//! For the demo hall and for templates under test; a real hall registers the picture of its own
//! electronic seal (GB/T 38540). The letters are cut as outlines, so the picture needs no font.

use std::fmt::Write;

use ttf_parser::{Face, OutlineBuilder};

use crate::fonts::seal_face;

/// Diameter of the seal of a county organ, in millimetres (国发〔1999〕25号).
const DIAMETER: f64 = 42.0;
/// Radius of the middle of the organ's letters.
const ARC_RADIUS: f64 = 16.1;
/// The arc that the organ's name may take, in degrees.
const ARC_DEGREES_MAX: f64 = 240.0;
/// Longest organ name in characters; letters below this size would not be read.
const NAME_CHARACTERS_MAX: usize = 30;

/// Why a seal cannot be drawn.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SealError {
    /// No name, no seal.
    #[error("印章缺少单位名称")]
    Empty,
    /// More characters than the arc holds.
    #[error("印章文字过长（{characters} 字，上限 {limit} 字）")]
    TooLong {
        /// What was given.
        characters: usize,
        /// What is allowed.
        limit: usize,
    },
    /// A character that the seal's face does not have.
    #[error("印章字库缺字：{0}")]
    MissingGlyph(char),
}

/// What stands on a seal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SealImage {
    organ: String,
    purpose: Option<String>,
    number: Option<String>,
}

impl SealImage {
    /// The seal of this organ 单位名称.
    pub fn new(organ: impl Into<String>) -> Self {
        Self {
            organ: organ.into(),
            purpose: None,
            number: None,
        }
    }

    /// Adds the purpose, such as 行政审批专用章.
    pub fn with_purpose(mut self, purpose: impl Into<String>) -> Self {
        self.purpose = Some(purpose.into());
        self
    }

    /// Adds the registered number 印章编码, on the lower arc.
    pub fn with_number(mut self, number: impl Into<String>) -> Self {
        self.number = Some(number.into());
        self
    }

    /// The picture, 42 mm across.
    ///
    /// # Errors
    /// When a text is missing, too long, or has a character without a glyph.
    pub fn to_svg(&self) -> Result<String, SealError> {
        let bytes = seal_face();
        let face = Face::parse(&bytes, 0).expect("the embedded face is whole");
        let mut letters = Letters {
            face,
            path: String::new(),
        };
        letters.organ(&letters_of(&self.organ, NAME_CHARACTERS_MAX)?)?;
        if let Some(purpose) = &self.purpose {
            letters.line(&letters_of(purpose, 12)?, 9.6, 24.0)?;
        }
        if let Some(number) = &self.number {
            letters.number(&letters_of(number, 18)?)?;
        }
        let half = DIAMETER / 2.0;
        Ok(format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{DIAMETER}mm\" \
             height=\"{DIAMETER}mm\" viewBox=\"{left} {left} {DIAMETER} {DIAMETER}\">\
             <g style=\"mix-blend-mode:multiply\">\
             <circle r=\"{radius}\" fill=\"none\" stroke=\"#d7141a\" stroke-width=\"1.2\"/>\
             <path fill=\"#d7141a\" d=\"{star}\"/>\
             <path fill=\"#d7141a\" d=\"{letters}\"/></g></svg>",
            left = -half,
            radius = half - 0.7,
            star = star(6.6, -0.6),
            letters = letters.path,
        ))
    }
}

fn letters_of(text: &str, limit: usize) -> Result<Vec<char>, SealError> {
    let letters: Vec<char> = text.chars().filter(|c| !c.is_whitespace()).collect();
    if letters.is_empty() {
        return Err(SealError::Empty);
    }
    if limit < letters.len() {
        return Err(SealError::TooLong {
            characters: letters.len(),
            limit,
        });
    }
    Ok(letters)
}

/// A five-pointed star around the middle, a little higher by `dy`.
fn star(radius: f64, dy: f64) -> String {
    let inner = radius * 0.381_966;
    let mut path = String::new();
    for point in 0..10 {
        let reach = if point % 2 == 0 { radius } else { inner };
        let angle = f64::from(point) * 36.0_f64.to_radians();
        let (x, y) = (reach * angle.sin(), dy - reach * angle.cos());
        write!(path, "{}{x:.3} {y:.3}", if point == 0 { 'M' } else { 'L' })
            .expect("writing to a string cannot fail");
    }
    path.push('z');
    path
}

struct Letters<'a> {
    face: Face<'a>,
    path: String,
}

/// Where and how one letter is cut: first scaled, then turned around the middle of the seal.
struct Cut {
    middle: (f64, f64),
    width: f64,
    height: f64,
    turn: f64,
}

impl Letters<'_> {
    /// Clockwise over the upper part of the rim, feet to the middle.
    fn organ(&mut self, letters: &[char]) -> Result<(), SealError> {
        let count = letters.len() as f64;
        let step = (ARC_DEGREES_MAX / count).min(22.5);
        let room = step.to_radians() * ARC_RADIUS;
        let (width, height) = ((room * 0.86).min(5.2), 5.6);
        for (place, letter) in letters.iter().enumerate() {
            let turn = (place as f64 - (count - 1.0) / 2.0) * step;
            let cut = Cut {
                middle: (0.0, -ARC_RADIUS),
                width,
                height,
                turn,
            };
            self.cut(*letter, &cut)?;
        }
        Ok(())
    }

    /// A straight line, as wide as there is room.
    fn line(&mut self, letters: &[char], y: f64, room: f64) -> Result<(), SealError> {
        let count = letters.len() as f64;
        let step = (room / count).min(4.4);
        for (place, letter) in letters.iter().enumerate() {
            let x = (place as f64 - (count - 1.0) / 2.0) * step;
            let cut = Cut {
                middle: (x, y),
                width: step * 0.92,
                height: 4.2,
                turn: 0.0,
            };
            self.cut(*letter, &cut)?;
        }
        Ok(())
    }

    /// Small on the lower rim, counter-clockwise, heads to the middle.
    fn number(&mut self, letters: &[char]) -> Result<(), SealError> {
        let count = letters.len() as f64;
        let step = 4.4;
        for (place, letter) in letters.iter().enumerate() {
            let turn = -(place as f64 - (count - 1.0) / 2.0) * step;
            let cut = Cut {
                middle: (0.0, 18.2),
                width: 1.9,
                height: 2.1,
                turn,
            };
            self.cut(*letter, &cut)?;
        }
        Ok(())
    }

    fn cut(&mut self, letter: char, cut: &Cut) -> Result<(), SealError> {
        let glyph = self
            .face
            .glyph_index(letter)
            .ok_or(SealError::MissingGlyph(letter))?;
        let em = f64::from(self.face.units_per_em());
        let advance = f64::from(self.face.glyph_hor_advance(glyph).unwrap_or(0));
        let (sin, cos) = cut.turn.to_radians().sin_cos();
        let mut knife = Knife {
            path: &mut self.path,
            // The square of a Han character reaches from −0.12 to 0.88 of the em.
            middle_of_glyph: (advance / 2.0, em * 0.38),
            scale: (cut.width / em, cut.height / em),
            middle: cut.middle,
            sin,
            cos,
        };
        self.face.outline_glyph(glyph, &mut knife);
        Ok(())
    }
}

struct Knife<'a> {
    path: &'a mut String,
    middle_of_glyph: (f64, f64),
    scale: (f64, f64),
    middle: (f64, f64),
    sin: f64,
    cos: f64,
}

impl Knife<'_> {
    fn to(&mut self, command: char, points: &[(f32, f32)]) {
        self.path.push(command);
        for (x, y) in points {
            let x = (f64::from(*x) - self.middle_of_glyph.0) * self.scale.0 + self.middle.0;
            let y = (self.middle_of_glyph.1 - f64::from(*y)) * self.scale.1 + self.middle.1;
            let (x, y) = (x * self.cos - y * self.sin, x * self.sin + y * self.cos);
            write!(self.path, "{x:.3} {y:.3} ").expect("writing to a string cannot fail");
        }
    }
}

impl OutlineBuilder for Knife<'_> {
    fn move_to(&mut self, x: f32, y: f32) {
        self.to('M', &[(x, y)]);
    }

    fn line_to(&mut self, x: f32, y: f32) {
        self.to('L', &[(x, y)]);
    }

    fn quad_to(&mut self, x1: f32, y1: f32, x: f32, y: f32) {
        self.to('Q', &[(x1, y1), (x, y)]);
    }

    fn curve_to(&mut self, x1: f32, y1: f32, x2: f32, y2: f32, x: f32, y: f32) {
        self.to('C', &[(x1, y1), (x2, y2), (x, y)]);
    }

    fn close(&mut self) {
        self.path.push('z');
    }
}
