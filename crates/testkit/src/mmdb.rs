//! Databases of addresses in the format of `MaxMind`, made up.
//!
//! Source: `MaxMind` DB File Format Specification, version 2.0.

use std::net::{IpAddr, Ipv4Addr};

use serde_json::{Value, json};

/// What ends the data and begins the metadata.
const MARK: &[u8] = b"\xab\xcd\xefMaxMind.com";

/// The zeros between the tree and the data.
const GAP: [u8; 16] = [0; 16];

/// How many bits stand before an IPv4 address in a tree of IPv6.
const BEFORE_V4: u8 = 96;

// Types of values.
const TEXT: u8 = 2;
const U16: u8 = 5;
const U32: u8 = 6;
const MAP: u8 = 7;
const U64: u8 = 9;
const ARRAY: u8 = 11;

/// Where a record of the tree leads.
#[derive(Clone, Copy)]
enum Link {
    Nowhere,
    Node(usize),
    Data(usize),
}

/// Returns a database that says of each prefix what is beside it; a longer prefix must come after a shorter one that holds it.
///
/// `made` is in seconds since 1970.
///
/// # Panics
///
/// Panics on what is no prefix.
pub fn write(title: &str, made: u64, records: &[(&str, Value)]) -> Vec<u8> {
    let mut nodes = vec![[Link::Nowhere; 2]];
    let mut data = Vec::new();
    for (prefix, record) in records {
        let (bits, length) = bits(prefix);
        set(&mut nodes, bits, length, Link::Data(data.len()));
        put(record, &mut data);
    }
    let mut bytes = Vec::new();
    for link in nodes.iter().flatten() {
        let number = match link {
            Link::Nowhere => nodes.len(),
            Link::Node(node) => *node,
            Link::Data(offset) => nodes.len() + GAP.len() + offset,
        };
        bytes.extend(u32::try_from(number).unwrap_or_default().to_be_bytes());
    }
    bytes.extend(GAP);
    bytes.extend(data);
    bytes.extend(MARK);
    put_metadata(title, made, nodes.len(), &mut bytes);
    bytes
}

/// Writes what the database is: readers insist on the size of each number.
fn put_metadata(title: &str, made: u64, nodes: usize, out: &mut Vec<u8>) {
    let numbers = [
        ("binary_format_major_version", U16, 2),
        ("binary_format_minor_version", U16, 0),
        ("build_epoch", U64, made),
        ("ip_version", U16, 6),
        ("node_count", U32, nodes as u64),
        ("record_size", U16, 32),
    ];
    let others =
        [("database_type", json!(title)), ("description", json!({})), ("languages", json!([]))];
    head(MAP, numbers.len() + others.len(), out);
    for (name, kind, value) in numbers {
        put(&name.into(), out);
        put_number(kind, value, out);
    }
    for (name, value) in others {
        put(&name.into(), out);
        put(&value, out);
    }
}

/// Returns the bits of a prefix in a tree of IPv6, the first one highest, and how many count.
#[expect(clippy::expect_used, reason = "only tests make databases")]
fn bits(prefix: &str) -> (u128, u8) {
    let (address, length) = prefix.split_once('/').expect("a prefix has a length");
    let length: u8 = length.parse().expect("a length is a number");
    match address.parse().expect("a prefix has an address") {
        IpAddr::V4(address) => (Ipv4Addr::to_bits(address).into(), length + BEFORE_V4),
        IpAddr::V6(address) => (address.to_bits(), length),
    }
}

/// Makes the tree lead to `target` from all addresses that begin with these bits.
fn set(nodes: &mut Vec<[Link; 2]>, bits: u128, length: u8, target: Link) {
    let mut node = 0;
    for depth in 0..length {
        let side = usize::from(bits >> (127 - depth) & 1 == 1);
        let next = nodes.len();
        let Some(link) = nodes.get_mut(node).and_then(|node| node.get_mut(side)) else { return };
        if depth + 1 == length {
            *link = target;
            return;
        }
        node = match *link {
            Link::Node(node) => node,
            above => {
                *link = Link::Node(next);
                nodes.push([above; 2]);
                next
            }
        };
    }
}

/// Writes a value: what it is in the upper three bits, how long in the lower five.
fn put(value: &Value, out: &mut Vec<u8>) {
    match value {
        Value::String(text) => {
            head(TEXT, text.len(), out);
            out.extend(text.as_bytes());
        }
        Value::Object(map) => {
            head(MAP, map.len(), out);
            for (name, value) in map {
                put(&Value::from(name.as_str()), out);
                put(value, out);
            }
        }
        Value::Array(items) => {
            head(ARRAY, items.len(), out);
            for item in items {
                put(item, out);
            }
        }
        other => put_number(U32, other.as_u64().unwrap_or_default(), out),
    }
}

/// Writes a number in all the bytes of its type.
fn put_number(kind: u8, value: u64, out: &mut Vec<u8>) {
    let size = match kind {
        U16 => 2,
        U32 => 4,
        _ => 8,
    };
    head(kind, size, out);
    out.extend(value.to_be_bytes().into_iter().skip(8 - size));
}

/// Writes the type and size of a value. Types above 7 stand in a byte of their own, sizes above 28, too.
fn head(kind: u8, size: usize, out: &mut Vec<u8>) {
    let (short, rest) = match u8::try_from(size) {
        Ok(size) if size < 29 => (size, None),
        size => (29, size.ok().map(|size| size - 29)),
    };
    match kind.checked_sub(7) {
        Some(extended) if extended > 0 => out.extend([short, extended]),
        _ => out.push(kind << 5 | short),
    }
    out.extend(rest);
}
