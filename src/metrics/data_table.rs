//! A table held column by column, in whole numbers and texts: what data files are made of.

/// A table as it goes into data files: rows in a fixed order, no decimals.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DataTable {
    /// File name without folder and ending, such as `cells`.
    pub name: String,
    /// The columns, left to right; all equally long.
    pub columns: Vec<Column>,
}

/// One column. `None` is "not known", which is neither zero nor an empty text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Column {
    /// Whole numbers of the unit the name ends in, such as øre.
    Int {
        /// Heading.
        name: String,
        /// One value a row.
        values: Vec<Option<i64>>,
    },
    /// Text.
    Text {
        /// Heading.
        name: String,
        /// One value a row.
        values: Vec<Option<String>>,
    },
}

impl DataTable {
    /// Makes a table; panics unless every column has the same number of rows.
    pub fn new(name: &str, columns: Vec<Column>) -> DataTable {
        assert!(
            columns.windows(2).all(|pair| pair[0].rows() == pair[1].rows()),
            "the columns of `{name}` are not equally long"
        );
        DataTable { name: name.to_owned(), columns }
    }

    /// Number of rows.
    pub fn rows(&self) -> usize {
        self.columns.first().map_or(0, Column::rows)
    }
}

impl Column {
    /// A column of whole numbers.
    pub fn int(name: &str, values: impl IntoIterator<Item = Option<i64>>) -> Column {
        Column::Int { name: name.to_owned(), values: values.into_iter().collect() }
    }

    /// A column of text.
    pub fn text(name: &str, values: impl IntoIterator<Item = Option<String>>) -> Column {
        Column::Text { name: name.to_owned(), values: values.into_iter().collect() }
    }

    /// Heading.
    pub fn name(&self) -> &str {
        match self {
            Column::Int { name, .. } | Column::Text { name, .. } => name,
        }
    }

    /// Number of rows.
    pub fn rows(&self) -> usize {
        match self {
            Column::Int { values, .. } => values.len(),
            Column::Text { values, .. } => values.len(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Column, DataTable};

    #[test]
    #[should_panic(expected = "not equally long")]
    fn columns_of_different_length_are_a_bug() {
        let short = Column::int("a", [Some(1)]);
        let long = Column::text("b", [None, Some("x".to_owned())]);
        let _ = DataTable::new("t", vec![short, long]);
    }
}
