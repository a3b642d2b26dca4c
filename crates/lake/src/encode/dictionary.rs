//! Columns of few different values, written as Parquet's dictionaries.
//!
//! The writer of the `parquet` crate hashes each value of each row to number it. Words are numbered already when they get
//! here, and ports and addresses are numbers that a table or a faster hash can number: writing a row costs half of it so. The
//! chunks are spliced in beside those that the crate writes.

use std::hash::Hash;
use std::ops::Range;

use arrow::array::{Array as _, ArrayRef, ArrowPrimitiveType, AsArray as _};
use arrow::buffer::NullBuffer;
use arrow::datatypes::{DataType, Int32Type, Int64Type, UInt8Type, UInt16Type, UInt32Type};
use bytes::Bytes;
use parquet::basic::{Compression, Encoding};
use parquet::bloom_filter::Sbbf;
use parquet::column::page::{CompressedPage, Page, PageWriteSpec, PageWriter as _};
use parquet::column::writer::ColumnCloseResult;
use parquet::data_type::ByteArray;
use parquet::errors::ParquetError;
use parquet::file::metadata::{ColumnChunkMetaData, ColumnIndexBuilder};
use parquet::file::page_index::offset_index::{OffsetIndexMetaData, PageLocation};
use parquet::file::statistics::Statistics;
use parquet::file::writer::{SerializedPageWriter, TrackedWrite};
use parquet::schema::types::ColumnDescPtr;
use rustc_hash::FxHashMap;
use zstd::bulk::Compressor;

use super::columns::{FALSE_POSITIVES, Plan, compression};
use super::parts::{Parts, present, range};
use super::{PAGE_ROWS, hybrid};
use crate::rows::Numbering;

/// With more different values than this a dictionary is larger than what it saves.
const MOST_VALUES: usize = 1 << 16;

/// How many numbers a table has that stand near the first: half of them less, half of them greater.
const MOST_BETWEEN: i64 = 1 << 17;

/// The rows of a chunk as numbers into a dictionary.
struct Numbered {
    /// The number of each row that has a value.
    numbers: Vec<u32>,
    /// The values as Parquet's `PLAIN` has them, in the order of their numbers.
    values: Vec<u8>,
    /// How many values there are.
    count: usize,
    statistics: Statistics,
    bloom_filter: Option<Sbbf>,
}

/// What is made once for all columns of a file, since to make it takes time.
pub(super) struct Tools {
    zstd: Compressor<'static>,
    /// Numbers of the values of a column: addresses, and integers.
    addresses: FxHashMap<u32, u32>,
    integers: FxHashMap<i64, u32>,
}

impl Tools {
    /// Makes them; `level` is how hard zstd tries.
    pub(super) fn new(level: i32) -> Result<Self, ParquetError> {
        let (addresses, integers) = (FxHashMap::default(), FxHashMap::default());
        Ok(Self { zstd: Compressor::new(level)?, addresses, integers })
    }
}

/// A column chunk to be spliced in.
pub(super) struct Chunk {
    pub(super) bytes: Bytes,
    pub(super) close: ColumnCloseResult,
}

/// A number that a column can have.
trait Number: Copy + Eq + Hash + Ord {
    /// Appends it as `PLAIN` has it.
    fn append(self, out: &mut Vec<u8>);

    /// Returns the statistics of a column with this range, in the type that Parquet has the number in.
    fn statistics(range: Option<(Self, Self)>, nulls: u64) -> Statistics;
}

macro_rules! number {
    ($type:ty, $physical:path, $statistics:path) => {
        impl Number for $type {
            fn append(self, out: &mut Vec<u8>) {
                out.extend_from_slice(&$physical(self).to_le_bytes());
            }

            fn statistics(range: Option<(Self, Self)>, nulls: u64) -> Statistics {
                let (least, greatest) = range.unzip();
                let physical = |it: Option<Self>| it.map($physical);
                $statistics(physical(least), physical(greatest), None, Some(nulls), false)
            }
        }
    };
}

// Parquet has no physical type below 32 bits, and keeps unsigned numbers in signed ones, bit by bit.
number!(u8, i32::from, Statistics::int32);
number!(u16, i32::from, Statistics::int32);
number!(u32, u32::cast_signed, Statistics::int32);
number!(i64, i64::from, Statistics::int64);

