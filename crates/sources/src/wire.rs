//! The small values inside answers of AWS, checked while they are read.
//!
//! Checking inside `Deserialize` and not afterwards means that `serde_json` knows the position of whatever
//! is wrong, be it a string in the place of a number or a prefix length of 33.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;
use std::ops::Deref;

use portolan_net::{Address, Ipv4Prefix, Ipv6Prefix, Prefix, PrefixError};
use serde::Deserialize;
use serde::de::{Deserializer, Error as _, Visitor};

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

impl<A: Address> Cidr<A> {
    fn parse(text: &str) -> Result<Self, PrefixError> {
        match text.parse() {
            Err(PrefixError::HostBits { network, .. }) => network.parse(),
            result => result,
        }
        .map(Self)
    }
}

impl<'de, A: Address> Deserialize<'de> for Cidr<A> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::parse(&Text::deserialize(deserializer)?).map_err(D::Error::custom)
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

impl<'de> Deserialize<'de> for AnyCidr {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Text::deserialize(deserializer)?;
        let prefix = if text.contains(':') {
            Cidr6::parse(&text).map(|cidr| cidr.0.into())
        } else {
            Cidr4::parse(&text).map(|cidr| cidr.0.into())
        };
        prefix.map(AnyCidr).map_err(D::Error::custom)
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
