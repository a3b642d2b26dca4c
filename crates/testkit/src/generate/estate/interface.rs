//! Network interfaces.

use std::net::{Ipv4Addr, Ipv6Addr};

/// A network interface in use.
#[derive(Clone, Debug)]
pub(crate) struct Interface {
    pub(crate) id: String,
    pub(crate) description: String,
    pub(crate) site: Site,
    /// The primary address first.
    pub(crate) addresses: Vec<PrivateAddress>,
    pub(crate) ipv6: Option<Ipv6Addr>,
    pub(crate) groups: Vec<GroupName>,
    pub(crate) holder: Holder,
    /// True if the interface refuses whatever comes through an Internet gateway; RDS sets this for
    /// databases that are not publicly accessible.
    pub(crate) denies_internet: bool,
}

impl Interface {
    /// Returns an interface with one private address and no groups.
    pub(crate) fn new(id: String, holder: Holder, site: Site, address: Ipv4Addr) -> Self {
        Self {
            id,
            description: String::new(),
            site,
            addresses: vec![PrivateAddress { address, public: None }],
            ipv6: None,
            groups: Vec::new(),
            holder,
            denies_internet: false,
        }
    }

    pub(crate) fn described(self, description: impl Into<String>) -> Self {
        Self { description: description.into(), ..self }
    }

    pub(crate) fn with_ipv6(self, address: Option<Ipv6Addr>) -> Self {
        Self { ipv6: address, ..self }
    }

    /// Maps a public address, if there is one, to the last private address.
    pub(crate) fn with_public(mut self, public: Option<PublicAddress>) -> Self {
        if let Some(private) = self.addresses.last_mut() {
            private.public = public;
        }
        self
    }

    /// Adds a private address.
    pub(crate) fn with_secondary(mut self, address: Ipv4Addr) -> Self {
        self.addresses.push(PrivateAddress { address, public: None });
        self
    }
}

/// The subnet in which an interface lies.
#[derive(Clone, Debug)]
pub(crate) struct Site {
    pub(crate) subnet: String,
    pub(crate) vpc: String,
    pub(crate) zone: char,
}

/// A private IPv4 address, with the public one that is mapped to it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct PrivateAddress {
    pub(crate) address: Ipv4Addr,
    pub(crate) public: Option<PublicAddress>,
}

/// A public IPv4 address.
#[derive(Clone, Copy, Debug)]
pub(crate) struct PublicAddress {
    pub(crate) address: Ipv4Addr,
    /// True for an Elastic IP address, false for one that EC2 or a service lends.
    pub(crate) is_elastic: bool,
}

impl PublicAddress {
    pub(crate) const fn elastic(address: Ipv4Addr) -> Self {
        Self { address, is_elastic: true }
    }

    pub(crate) const fn lent(address: Ipv4Addr) -> Self {
        Self { address, is_elastic: false }
    }
}

/// A security group as interfaces mention it.
#[derive(Clone, Debug)]
pub(crate) struct GroupName {
    pub(crate) id: String,
    pub(crate) name: String,
}

/// Who an interface belongs to. Each variant is a row of the table of [`Holder::traits`].
#[derive(Clone, Debug)]
pub(crate) enum Holder {
    /// An instance, by id, with the index of the interface on it.
    Instance(String, u16),
    NatGateway,
    ApplicationLoadBalancer,
    Database,
    Cache,
    /// A function; the text tells its role apart from others.
    Function(String),
    Endpoint,
}

/// How AWS describes the interfaces of one kind of holder.
pub(crate) struct HolderTraits {
    /// `InterfaceType`.
    pub(crate) interface_type: &'static str,
    /// `RequesterId`, where it is the same for everybody.
    pub(crate) requester: Option<&'static str>,
    /// `RequesterManaged`.
    pub(crate) is_managed: bool,
    /// `Attachment.InstanceOwnerId`; `None` for the account itself.
    pub(crate) instance_owner: Option<&'static str>,
    /// The prefix of `Attachment.AttachmentId`.
    pub(crate) attachment: &'static str,
    /// `SourceDestCheck`.
    pub(crate) checks_source: bool,
    /// `Association.IpOwnerId` of an address that is not elastic.
    pub(crate) address_owner: &'static str,
}

impl Holder {
    /// Returns the index of the interface on its instance; everybody else uses the second slot.
    pub(crate) const fn index(&self) -> u16 {
        match self {
            Self::Instance(_, index) => *index,
            _ => 1,
        }
    }

    /// Returns the id of the instance, if it is one.
    pub(crate) const fn instance(&self) -> Option<&String> {
        match self {
            Self::Instance(id, _) => Some(id),
            _ => None,
        }
    }

    /// Returns how AWS describes such an interface, as recorded answers of `describe-network-interfaces`
    /// show it. The accounts of numbers are invented.
    pub(crate) fn traits(&self) -> HolderTraits {
        match self {
            Self::Instance(..) => traits("interface", None, false, None, true, "amazon"),
            Self::NatGateway => traits(
                "nat_gateway",
                Some("439115271263"),
                true,
                Some("amazon-aws"),
                false,
                "amazon",
            ),
            Self::ApplicationLoadBalancer => service("amazon-elb"),
            Self::Database => service("amazon-rds"),
            Self::Cache => service("amazon-elasticache"),
            Self::Function(_) => traits("lambda", None, false, Some("amazon-aws"), true, "amazon"),
            Self::Endpoint => traits(
                "vpc_endpoint",
                Some("727180483921"),
                true,
                Some("amazon-aws"),
                true,
                "amazon",
            ),
        }
    }
}

/// Returns the traits of a service that works with instances of its own.
fn service(name: &'static str) -> HolderTraits {
    traits("interface", Some(name), true, Some(name), true, name)
}

fn traits(
    interface_type: &'static str,
    requester: Option<&'static str>,
    is_managed: bool,
    instance_owner: Option<&'static str>,
    checks_source: bool,
    address_owner: &'static str,
) -> HolderTraits {
    // Interfaces of Hyperplane are attached to no instance anybody could see.
    let is_hyperplane = instance_owner == Some("amazon-aws");
    let attachment = if is_hyperplane { "ela-attach" } else { "eni-attach" };
    HolderTraits {
        interface_type,
        requester,
        is_managed,
        instance_owner,
        attachment,
        checks_source,
        address_owner,
    }
}
