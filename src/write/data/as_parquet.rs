//! A table as Parquet: typed columns, unknown as null, the text exactly as it was read.

use crate::domain::error::Error;
use crate::metrics::data_table::{Column, DataTable};
use parquet::basic::{LogicalType, Repetition, Type as Physical};
use parquet::data_type::{ByteArray, ByteArrayType, Int64Type};
use parquet::errors::Result as ParquetResult;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::{SerializedColumnWriter, SerializedFileWriter};
use parquet::schema::types::{Type, TypePtr};
use std::ops::Range;
use std::sync::Arc;

/// Rows held in memory by a reader at a time.
const ROWS_A_GROUP: usize = 1_000_000;

/// Writes `table` as an uncompressed Parquet file, made by `gevinst {version}`.
///
/// - Shape: each column optional, `INT64` or UTF-8 `BYTE_ARRAY`; rows in the table's order.
/// - Keeps: the same table and version give the same bytes.
/// - Errors: `Encode` when the encoder refuses, which would be a bug.
pub(super) fn bytes(table: &DataTable, version: &str) -> Result<Vec<u8>, Error> {
    in_groups(table, version, ROWS_A_GROUP).map_err(|error| Error::Encode {
        what: format!("{}.parquet", table.name),
        detail: error.to_string(),
    })
}

fn in_groups(table: &DataTable, version: &str, rows_a_group: usize) -> ParquetResult<Vec<u8>> {
    let properties = WriterProperties::builder()
        .set_created_by(format!("gevinst {version}"))
        .set_max_row_group_row_count(Some(rows_a_group))
        .build();
    let mut file = SerializedFileWriter::new(Vec::new(), schema(table)?, Arc::new(properties))?;
    for start in (0..table.rows()).step_by(rows_a_group) {
        let rows = start..table.rows().min(start + rows_a_group);
        let mut group = file.next_row_group()?;
        for column in &table.columns {
            let mut writer =
                group.next_column()?.expect("the schema has a column for each of the table's");
            write_column(&mut writer, column, rows.clone())?;
            writer.close()?;
        }
        group.close()?;
    }
    file.into_inner()
}

fn schema(table: &DataTable) -> ParquetResult<TypePtr> {
    let mut fields = Vec::with_capacity(table.columns.len());
    for column in &table.columns {
        let field = match column {
            Column::Int { name, .. } => Type::primitive_type_builder(name, Physical::INT64),
            Column::Text { name, .. } => Type::primitive_type_builder(name, Physical::BYTE_ARRAY)
                .with_logical_type(Some(LogicalType::String)),
        };
        fields.push(Arc::new(field.with_repetition(Repetition::OPTIONAL).build()?));
    }
    let root = Type::group_type_builder("schema").with_fields(fields);
    root.build().map(Arc::new)
}

fn write_column(
    writer: &mut SerializedColumnWriter<'_>,
    column: &Column,
    rows: Range<usize>,
) -> ParquetResult<()> {
    match column {
        Column::Int { values, .. } => {
            let values = &values[rows];
            let known: Vec<i64> = values.iter().copied().flatten().collect();
            writer.typed::<Int64Type>().write_batch(&known, Some(&levels(values)), None)?;
        }
        Column::Text { values, .. } => {
            let values = &values[rows];
            let known: Vec<ByteArray> =
                values.iter().flatten().map(|text| ByteArray::from(text.as_str())).collect();
            writer.typed::<ByteArrayType>().write_batch(&known, Some(&levels(values)), None)?;
        }
    }
    Ok(())
}

/// Parquet's definition levels: 1 where a value follows, 0 where there is none.
fn levels<T>(values: &[Option<T>]) -> Vec<i16> {
    values.iter().map(|value| value.is_some().into()).collect()
}

#[cfg(test)]
mod tests {
    use super::{Physical, bytes, in_groups};
    use crate::metrics::data_table::{Column, DataTable};
    use parquet::file::reader::{FileReader, SerializedFileReader};
    use parquet::record::Field;
    use proptest::prelude::*;
    use std::io::Write;

    /// The file through the parquet crate's own reader: groups, maker and table.
    fn read_back(name: &str, written: &[u8]) -> (usize, String, DataTable) {
        let mut file = tempfile::tempfile().expect("a temporary file");
        file.write_all(written).expect("room on the disk");
        let reader = SerializedFileReader::new(file).expect("a Parquet file");
        let about = reader.metadata().file_metadata();
        let maker = about.created_by().unwrap_or_default().to_owned();
        let mut columns: Vec<Column> = about
            .schema_descr()
            .columns()
            .iter()
            .map(|column| {
                if column.physical_type() == Physical::INT64 {
                    Column::int(column.name(), [])
                } else {
                    Column::text(column.name(), [])
                }
            })
            .collect();
        for row in reader.get_row_iter(None).expect("rows") {
            let row = row.expect("a row");
            for (column, (_, field)) in columns.iter_mut().zip(row.get_column_iter()) {
                match (column, field) {
                    (Column::Int { values, .. }, Field::Long(value)) => values.push(Some(*value)),
                    (Column::Int { values, .. }, Field::Null) => values.push(None),
                    (Column::Text { values, .. }, Field::Str(text)) => {
                        values.push(Some(text.clone()));
                    }
                    (Column::Text { values, .. }, Field::Null) => values.push(None),
                    (_, other) => panic!("{other:?} is neither a whole number nor a text"),
                }
            }
        }
        let groups = reader.metadata().num_row_groups();
        (groups, maker, DataTable::new(name, columns))
    }

    fn table(rows: Vec<(Option<i64>, Option<String>)>) -> DataTable {
        let (numbers, texts): (Vec<_>, Vec<_>) = rows.into_iter().unzip();
        let columns = vec![Column::int("amount_oere", numbers), Column::text("authority", texts)];
        DataTable::new("t", columns)
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_back(
            rows in prop::collection::vec((any::<Option<i64>>(), any::<Option<String>>()), 0..40),
            rows_a_group in 1_usize..50,
        ) {
            let expected = table(rows);
            let written = in_groups(&expected, "1.2.3", rows_a_group).expect("a file");
            let (groups, maker, found) = read_back("t", &written);
            prop_assert_eq!(groups, expected.rows().div_ceil(rows_a_group));
            prop_assert_eq!(maker, "gevinst 1.2.3");
            prop_assert_eq!(&found, &expected);
            prop_assert_eq!(in_groups(&expected, "1.2.3", rows_a_group).expect("a file"), written);
        }
    }

    /// Past the encoder's own batch, page and dictionary sizes the order still holds.
    #[test]
    fn a_table_of_many_pages_is_read_back() {
        let rows = (0..60_000)
            .map(|row| (Some(row), (row % 7 != 0).then(|| format!("{row:040}"))))
            .collect();
        let expected = table(rows);
        let written = bytes(&expected, "1.2.3").expect("a file");
        assert_eq!(read_back("t", &written), (1, "gevinst 1.2.3".to_owned(), expected));
    }
}