/// Writes a column as a dictionary, or returns `None` if that does not pay.
pub(super) fn write(
    column: &Parts,
    description: &ColumnDescPtr,
    plan: Plan,
    tools: &mut Tools,
) -> Result<Option<Chunk>, ParquetError> {
    let numbered = match column.data_type() {
        DataType::Dictionary(..) => words(column, plan),
        DataType::UInt8 => tabled::<UInt8Type>(column, plan),
        DataType::UInt16 => tabled::<UInt16Type>(column, plan),
        DataType::UInt32 => hashed::<UInt32Type>(column, plan, &mut tools.addresses),
        DataType::Int64 => {
            ranged(column, plan).or_else(|| hashed::<Int64Type>(column, plan, &mut tools.integers))
        }
        _ => None,
    };
    numbered.map(|numbered| chunk(column, description, numbered, plan, &mut tools.zstd)).transpose()
}

/// Numbers words anew, each once, whatever part it is in; those of other row groups take no room here.
fn words(column: &Parts, plan: Plan) -> Option<Numbered> {
    let mut known = Numbering::default();
    let mut numbers = Vec::with_capacity(column.rows());
    for part in column.arrays() {
        let part = part.as_dictionary_opt::<Int32Type>()?;
        let words = part.values().as_string_opt::<i32>()?;
        let mut table = Table::new(words.len());
        for run in present(part.keys()) {
            numbers.extend(run.iter().map(|key| {
                let place = usize::try_from(*key).unwrap_or(usize::MAX);
                table.number(place, || u32::try_from(known.number(words.value(place))?).ok())
            }));
        }
        table.has_all()?;
    }
    let words = known.finish();
    let used = words.iter().flatten();
    let mut values = Vec::new();
    for word in used.clone() {
        values.extend_from_slice(&u32::try_from(word.len()).ok()?.to_le_bytes());
        values.extend_from_slice(word.as_bytes());
    }
    let bloom_filter = bloom_filter(plan, used.clone().map(str::as_bytes));
    let bytes = |it: &str| ByteArray::from(it);
    let (least, greatest) = (used.clone().min().map(bytes), used.max().map(bytes));
    let nulls = column.null_count() as u64;
    let statistics = Statistics::byte_array(least, greatest, None, Some(nulls), false);
    Some(Numbered { numbers, values, count: words.len(), statistics, bloom_filter })
}

/// Numbers values that are few enough for a table of them all.
fn tabled<T>(column: &Parts, plan: Plan) -> Option<Numbered>
where
    T: ArrowPrimitiveType,
    T::Native: Number + Into<u16>,
{
    let length = 1 << (8 * size_of::<T::Native>());
    in_table::<T>(column, plan, length, |value| usize::from(value.into()))
}

/// Numbers values that are near each other, such as the times of an hour.
fn ranged(column: &Parts, plan: Plan) -> Option<Numbered> {
    let first = *column.present::<Int64Type>().next()?.first()?;
    let after = |value: i64| value.wrapping_sub(first).wrapping_add(MOST_BETWEEN / 2);
    let place = |value| usize::try_from(after(value)).unwrap_or(usize::MAX);
    let length = usize::try_from(MOST_BETWEEN).ok()?;
    let numbered = in_table::<Int64Type>(column, plan, length, place)?;
    (numbered.count <= most_values(column.rows())).then_some(numbered)
}

/// Numbers values by a table that has a place for each, which `place` tells.
fn in_table<T>(
    column: &Parts,
    plan: Plan,
    length: usize,
    place: impl Fn(T::Native) -> usize,
) -> Option<Numbered>
where
    T: ArrowPrimitiveType,
    T::Native: Number,
{
    let mut table = Table::new(length);
    let mut values = Vec::new();
    let mut numbers = Vec::with_capacity(column.rows());
    for run in column.present::<T>() {
        numbers.extend(run.iter().map(|value| {
            table.number(place(*value), || {
                values.push(*value);
                u32::try_from(values.len() - 1).ok()
            })
        }));
        table.has_all()?;
    }
    Some(Numbered::of(numbers, &values, column.null_count(), plan))
}

