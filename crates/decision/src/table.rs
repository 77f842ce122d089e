//! A decision table as sets: each cell is the set of those pieces of its column that it takes.
//!
//! The values that stand in a column cut it into pieces in which nothing changes: below the first
//! number, the number itself, between two … One value stands for each piece, so gaps and overlaps
//! are found by trying finitely many inputs, and each comes with an example.

use std::collections::BTreeMap;

use roxmltree::Node;

use crate::cell::{Sample, Test, parse, samples, takes};

/// How many combinations a search for gaps may look at.
const WORK_MAX: usize = 200_000;

/// One input of an example: the column and a value in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Point {
    pub(crate) column: String,
    pub(crate) value: String,
}

struct Column {
    name: String,
    samples: Vec<Sample>,
    /// Which pieces may come at all, by the values that the input allows.
    allowed: Vec<bool>,
}

struct Row {
    /// By column: which pieces the cell takes; none when that cannot be said.
    cells: Vec<Option<Vec<bool>>>,
    answers: Vec<String>,
}

/// A decision table, ready to be asked for gaps and overlaps. Rules are counted from one.
pub(crate) struct Table {
    pub(crate) policy: String,
    pub(crate) has_default: bool,
    /// Whether the answers are listed in order of priority.
    pub(crate) ranked: bool,
    columns: Vec<Column>,
    rows: Vec<Row>,
}

fn children<'a>(
    node: Node<'a, 'a>,
    name: &'static str,
) -> impl Iterator<Item = Node<'a, 'a>> + Clone {
    node.children()
        .filter(move |child| child.tag_name().name() == name)
}

/// The text inside the first element of this name.
fn text_of<'a>(node: Node<'a, 'a>, name: &'static str) -> Option<&'a str> {
    let inner = children(node, name).next()?;
    let text = children(inner, "text").next()?.text().unwrap_or_default();
    Some(text.trim())
}

fn texts<'a>(rule: Node<'a, 'a>, name: &'static str) -> Vec<String> {
    let texts = children(rule, name).map(|entry| {
        let text = children(entry, "text").next();
        text.and_then(|text| text.text())
            .unwrap_or_default()
            .trim()
            .to_owned()
    });
    texts.collect()
}

impl Table {
    /// Reads a table; the number of the first rule that has not as many cells as there are columns.
    pub(crate) fn of<'a>(node: Node<'a, 'a>) -> Result<Self, usize> {
        let inputs: Vec<Node<'_, '_>> = children(node, "input").collect();
        let outputs: Vec<Node<'_, '_>> = children(node, "output").collect();
        let mut written = Vec::new();
        for (at, rule) in children(node, "rule").enumerate() {
            let cells = texts(rule, "inputEntry");
            let answers = texts(rule, "outputEntry");
            if cells.len() != inputs.len() || answers.len() != outputs.len() {
                return Err(at + 1);
            }
            written.push((cells, answers));
        }
        let mut rows: Vec<Row> = written
            .iter()
            .map(|(_, answers)| Row {
                cells: Vec::new(),
                answers: answers.clone(),
            })
            .collect();
        let mut columns = Vec::with_capacity(inputs.len());
        for (at, input) in inputs.iter().enumerate() {
            let cells: Vec<Test> = written.iter().map(|(cells, _)| parse(&cells[at])).collect();
            columns.push(column(*input, &cells, &mut rows));
        }
        Ok(Self {
            policy: node.attribute("hitPolicy").unwrap_or("UNIQUE").to_owned(),
            has_default: outputs
                .iter()
                .any(|out| text_of(*out, "defaultOutputEntry").is_some()),
            ranked: outputs
                .iter()
                .any(|out| text_of(*out, "outputValues").is_some()),
            columns,
            rows,
        })
    }

    /// Rules with a cell that takes nothing that may come.
    pub(crate) fn never(&self) -> Vec<usize> {
        let empty = |row: &Row| {
            row.cells.iter().zip(&self.columns).any(|(cell, column)| {
                cell.as_ref()
                    .is_some_and(|cell| both(cell, &column.allowed).is_none())
            })
        };
        self.numbered(empty)
    }

    /// Cells that are expressions: the rule and the column.
    pub(crate) fn unknown(&self) -> Vec<(usize, String)> {
        let mut unknown = Vec::new();
        for (at, row) in self.rows.iter().enumerate() {
            let cells = row.cells.iter().zip(&self.columns);
            let open = cells.filter(|(cell, _)| cell.is_none());
            unknown.extend(open.map(|(_, column)| (at + 1, column.name.clone())));
        }
        unknown
    }

    /// Pairs of rules that take the same input, with one such input.
    pub(crate) fn overlaps(&self) -> Vec<(usize, usize, Vec<Point>)> {
        let mut overlaps = Vec::new();
        for one in 0..self.rows.len() {
            for two in one + 1..self.rows.len() {
                if let Some(example) = self.common(one, two) {
                    overlaps.push((one + 1, two + 1, example));
                }
            }
        }
        overlaps
    }

    fn common(&self, one: usize, two: usize) -> Option<Vec<Point>> {
        let cells = self.rows[one].cells.iter().zip(&self.rows[two].cells);
        let example = cells.zip(&self.columns).map(|((one, two), column)| {
            let (one, two) = (one.as_ref()?, two.as_ref()?);
            let three = one.iter().zip(two).zip(&column.allowed);
            let at = three
                .into_iter()
                .position(|((one, two), may)| *one && *two && *may)?;
            Some(column.point(at))
        });
        example.collect()
    }

    /// Whether two rules, counted from one, answer differently, as far as their texts say.
    pub(crate) fn answers_differ(&self, one: usize, two: usize) -> bool {
        self.rows[one - 1].answers != self.rows[two - 1].answers
    }

    /// Rules all of whose inputs the rules before them take.
    pub(crate) fn masked(&self) -> Vec<usize> {
        let mut masked = Vec::new();
        for at in 1..self.rows.len() {
            let within: Option<Vec<Vec<bool>>> = self.rows[at]
                .cells
                .iter()
                .zip(&self.columns)
                .map(|(cell, column)| both(cell.as_ref()?, &column.allowed))
                .collect();
            // What is not known may not be said to be masked, and masks nothing.
            let Some(within) = within else {
                continue;
            };
            let before: Vec<usize> = (0..at).filter(|row| self.is_known(*row)).collect();
            let mut search = Search::new(self, 1);
            search.look(&before, &within, &mut Vec::new());
            if search.found.is_empty() && search.work > 0 {
                masked.push(at + 1);
            }
        }
        masked
    }

    /// Inputs that no rule takes, and whether the search came to its end.
    pub(crate) fn gaps(&self, most: usize) -> (Vec<Vec<Point>>, bool) {
        let within: Vec<Vec<bool>> = self
            .columns
            .iter()
            .map(|column| column.allowed.clone())
            .collect();
        let all: Vec<usize> = (0..self.rows.len()).collect();
        let mut search = Search::new(self, most);
        search.look(&all, &within, &mut Vec::new());
        let complete = search.work > 0;
        let gaps = search.found.iter().map(|found| {
            let points = found.iter().zip(&self.columns);
            points.map(|(at, column)| column.point(*at)).collect()
        });
        (gaps.collect(), complete)
    }

    fn is_known(&self, row: usize) -> bool {
        self.rows[row].cells.iter().all(Option::is_some)
    }

    fn numbered(&self, wanted: impl Fn(&Row) -> bool) -> Vec<usize> {
        let rows = self.rows.iter().enumerate().filter(|(_, row)| wanted(row));
        rows.map(|(at, _)| at + 1).collect()
    }
}

