//! The small values inside answers of AWS, checked while they are read.
//!
//! Checking inside `Deserialize` and not afterwards means that `serde_json` knows the position of whatever
//! is wrong, be it a string in the place of a number or a prefix length of 33.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;
use std::ops::Deref;
use std::str::FromStr;

use portolan_net::{Address, Ipv4Prefix, Ipv6Prefix, Prefix, PrefixError};
use serde::Deserialize;
use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserializer, Error as _, MapAccess, Visitor};

/// A list that AWS may leave out or write as `null`.
#[derive(Clone, Debug)]
pub(crate) struct List<T>(Vec<T>);

impl<T> Deref for List<T> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        &self.0
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for List<T> {
    /// Reads what `Option` reads, for which alone `serde` takes an absent field.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Option::deserialize(deserializer).map(|list| Self(list.unwrap_or_default()))
    }
}

/// A text that is borrowed from the file unless it holds an escape.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(crate) struct Text<'a>(Cow<'a, str>);

impl Deref for Text<'_> {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Text<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(TextVisitor(PhantomData))
    }
}

struct TextVisitor<'a>(PhantomData<&'a str>);

impl<'de: 'a, 'a> Visitor<'de> for TextVisitor<'a> {
    type Value = Text<'a>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string")
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Text<'a>, E> {
        Ok(Text(Cow::Borrowed(text)))
    }

    fn visit_str<E>(self, text: &str) -> Result<Text<'a>, E> {
        Ok(Text(Cow::Owned(text.to_owned())))
    }
}

/// A CIDR of either family.
///
/// AWS drops the bits after the prefix length when a CIDR is given to it, and so does this.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Cidr<A>(pub(crate) Prefix<A>);

/// An IPv4 CIDR.
pub(crate) type Cidr4 = Cidr<std::net::Ipv4Addr>;

/// An IPv6 CIDR.
pub(crate) type Cidr6 = Cidr<std::net::Ipv6Addr>;

impl<A: Address> FromStr for Cidr<A> {
    type Err = PrefixError;

    fn from_str(text: &str) -> Result<Self, PrefixError> {
        match text.parse() {
            Err(PrefixError::HostBits { network, .. }) => network.parse(),
            result => result,
        }
        .map(Self)
    }
}

impl<'de, A: Address> Deserialize<'de> for Cidr<A> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(ParsedVisitor(PhantomData))
    }
}

impl From<Cidr4> for Ipv4Prefix {
    fn from(cidr: Cidr4) -> Self {
        cidr.0
    }
}

impl From<Cidr6> for Ipv6Prefix {
    fn from(cidr: Cidr6) -> Self {
        cidr.0
    }
}

/// A CIDR of a field that holds either family.
#[derive(Clone, Copy, Debug)]
pub(crate) struct AnyCidr(pub(crate) portolan_net::IpPrefix);

impl FromStr for AnyCidr {
    type Err = PrefixError;

    fn from_str(text: &str) -> Result<Self, PrefixError> {
        if text.contains(':') {
            text.parse().map(|cidr: Cidr6| Self(cidr.0.into()))
        } else {
            text.parse().map(|cidr: Cidr4| Self(cidr.0.into()))
        }
    }
}

impl<'de> Deserialize<'de> for AnyCidr {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(ParsedVisitor(PhantomData))
    }
}

/// Parses a text where it is read. An error that is made later has lost its position.
struct ParsedVisitor<T>(PhantomData<T>);

impl<T: FromStr<Err: fmt::Display>> Visitor<'_> for ParsedVisitor<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a CIDR")
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<T, E> {
        text.parse().map_err(E::custom)
    }
}

/// Reads an object as `F`, and checks what its fields say together. As for [`ParsedVisitor`], the check must
/// be made before the object is left.
pub(crate) fn checked<'de, F, T, D>(deserializer: D) -> Result<T, D::Error>
where
    F: Deserialize<'de>,
    T: TryFrom<F, Error: fmt::Display>,
    D: Deserializer<'de>,
{
    deserializer.deserialize_map(CheckedVisitor::<F, T>(PhantomData))
}

struct CheckedVisitor<F, T>(PhantomData<(F, T)>);

impl<'de, F, T> Visitor<'de> for CheckedVisitor<F, T>
where
    F: Deserialize<'de>,
    T: TryFrom<F, Error: fmt::Display>,
{
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<T, A::Error> {
        let fields = F::deserialize(MapAccessDeserializer::new(map))?;
        T::try_from(fields).map_err(A::Error::custom)
    }
}

/// A tag.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase", bound(deserialize = "'de: 'a"))]
pub(crate) struct Tag<'a> {
    /// Its key.
    pub(crate) key: Text<'a>,
    /// Its value.
    pub(crate) value: Option<Text<'a>>,
}