/// Returns how many different values a dictionary of so many rows may have.
fn most_values(rows: usize) -> usize {
    MOST_VALUES.min(rows / 2)
}

/// Numbers values of which there can be many, and gives up if there are.
fn hashed<T>(column: &Parts, plan: Plan, known: &mut FxHashMap<T::Native, u32>) -> Option<Numbered>
where
    T: ArrowPrimitiveType,
    T::Native: Number,
{
    known.clear();
    let mut values = Vec::new();
    let most = most_values(column.rows());
    // Sorted columns say the same thing many times.
    let mut last = None;
    let mut numbers = Vec::with_capacity(column.rows());
    for run in column.present::<T>() {
        numbers.extend(run.iter().copied().map(|value| {
            if let Some((_, number)) = last.filter(|(last, _)| *last == value) {
                return number;
            }
            let number = *known.entry(value).or_insert_with(|| {
                values.push(value);
                u32::try_from(values.len() - 1).unwrap_or(u32::MAX)
            });
            last = Some((value, number));
            number
        }));
        if values.len() > most {
            return None;
        }
    }
    Some(Numbered::of(numbers, &values, column.null_count(), plan))
}

/// Numbers by the places of values in a table of all that there can be.
struct Table {
    numbers: Vec<u32>,
    /// Whether a value had no number: it had no place either, or there are too many.
    lacks_some: bool,
}

/// What stands for no number.
const NONE: u32 = u32::MAX;

impl Table {
    fn new(length: usize) -> Self {
        Self { numbers: vec![NONE; length], lacks_some: false }
    }

    /// Returns the number at a place, the `next` if there is none yet.
    #[inline]
    fn number(&mut self, place: usize, next: impl FnOnce() -> Option<u32>) -> u32 {
        match self.numbers.get(place) {
            Some(number) if *number != NONE => *number,
            _ => self.add(place, next()),
        }
    }

    #[cold]
    fn add(&mut self, place: usize, next: Option<u32>) -> u32 {
        let added = self.numbers.get_mut(place).zip(next);
        self.lacks_some |= added.is_none();
        added.map_or(NONE, |(slot, number)| {
            *slot = number;
            number
        })
    }

    /// Returns `None` if a value had no number.
    fn has_all(&self) -> Option<()> {
        (!self.lacks_some).then_some(())
    }
}

impl Numbered {
    fn of<T: Number>(numbers: Vec<u32>, values: &[T], nulls: usize, plan: Plan) -> Self {
        let mut bytes = Vec::with_capacity(size_of_val(values));
        for value in values {
            value.append(&mut bytes);
        }
        let range = values.iter().copied().min().zip(values.iter().copied().max());
        let statistics = T::statistics(range.filter(|_| plan.has_range), nulls as u64);
        let width = bytes.len().checked_div(values.len()).unwrap_or(1).max(1);
        let bloom_filter = bloom_filter(plan, bytes.chunks_exact(width));
        Self { numbers, values: bytes, count: values.len(), statistics, bloom_filter }
    }
}

/// Returns a filter that knows the values, if the plan has one.
fn bloom_filter<'a>(plan: Plan, values: impl Iterator<Item = &'a [u8]> + Clone) -> Option<Sbbf> {
    let count = values.clone().count() as u64;
    let mut filter = plan
        .has_bloom_filter
        .then(|| Sbbf::new_with_ndv_fpp(count.max(1), FALSE_POSITIVES).ok())
        .flatten()?;
    values.for_each(|value| filter.insert(value));
    Some(filter)
}

