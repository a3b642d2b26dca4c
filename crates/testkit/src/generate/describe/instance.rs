//! `describe-instances`: each instance in a reservation of its own.

use super::super::estate::{Instance, Interface, PrivateAddress};
use super::super::identity::{Moment, capital_id, hardware_address, resource_id, uuid};
use super::super::json::{Json, object};
use super::super::place::Place;
use super::network_interface::{address_owner, attachment_id, group_list, ipv6_list, private_list};
use super::{host, tag};

pub(super) fn reservation(place: &Place, instance: &Instance) -> Json {
    object! {
        "ReservationId": resource_id("r", &[&instance.id]),
        "OwnerId": &place.account.id,
        "Groups": Vec::new(),
        "Instances": Json::list(instance.interfaces.first().map(|primary| {
            describe(place, instance, primary)
        })),
    }
}

/// Returns the instance, whose own addresses and groups are those of its primary interface.
fn describe(place: &Place, instance: &Instance, primary: &Interface) -> Json {
    let (platform, details, usage) = if instance.is_windows {
        (Some("windows"), "Windows", "RunInstances:0002")
    } else {
        (None, "Linux/UNIX", "RunInstances")
    };
    let launched = Moment::of(&instance.id).in_seconds();
    let private = primary.addresses.first();
    let public = private.and_then(|private| private.public);
    object! {
        "Architecture": "x86_64",
        "BlockDeviceMappings": vec![root_volume(instance, launched.clone())],
        "ClientToken": uuid(&[&instance.id, "token"]),
        "EbsOptimized": true,
        "EnaSupport": true,
        "Hypervisor": "xen",
        "IamInstanceProfile": object! {
            "Arn": format!("arn:aws:iam::{}:instance-profile/ssm-managed", place.account.id),
            "Id": capital_id("AIPA", 17, &[&place.account.id]),
        },
        "NetworkInterfaces": Json::list(instance.interfaces.iter().map(|interface| {
            network_interface(place, interface)
        })),
        "RootDeviceName": root_device(instance),
        "RootDeviceType": "ebs",
        "SecurityGroups": group_list(&primary.groups),
        "SourceDestCheck": primary.holder.traits().checks_source,
        "Tags": tags(instance),
        "VirtualizationType": "hvm",
        "CpuOptions": object! { "CoreCount": 1, "ThreadsPerCore": 2 },
        "CapacityReservationSpecification": object! { "CapacityReservationPreference": "open" },
        "HibernationOptions": object! { "Configured": false },
        "MetadataOptions": object! {
            "State": "applied",
            "HttpTokens": "required",
            "HttpPutResponseHopLimit": 2,
            "HttpEndpoint": "enabled",
            "HttpProtocolIpv6": "disabled",
            "InstanceMetadataTags": "disabled",
        },
        "EnclaveOptions": object! { "Enabled": false },
        "PlatformDetails": details,
        "UsageOperation": usage,
        "UsageOperationUpdateTime": launched.clone(),
        "PrivateDnsNameOptions": object! {
            "HostnameType": "ip-name",
            "EnableResourceNameDnsARecord": false,
            "EnableResourceNameDnsAAAARecord": false,
        },
        "Ipv6Address": primary.ipv6.map(|address| address.to_string()),
        "MaintenanceOptions": object! { "AutoRecovery": "default", "RebootMigration": "default" },
        "CurrentInstanceBootMode": "legacy-bios",
        "NetworkPerformanceOptions": object! { "BandwidthWeighting": "default" },
        "Operator": object! { "Managed": false },
        "InstanceId": &instance.id,
        "ImageId": resource_id("ami", &[place.region.name, details]),
        "State": object! { "Code": 16, "Name": "running" },
        "PrivateDnsName": private.map(|private| host::private_name(place, private.address)),
        "PublicDnsName": public.map(|public| host::public_name(place, public.address)).unwrap_or_default(),
        "StateTransitionReason": "",
        "KeyName": instance.key_name,
        "AmiLaunchIndex": 0,
        "ProductCodes": Vec::new(),
        "InstanceType": instance.class,
        "LaunchTime": launched,
        "Placement": object! {
            "AvailabilityZoneId": place.zone_id(primary.site.zone),
            "GroupName": "",
            "Tenancy": "default",
            "AvailabilityZone": place.zone(primary.site.zone),
        },
        "Platform": platform,
        "Monitoring": object! { "State": "disabled" },
        "SubnetId": &primary.site.subnet,
        "VpcId": &primary.site.vpc,
        "PrivateIpAddress": private.map(|private| private.address.to_string()),
        "PublicIpAddress": public.map(|public| public.address.to_string()),
    }
}

fn root_volume(instance: &Instance, attached: String) -> Json {
    object! {
        "DeviceName": root_device(instance),
        "Ebs": object! {
            "AttachTime": attached,
            "DeleteOnTermination": true,
            "Status": "attached",
            "VolumeId": resource_id("vol", &[&instance.id]),
        },
    }
}

fn root_device(instance: &Instance) -> &'static str {
    if instance.is_windows { "/dev/sda1" } else { "/dev/xvda" }
}

fn tags(instance: &Instance) -> Json {
    let name = tag("Name", instance.name.clone());
    let others = instance.tags.iter().map(|(key, value)| tag(key, value.clone()));
    Json::list([name].into_iter().chain(others))
}

fn network_interface(place: &Place, interface: &Interface) -> Json {
    let primary = interface.addresses.first();
    object! {
        "Association": primary.and_then(|primary| association(place, interface, primary)),
        "Attachment": object! {
            "AttachTime": Moment::of(&interface.id).in_seconds(),
            "AttachmentId": attachment_id(interface),
            "DeleteOnTermination": interface.holder.index() == 0,
            "DeviceIndex": interface.holder.index(),
            "Status": "attached",
            "NetworkCardIndex": 0,
        },
        "Description": &interface.description,
        "Groups": group_list(&interface.groups),
        "Ipv6Addresses": ipv6_list(interface),
        "MacAddress": hardware_address(&interface.id),
        "NetworkInterfaceId": &interface.id,
        "OwnerId": &place.account.id,
        "PrivateDnsName": primary.map(|primary| host::private_name(place, primary.address)),
        "PrivateIpAddress": primary.map(|primary| primary.address.to_string()),
        "PrivateIpAddresses": private_list(place, interface, association),
        "SourceDestCheck": interface.holder.traits().checks_source,
        "Status": "in-use",
        "SubnetId": &interface.site.subnet,
        "VpcId": &interface.site.vpc,
        "InterfaceType": interface.holder.traits().interface_type,
        "Operator": object! { "Managed": false },
    }
}

/// Returns the public address, without the allocation that `describe-network-interfaces` adds.
fn association(place: &Place, interface: &Interface, private: &PrivateAddress) -> Option<Json> {
    let public = private.public?;
    Some(object! {
        "IpOwnerId": address_owner(place, interface, public),
        "PublicDnsName": host::public_name(place, public.address),
        "PublicIp": public.address.to_string(),
    })
}
