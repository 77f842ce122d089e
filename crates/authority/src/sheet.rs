//! A page of this room as data: headings, facts, tables and forms, one below the other. All pages
//! of the room are such sheets, so that each is written once, in one template for the desk and
//! one for everybody.
//!
//! Deliberately absent: any rule, any lookup; what stands on a sheet arrives ready.

use askama::Template;
use axum::response::Response;
use web::parts::{Choice, Fact, Link};
use web::{Fields, Problems, Reply, Shell, page};

/// The field in which a form names itself, so that what is wrong is shown at the right one.
pub(crate) const FORM_FIELD: &str = "form";

/// A page.
#[derive(Debug, Clone, Default)]
pub(crate) struct Sheet {
    pub(crate) title: String,
    pub(crate) tag: String,
    pub(crate) tone: &'static str,
    pub(crate) tabs: Vec<Link>,
    pub(crate) parts: Vec<Part>,
}

/// A part of a page.
#[derive(Debug, Clone)]
pub(crate) enum Part {
    /// A heading.
    Heading(String),
    /// A paragraph.
    Words(String),
    /// Something to know, set apart.
    Note(String),
    /// Labels and texts.
    Facts(Vec<Fact>),
    /// A table.
    Grid(Grid),
    /// A form.
    Form(Box<FormView>),
    /// Nothing there yet.
    Empty(String, String),
    /// Links, one a line.
    Links(Vec<Link>),
}

/// A table.
#[derive(Debug, Clone, Default)]
pub(crate) struct Grid {
    pub(crate) caption: String,
    pub(crate) head: Vec<String>,
    pub(crate) rows: Vec<Vec<Cell>>,
}

/// A cell of a table.
#[derive(Debug, Clone, Default)]
pub(crate) struct Cell {
    pub(crate) text: String,
    pub(crate) href: String,
    pub(crate) tone: Option<&'static str>,
    pub(crate) form: Option<FormView>,
}

impl Cell {
    pub(crate) fn plain(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            ..Self::default()
        }
    }

    pub(crate) fn link(text: impl Into<String>, href: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            href: href.into(),
            ..Self::default()
        }
    }

    pub(crate) fn tag(text: impl Into<String>, tone: &'static str) -> Self {
        Self {
            text: text.into(),
            tone: Some(tone),
            ..Self::default()
        }
    }

    pub(crate) fn button(form: FormView) -> Self {
        Self {
            form: Some(form),
            ..Self::default()
        }
    }
}

/// A form.
#[derive(Debug, Clone, Default)]
pub(crate) struct FormView {
    /// Names it on its page, and begins the ids of its fields.
    pub(crate) key: String,
    pub(crate) action: String,
    pub(crate) title: String,
    /// Whether it is folded away until it is wanted.
    pub(crate) folded: bool,
    pub(crate) revision: i64,
    pub(crate) inputs: Vec<Input>,
    pub(crate) submit: String,
    pub(crate) look: &'static str,
    pub(crate) confirm: String,
}

impl FormView {
    pub(crate) fn new(key: &str, action: impl Into<String>, submit: &str) -> Self {
        Self {
            key: key.to_owned(),
            action: action.into(),
            submit: submit.to_owned(),
            ..Self::default()
        }
    }

    pub(crate) fn titled(mut self, title: &str, folded: bool) -> Self {
        self.title = title.to_owned();
        self.folded = folded;
        self
    }

    pub(crate) fn seen(mut self, revision: i64) -> Self {
        self.revision = revision;
        self
    }

    pub(crate) fn with(mut self, input: Input) -> Self {
        self.inputs.push(input);
        self
    }

    pub(crate) fn quiet(mut self) -> Self {
        self.look = "second";
        self
    }

    pub(crate) fn sure(mut self, question: &str) -> Self {
        self.confirm = question.to_owned();
        self
    }
}

/// What kind of field it is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Kind {
    #[default]
    Line,
    Date,
    Area,
    Select,
    Radios,
    Ticks,
    Tick,
    Hidden,
}

/// A field of a form.
#[derive(Debug, Clone, Default)]
pub(crate) struct Input {
    pub(crate) kind: Kind,
    pub(crate) name: String,
    pub(crate) id: String,
    pub(crate) label: String,
    pub(crate) hint: String,
    pub(crate) value: String,
    pub(crate) choices: Vec<Choice>,
    pub(crate) required: bool,
    pub(crate) numeric: bool,
    pub(crate) error: String,
}

impl Input {
    pub(crate) fn new(kind: Kind, name: &str, label: &str) -> Self {
        Self {
            kind,
            name: name.to_owned(),
            label: label.to_owned(),
            required: kind != Kind::Tick && kind != Kind::Ticks,
            ..Self::default()
        }
    }

    pub(crate) fn line(name: &str, label: &str) -> Self {
        Self::new(Kind::Line, name, label)
    }

    pub(crate) fn date(name: &str, label: &str) -> Self {
        Self::new(Kind::Date, name, label)
    }