/// Writes a chunk: the page of the dictionary, and pages of numbers.
fn chunk(
    column: &Parts,
    description: &ColumnDescPtr,
    numbered: Numbered,
    plan: Plan,
    zstd: &mut Compressor<'_>,
) -> Result<Chunk, ParquetError> {
    let rows = column.rows();
    let pages = || (0..rows).step_by(PAGE_ROWS).map(|first| first..rows.min(first + PAGE_ROWS));
    let Numbered { numbers, values, count, statistics, bloom_filter } = numbered;
    let mut bodies = vec![values];
    let is_required = description.max_def_level() == 0;
    let nulls = (!is_required).then(|| column.nulls());
    append_bodies(&mut bodies, pages(), nulls.as_ref(), &numbers, count)?;
    let sizes: Vec<usize> = bodies.iter().map(Vec::len).collect();
    let (bodies, compression) = match packed(&bodies, zstd)? {
        Some(packed) => (packed, compression()?),
        None => (bodies, Compression::UNCOMPRESSED),
    };
    let mut bodies = bodies.into_iter().zip(sizes);
    let mut sink = TrackedWrite::new(Vec::new());
    let mut writer = SerializedPageWriter::new(&mut sink);
    let dictionary = bodies.next().unwrap_or_default();
    let mut written = vec![writer.write_page(dictionary_page(dictionary, count)?)?];
    let mut index = ColumnIndexBuilder::new(description.physical_type());
    let mut locations = Vec::new();
    let times = plan.has_page_index.then(|| column.together()).transpose()?;
    for (page, body) in pages().zip(bodies) {
        let written_page = writer.write_page(data_page(body, page.len())?)?;
        locations.push(PageLocation {
            offset: i64::try_from(written_page.offset)?,
            compressed_page_size: i32::try_from(written_page.compressed_size)?,
            first_row_index: i64::try_from(page.start)?,
        });
        written.push(written_page);
        if let Some(times) = &times {
            append_range(&mut index, &times.slice(page.start, page.len()))?;
        }
    }
    writer.close()?;
    let bytes = Bytes::from(sink.into_inner()?);
    let column_index = if plan.has_page_index { Some(index.build()?) } else { None };
    let offset_index =
        OffsetIndexMetaData { page_locations: locations, unencoded_byte_array_data_bytes: None };
    let close = ColumnCloseResult {
        bytes_written: bytes.len() as u64,
        rows_written: rows as u64,
        metadata: metadata(description, rows, statistics, &written, compression)?,
        bloom_filter,
        column_index,
        offset_index: Some(offset_index),
    };
    Ok(Chunk { bytes, close })
}

/// How many bytes of a dictionary, and of a page, tell how small zstd makes them.
const SAMPLE: usize = 16 << 10;

/// Compresses the pages of a chunk, the dictionary being the first, or returns `None` if that does not pay.
///
/// Packed numbers of addresses hardly get smaller, and a third of the time of a question would go into unpacking them.
fn packed(
    bodies: &[Vec<u8>],
    zstd: &mut Compressor<'_>,
) -> Result<Option<Vec<Vec<u8>>>, ParquetError> {
    let (mut before, mut after) = (0, 0);
    let (dictionary, pages) = bodies.split_at(bodies.len().min(1));
    for alike in [dictionary, pages] {
        let size: usize = alike.iter().map(Vec::len).sum();
        let sample = alike.first().map_or(&[][..], Vec::as_slice);
        let sample = sample.get(..SAMPLE).unwrap_or(sample);
        before += size;
        after += zstd.compress(sample)?.len() * size / sample.len().max(1);
    }
    if after * 4 > before * 3 {
        return Ok(None);
    }
    let packed = bodies.iter().map(|body| Ok(zstd.compress(body)?));
    packed.collect::<Result<_, ParquetError>>().map(Some)
}

/// Appends what the index says of a page of times.
fn append_range(index: &mut ColumnIndexBuilder, rows: &ArrayRef) -> Result<(), ParquetError> {
    let nulls = i64::try_from(rows.null_count())?;
    let range = rows.as_primitive_opt::<Int64Type>().and_then(|it| range(present(it)));
    let bytes = |it: i64| it.to_le_bytes().to_vec();
    match range {
        Some((least, greatest)) => index.append(false, bytes(least), bytes(greatest), nulls),
        None => index.append(true, Vec::new(), Vec::new(), nulls),
    }
    Ok(())
}

/// Makes a page of its bytes and how many there were before they were compressed.
fn dictionary_page(
    (bytes, size): (Vec<u8>, usize),
    count: usize,
) -> Result<CompressedPage, ParquetError> {
    let page = Page::DictionaryPage {
        buf: bytes.into(),
        num_values: u32::try_from(count)?,
        encoding: Encoding::PLAIN,
        is_sorted: false,
    };
    Ok(CompressedPage::new(page, size))
}

