//! A column of addresses of both families.

use std::net::{Ipv4Addr, Ipv6Addr};
use std::sync::Arc;

use arrow::array::{ArrayRef, FixedSizeBinaryBuilder};
use arrow::datatypes::UInt32Type;
use arrow::error::ArrowError;
use portolan_flow::{Cells, Value};

use super::numbers::Numbers;
use crate::schema;

/// Addresses of IPv4, and apart from them those of IPv6: most files have none.
#[derive(Debug)]
pub(super) struct Addresses {
    narrow: Numbers<UInt32Type>,
    /// By row, in order.
    wide: Vec<(usize, Ipv6Addr)>,
    length: usize,
}

impl Addresses {
    pub(super) fn with_capacity(capacity: usize) -> Self {
        Self { narrow: Numbers::with_capacity(capacity), wide: Vec::new(), length: 0 }
    }

    pub(super) fn push(&mut self, value: Value<'_>) {
        match value {
            Value::Ipv4(address) => self.narrow.push(Some(address.to_bits())),
            Value::Ipv6(address) => {
                self.wide.push((self.length, address));
                self.narrow.push(None);
            }
            _ => self.narrow.push(None),
        }
        self.length += 1;
    }

    /// Adds the cells of a column of lines, and returns whether each is an address or absent.
    pub(super) fn extend(&mut self, cells: Cells<'_>, column: usize) -> bool {
        let before = self.length;
        self.length += cells.rows();
        let narrow = cells.addresses(column).map(|it| it.map(Ipv4Addr::to_bits));
        let mut others =
            self.narrow.extend_with(narrow).filter(|row| !cells.is_absent(*row, column));
        others.all(|row| {
            let address = cells.text(row, column).parse();
            self.wide.extend(address.iter().map(|it| (before + row, *it)));
            address.is_ok()
        })
    }

    pub(super) fn truncate(&mut self, rows: usize) {
        self.narrow.truncate(rows);
        self.wide.retain(|(row, _)| *row < rows);
        self.length = rows;
    }

    /// Adds the arrays of the column, and returns whether there are two.
    pub(super) fn finish_into(self, arrays: &mut Vec<ArrayRef>) -> Result<bool, ArrowError> {
        arrays.push(Arc::new(self.narrow.finish()));
        if self.wide.is_empty() {
            return Ok(false);
        }
        let mut wide = FixedSizeBinaryBuilder::with_capacity(self.length, schema::WIDE_BYTES);
        let mut next = 0;
        for (row, address) in self.wide {
            wide.append_nulls(row - next);
            wide.append_value(address.octets())?;
            next = row + 1;
        }
        wide.append_nulls(self.length - next);
        arrays.push(Arc::new(wide.finish()));
        Ok(true)
    }
}
