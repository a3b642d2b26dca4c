//! `describe-network-interfaces` and `describe-addresses`.

use super::super::estate::{GroupName, Holder, Interface, PrivateAddress, PublicAddress};
use super::super::identity::{Moment, capital_id, hardware_address, resource_id};
use super::super::json::{Json, object};
use super::super::place::Place;
use super::host;

pub(super) fn network_interface(place: &Place, interface: &Interface) -> Json {
    let traits = interface.holder.traits();
    let primary = interface.addresses.first();
    let public = primary.and_then(|primary| association(place, interface, primary));
    object! {
        "Association": public,
        "Attachment": attachment(place, interface),
        "AvailabilityZone": place.zone(interface.site.zone),
        "Description": &interface.description,
        "Groups": group_list(&interface.groups),
        "InterfaceType": traits.interface_type,
        "Ipv6Addresses": ipv6_list(interface),
        "MacAddress": hardware_address(&interface.id),
        "NetworkInterfaceId": &interface.id,
        "OwnerId": &place.account.id,
        "PrivateDnsName": primary.map(|primary| host::private_name(place, primary.address)),
        "PrivateIpAddress": primary.map(|primary| primary.address.to_string()),
        "PrivateIpAddresses": private_list(place, interface, association),
        "RequesterId": requester(place, &interface.holder),
        "RequesterManaged": traits.is_managed,
        "SourceDestCheck": traits.checks_source,
        "Status": "in-use",
        "SubnetId": &interface.site.subnet,
        "TagSet": Vec::new(),
        "VpcId": &interface.site.vpc,
        "DenyAllIgwTraffic": interface.denies_internet.then_some(true),
        "Operator": object! { "Managed": false },
        "AvailabilityZoneId": place.zone_id(interface.site.zone),
    }
}

pub(super) fn group_list(groups: &[GroupName]) -> Json {
    Json::list(
        groups.iter().map(|group| object! { "GroupId": &group.id, "GroupName": &group.name }),
    )
}

pub(super) fn ipv6_list(interface: &Interface) -> Json {
    let address = interface.ipv6.map(|address| {
        object! { "Ipv6Address": address.to_string(), "IsPrimaryIpv6": false }
    });
    Json::list(address)
}

/// Returns the private addresses; instances and interfaces differ in what they tell of public ones.
pub(super) fn private_list(
    place: &Place,
    interface: &Interface,
    association: impl Fn(&Place, &Interface, &PrivateAddress) -> Option<Json>,
) -> Json {
    let addresses = interface.addresses.iter().enumerate();
    Json::list(addresses.map(|(index, address)| {
        object! {
            "Association": association(place, interface, address),
            "Primary": index == 0,
            "PrivateDnsName": host::private_name(place, address.address),
            "PrivateIpAddress": address.address.to_string(),
        }
    }))
}

fn attachment(place: &Place, interface: &Interface) -> Json {
    let traits = interface.holder.traits();
    let (instance, index) = (interface.holder.instance(), interface.holder.index());
    let is_visible = traits.attachment == "eni-attach";
    object! {
        "AttachTime": is_visible.then(|| Moment::of(&interface.id).in_seconds()),
        "AttachmentId": attachment_id(interface),
        "DeleteOnTermination": instance.is_some() && index == 0,
        "DeviceIndex": index,
        "NetworkCardIndex": is_visible.then_some(0),
        "InstanceId": instance,
        "InstanceOwnerId": traits.instance_owner.unwrap_or(&place.account.id).to_owned(),
        "Status": "attached",
    }
}

pub(super) fn attachment_id(interface: &Interface) -> String {
    resource_id(interface.holder.traits().attachment, &[&interface.id])
}

fn requester(place: &Place, holder: &Holder) -> Option<String> {
    let shared = holder.traits().requester.map(str::to_owned);
    match holder {
        Holder::Function(name) => {
            let role = capital_id("AROA", 17, &[name, &place.account.id]);
            Some(format!("{role}:{}", place.account.id))
        }
        _ => shared,
    }
}

fn association(place: &Place, interface: &Interface, private: &PrivateAddress) -> Option<Json> {
    let public = private.public?;
    Some(object! {
        "AllocationId": public.is_elastic.then(|| allocation_id(interface, public)),
        "AssociationId": public.is_elastic.then(|| association_id(interface, public)),
        "IpOwnerId": address_owner(place, interface, public),
        "PublicDnsName": host::public_name(place, public.address),
        "PublicIp": public.address.to_string(),
    })
}

/// Returns who owns a public address: the account, or the service that lends it.
pub(super) fn address_owner(place: &Place, interface: &Interface, public: PublicAddress) -> String {
    let lender = interface.holder.traits().address_owner;
    if public.is_elastic { place.account.id.clone() } else { lender.to_owned() }
}

pub(super) fn allocation_id(interface: &Interface, public: PublicAddress) -> String {
    resource_id("eipalloc", &[&interface.id, &public.address.to_string()])
}

pub(super) fn association_id(interface: &Interface, public: PublicAddress) -> String {
    resource_id("eipassoc", &[&interface.id, &public.address.to_string()])
}

/// Returns the Elastic IP addresses of an interface as `describe-addresses` lists them.
pub(super) fn elastic_addresses<'run>(
    place: &'run Place,
    interface: &'run Interface,
) -> impl Iterator<Item = Json> + 'run {
    interface.addresses.iter().filter_map(|private| {
        let public = private.public.filter(|public| public.is_elastic)?;
        Some(address(place, interface, private, public))
    })
}

fn address(
    place: &Place,
    interface: &Interface,
    private: &PrivateAddress,
    public: PublicAddress,
) -> Json {
    object! {
        "AllocationId": allocation_id(interface, public),
        "AssociationId": association_id(interface, public),
        "Domain": "vpc",
        "NetworkInterfaceId": &interface.id,
        "NetworkInterfaceOwnerId": &place.account.id,
        "PrivateIpAddress": private.address.to_string(),
        "PublicIpv4Pool": "amazon",
        "NetworkBorderGroup": place.region.name,
        "InstanceId": interface.holder.instance(),
        "PublicIp": public.address.to_string(),
    }
}