/// Makes a page of its bytes and how many there were before they were compressed.
fn data_page((bytes, size): (Vec<u8>, usize), rows: usize) -> Result<CompressedPage, ParquetError> {
    let page = Page::DataPage {
        buf: bytes.into(),
        num_values: u32::try_from(rows)?,
        encoding: Encoding::RLE_DICTIONARY,
        def_level_encoding: Encoding::RLE,
        rep_level_encoding: Encoding::RLE,
        statistics: None,
    };
    Ok(CompressedPage::new(page, size))
}

/// Appends what the pages of these rows say. `nulls` are those of all rows, if the column may have any.
fn append_bodies(
    bodies: &mut Vec<Vec<u8>>,
    pages: impl Iterator<Item = Range<usize>>,
    nulls: Option<&NullBuffer>,
    mut numbers: &[u32],
    count: usize,
) -> Result<(), ParquetError> {
    for page in pages {
        let nulls = nulls.map(|it| it.slice(page.start, page.len()));
        let present = page.len() - nulls.as_ref().map_or(0, NullBuffer::null_count);
        let (these, rest) = numbers.split_at(present);
        numbers = rest;
        let mut body = Vec::new();
        if let Some(nulls) = nulls {
            append_levels(&mut body, &nulls)?;
        }
        append_numbers(&mut body, these, count)?;
        bodies.push(body);
    }
    Ok(())
}

/// Appends the numbers of values, of which there are `count`, with the width before them.
fn append_numbers(out: &mut Vec<u8>, numbers: &[u32], count: usize) -> Result<(), ParquetError> {
    let width = hybrid::width_of(count);
    out.push(u8::try_from(width)?);
    hybrid::append(out, width, numbers);
    Ok(())
}

/// Appends which rows have a value, with the length before it.
fn append_levels(out: &mut Vec<u8>, nulls: &NullBuffer) -> Result<(), ParquetError> {
    let mut packed = Vec::new();
    hybrid::append_flags(&mut packed, &nulls.inner().sliced(), nulls.len());
    out.extend_from_slice(&u32::try_from(packed.len())?.to_le_bytes());
    out.append(&mut packed);
    Ok(())
}

fn metadata(
    description: &ColumnDescPtr,
    rows: usize,
    statistics: Statistics,
    pages: &[PageWriteSpec],
    compression: Compression,
) -> Result<ColumnChunkMetaData, ParquetError> {
    let compressed: u64 = pages.iter().map(|it| it.bytes_written).sum();
    let uncompressed: usize = pages.iter().map(|it| it.uncompressed_size).sum();
    let offset = |index: usize| -> Result<i64, ParquetError> {
        Ok(i64::try_from(pages.get(index).map_or(0, |it| it.offset))?)
    };
    ColumnChunkMetaData::builder(description.clone())
        .set_encodings(vec![Encoding::PLAIN, Encoding::RLE, Encoding::RLE_DICTIONARY])
        .set_compression(compression)
        .set_total_compressed_size(i64::try_from(compressed)?)
        .set_total_uncompressed_size(i64::try_from(uncompressed)?)
        .set_num_values(i64::try_from(rows)?)
        .set_dictionary_page_offset(Some(offset(0)?))
        .set_data_page_offset(offset(1)?)
        .set_statistics(statistics)
        .build()
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow::array::Int64Array;
    use proptest::prelude::*;

    use super::*;

    const PLAN: Plan = Plan { has_range: true, has_page_index: false, has_bloom_filter: false };

    proptest! {
        #[test]
        fn both_ways_number_alike(values in prop::collection::vec(prop::option::of(-9..9_i64), 0..99)) {
            let column = Parts::from_iter([Arc::new(Int64Array::from(values)) as ArrayRef]);
            let (found, expected) = (
                ranged(&column, PLAN),
                hashed::<Int64Type>(&column, PLAN, &mut FxHashMap::default()),
            );
            prop_assert!(found.is_some() == expected.is_some() || column.null_count() == column.rows());
            if let Some((found, expected)) = found.zip(expected) {
                prop_assert_eq!(found.numbers, expected.numbers);
                prop_assert_eq!(found.values, expected.values);
                prop_assert_eq!(found.count, expected.count);
                prop_assert_eq!(found.statistics, expected.statistics);
            }
        }
    }
}
