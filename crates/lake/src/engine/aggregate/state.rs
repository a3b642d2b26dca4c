//! How values travel between the parts of an aggregation: one byte for the kind, then the value.

use std::net::IpAddr;

use crate::engine::value::{Value, map, unmap};

/// Appends a value.
pub(super) fn write(value: &Value<'_>, out: &mut Vec<u8>) {
    match value {
        Value::Missing => out.push(0),
        Value::Boolean(value) => out.extend([1, u8::from(*value)]),
        Value::Integer(value) => tagged(2, &value.to_le_bytes(), out),
        Value::Float(value) => tagged(3, &value.to_le_bytes(), out),
        Value::Time(value) => tagged(4, &value.to_le_bytes(), out),
        Value::Address(address) => tagged(5, &map(*address), out),
        Value::Text(text) => sized(6, text, out),
        Value::Json(text) => sized(7, text, out),
    }
}

fn tagged(tag: u8, bytes: &[u8], out: &mut Vec<u8>) {
    out.push(tag);
    out.extend(bytes);
}

fn sized(tag: u8, text: &str, out: &mut Vec<u8>) {
    out.push(tag);
    out.extend((text.len() as u64).to_le_bytes());
    out.extend(text.as_bytes());
}

/// Takes a value off the front; `None` at the end, or if this was not written by [`write`].
pub(super) fn read(bytes: &mut &[u8]) -> Option<Value<'static>> {
    let [tag] = take::<1>(bytes)?;
    Some(match tag {
        0 => Value::Missing,
        1 => Value::Boolean(take::<1>(bytes)? == [1]),
        2 => Value::Integer(i64::from_le_bytes(take(bytes)?)),
        3 => Value::Float(f64::from_le_bytes(take(bytes)?)),
        4 => Value::Time(i64::from_le_bytes(take(bytes)?)),
        5 => Value::Address(address(take(bytes)?)),
        6 => Value::owned(text(bytes)?),
        7 => Value::Json(text(bytes)?.into()),
        _ => return None,
    })
}

fn address(bytes: [u8; 16]) -> IpAddr {
    unmap(&bytes)
}

fn take<const N: usize>(bytes: &mut &[u8]) -> Option<[u8; N]> {
    let (head, rest) = bytes.split_first_chunk()?;
    *bytes = rest;
    Some(*head)
}

fn text(bytes: &mut &[u8]) -> Option<String> {
    let length = usize::try_from(u64::from_le_bytes(take(bytes)?)).ok()?;
    let (head, rest) = bytes.split_at_checked(length)?;
    *bytes = rest;
    String::from_utf8(head.to_vec()).ok()
}