/// The values that a type of the model allows.
fn allowed_values<'a>(input: Node<'a, 'a>, kind: &str) -> Option<&'a str> {
    let types = input.document().root_element().children();
    let mut types = types.filter(|node| node.tag_name().name() == "itemDefinition");
    text_of(
        types.find(|node| node.attribute("name") == Some(kind))?,
        "allowedValues",
    )
}

/// Cuts a column into pieces and adds its cells to the rows.
fn column<'a>(input: Node<'a, 'a>, cells: &[Test], rows: &mut [Row]) -> Column {
    let name = text_of(input, "inputExpression").unwrap_or_default();
    let kind = children(input, "inputExpression").next();
    let kind = kind
        .and_then(|kind| kind.attribute("typeRef"))
        .unwrap_or_default();
    let values = text_of(input, "inputValues").or_else(|| allowed_values(input, kind));
    let values = values.map(parse);
    let samples = samples(kind, cells.iter().chain(values.as_ref()));
    let set = |tests: &Test| -> Option<Vec<bool>> {
        samples.iter().map(|sample| takes(tests, sample)).collect()
    };
    for (row, cell) in rows.iter_mut().zip(cells) {
        row.cells.push(set(cell));
    }
    let allowed = values.as_ref().and_then(&set);
    let allowed = allowed.unwrap_or_else(|| vec![true; samples.len()]);
    Column {
        name: name.to_owned(),
        samples,
        allowed,
    }
}

impl Column {
    fn point(&self, at: usize) -> Point {
        Point {
            column: self.name.clone(),
            value: self.samples[at].to_string(),
        }
    }
}

/// What is in both sets; none when nothing is.
fn both(one: &[bool], two: &[bool]) -> Option<Vec<bool>> {
    let both: Vec<bool> = one.iter().zip(two).map(|(one, two)| *one && *two).collect();
    both.contains(&true).then_some(both)
}

/// Looks for inputs that none of some rules takes, column by column: pieces that the same rules
/// take are one.
struct Search<'a> {
    table: &'a Table,
    most: usize,
    work: usize,
    found: Vec<Vec<usize>>,
}

impl<'a> Search<'a> {
    fn new(table: &'a Table, most: usize) -> Self {
        Self {
            table,
            most,
            work: WORK_MAX,
            found: Vec::new(),
        }
    }

    fn look(&mut self, rules: &[usize], within: &[Vec<bool>], path: &mut Vec<usize>) {
        if self.found.len() >= self.most || self.work == 0 {
            return;
        }
        self.work -= 1;
        let Some(pieces) = within.get(path.len()) else {
            if rules.is_empty() {
                self.found.push(path.clone());
            }
            return;
        };
        let mut groups: BTreeMap<Vec<usize>, usize> = BTreeMap::new();
        for piece in (0..pieces.len()).filter(|piece| pieces[*piece]) {
            // A cell that cannot be said to take a piece may take all: no gap is claimed there.
            let takes = |rule: &&usize| {
                let cell = &self.table.rows[**rule].cells[path.len()];
                cell.as_ref().is_none_or(|cell| cell[piece])
            };
            let left: Vec<usize> = rules.iter().filter(takes).copied().collect();
            groups.entry(left).or_insert(piece);
        }
        for (left, piece) in groups {
            path.push(piece);
            self.look(&left, within, path);
            path.pop();
        }
    }
}