    pub(crate) fn area(name: &str, label: &str) -> Self {
        Self::new(Kind::Area, name, label)
    }

    pub(crate) fn tick(name: &str, label: &str) -> Self {
        Self::new(Kind::Tick, name, label)
    }

    pub(crate) fn hidden(name: &str, value: impl Into<String>) -> Self {
        Self {
            value: value.into(),
            ..Self::new(Kind::Hidden, name, "")
        }
    }

    pub(crate) fn of(mut self, choices: Vec<Choice>) -> Self {
        self.choices = choices;
        self
    }

    pub(crate) fn hinted(mut self, hint: &str) -> Self {
        self.hint = hint.to_owned();
        self
    }

    pub(crate) fn holding(mut self, value: impl Into<String>) -> Self {
        self.value = value.into();
        self
    }

    pub(crate) fn optional(mut self) -> Self {
        self.required = false;
        self
    }

    pub(crate) fn number(mut self) -> Self {
        self.numeric = true;
        self
    }
}

#[derive(Template)]
#[template(path = "authority/inside.html")]
struct DeskSheet<'s> {
    shell: Shell,
    sheet: &'s Sheet,
    problems: Problems,
}

#[derive(Template)]
#[template(path = "authority/public.html")]
struct PublicSheet<'s> {
    shell: Shell,
    sheet: &'s Sheet,
}

impl Sheet {
    pub(crate) fn new(title: impl Into<String>) -> Self {
        Self {
            title: title.into(),
            ..Self::default()
        }
    }

    pub(crate) fn push(&mut self, part: Part) {
        self.parts.push(part);
    }

    pub(crate) fn form(&mut self, form: FormView) {
        self.parts.push(Part::Form(Box::new(form)));
    }

    /// As a page of the desk.
    ///
    /// # Errors
    /// 500 when the template cannot be rendered.
    pub(crate) fn show(mut self, shell: Shell) -> Reply<Response> {
        self.name_fields();
        let problems = Problems::none();
        page(&DeskSheet {
            shell,
            sheet: &self,
            problems,
        })
    }

    /// As a page for everybody.
    ///
    /// # Errors
    /// 500 when the template cannot be rendered.
    pub(crate) fn publish(mut self, shell: Shell) -> Reply<Response> {
        self.name_fields();
        page(&PublicSheet {
            shell,
            sheet: &self,
        })
    }

    /// The page once more, with one form as it was typed and what is wrong with it.
    ///
    /// # Errors
    /// 500 when the template cannot be rendered.
    pub(crate) fn again(
        mut self,
        shell: Shell,
        typed: &Fields,
        again: &web::Again,
    ) -> Reply<Response> {
        let key = typed.get(FORM_FIELD);
        let problems = again.problems.clone();
        self.each_form(|form| {
            if form.key == key {
                form.folded = false;
                form.inputs
                    .iter_mut()
                    .for_each(|input| input.take(typed, &problems));
            }
        });
        self.name_fields();
        // The summary leads to fields by their ids, which begin with the key of the form.
        let mut ids: Vec<String> = Vec::new();
        self.each_form(|form| ids.extend(form.inputs.iter().map(|input| input.id.clone())));
        let placed = problems.iter().map(|problem| {
            let id = id_of(key, &problem.field);
            web::parts::Problem {
                field: if ids.contains(&id) {
                    id
                } else {
                    "main".to_owned()
                },
                ..problem.clone()
            }
        });
        let shown = DeskSheet {
            shell,
            sheet: &self,
            problems: Problems::all(placed.collect()),
        };
        web::Again::show(again.status(), &shown)
    }

    fn each_form(&mut self, mut change: impl FnMut(&mut FormView)) {
        for part in &mut self.parts {
            match part {
                Part::Form(form) => change(form),
                Part::Grid(grid) => {
                    let cells = grid.rows.iter_mut().flatten();
                    cells
                        .filter_map(|cell| cell.form.as_mut())
                        .for_each(&mut change);
                }
                _ => {}
            }
        }
    }

    fn name_fields(&mut self) {
        self.each_form(|form| {
            for input in &mut form.inputs {
                input.id = id_of(&form.key, &input.name);
            }
        });
    }
}

fn id_of(key: &str, name: &str) -> String {
    format!("{key}-{name}")
}

impl Input {
    fn take(&mut self, typed: &Fields, problems: &Problems) {
        problems.of(&self.name).clone_into(&mut self.error);
        match self.kind {
            Kind::Hidden => {}
            Kind::Line | Kind::Date | Kind::Area => {
                typed.get(&self.name).clone_into(&mut self.value);
            }
            Kind::Tick => self.value = if typed.has(&self.name) { "on" } else { "" }.to_owned(),
            Kind::Select | Kind::Radios | Kind::Ticks => {
                let name = self.name.clone();
                let chosen: Vec<&str> = typed.all(&name).collect();
                for choice in &mut self.choices {
                    choice.chosen = chosen.contains(&choice.value.as_str());
                }
            }
        }
    }
}
