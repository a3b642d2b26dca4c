//! Services inside the VPC: RDS databases, cache nodes, Lambda functions.

use super::super::estate::{CacheNode, Database, Function, GroupName, Interface};
use super::super::identity::{Moment, capital_id, characters, uuid};
use super::super::json::{Json, object};
use super::super::place::Place;
use super::tag;

const LETTERS_AND_DIGITS: &[u8] = b"abcdefghijklmnopqrstuvwxyz0123456789";
const BASE64: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// Returns the part of database and cache host names that is the same throughout a place.
fn customer_name(place: &Place, count: usize) -> String {
    characters(count, LETTERS_AND_DIGITS, &[&place.folder()])
}

/// Returns group memberships; the two services name the members alike but for the id.
fn memberships(groups: &[GroupName], id: &'static str) -> Json {
    let member = |group: &GroupName| {
        Json::object([(id, Json::from(&group.id)), ("Status", "active".into())])
    };
    Json::list(groups.iter().map(member))
}

pub(super) fn database(place: &Place, database: &Database) -> Json {
    let Database { name, interface, .. } = database;
    let domain = customer_name(place, 12);
    let created = Moment::of(name);
    object! {
        "DBInstanceIdentifier": name,
        "DBInstanceClass": "db.m6g.large",
        "Engine": "postgres",
        "DBInstanceStatus": "available",
        "MasterUsername": "postgres",
        "DBName": name.replace('-', "_"),
        "Endpoint": object! {
            "Address": format!("{name}.{domain}.{}.rds.amazonaws.com", place.region.name),
            "Port": 5432,
            "HostedZoneId": place.region.database_zone,
        },
        "AllocatedStorage": 100,
        "InstanceCreateTime": created.in_microseconds(),
        "PreferredBackupWindow": "01:12-01:42",
        "BackupRetentionPeriod": 7,
        "DBSecurityGroups": Vec::new(),
        "VpcSecurityGroups": memberships(&interface.groups, "VpcSecurityGroupId"),
        "DBParameterGroups": vec![object! {
            "DBParameterGroupName": "default.postgres16", "ParameterApplyStatus": "in-sync",
        }],
        "AvailabilityZone": place.zone(interface.site.zone),
        "DBSubnetGroup": database_subnet_group(place, database),
        "PreferredMaintenanceWindow": "sun:03:08-sun:03:38",
        "PendingModifiedValues": object! {},
        "MultiAZ": false,
        "EngineVersion": "16.4",
        "AutoMinorVersionUpgrade": true,
        "ReadReplicaDBInstanceIdentifiers": Vec::new(),
        "LicenseModel": "postgresql-license",
        "OptionGroupMemberships": vec![object! {
            "OptionGroupName": "default:postgres-16", "Status": "in-sync",
        }],
        "PubliclyAccessible": database.is_public,
        "StorageType": "gp3",
        "DbInstancePort": 0,
        "StorageEncrypted": true,
        "KmsKeyId": place.arn("kms", &format!("key/{}", uuid(&[&place.folder(), "rds"]))),
        "DbiResourceId": capital_id("db-", 26, &[name, &interface.id]),
        "CACertificateIdentifier": "rds-ca-rsa2048-g1",
        "DomainMemberships": Vec::new(),
        "CopyTagsToSnapshot": true,
        "MonitoringInterval": 0,
        "DBInstanceArn": place.arn("rds", &format!("db:{name}")),
        "IAMDatabaseAuthenticationEnabled": false,
        "PerformanceInsightsEnabled": false,
        "DeletionProtection": true,
        "AssociatedRoles": Vec::new(),
        "TagList": Json::list([tag("Name", name.clone())]),
        "CustomerOwnedIpEnabled": false,
        "NetworkType": "IPV4",
        "ActivityStreamStatus": "stopped",
        "BackupTarget": "region",
        "DedicatedLogVolume": false,
        "EngineLifecycleSupport": "open-source-rds-extended-support",
    }
}

fn database_subnet_group(place: &Place, database: &Database) -> Json {
    let subnets = database.subnets.iter().map(|(id, zone)| {
        object! {
            "SubnetIdentifier": id,
            "SubnetAvailabilityZone": object! { "Name": place.zone(*zone) },
            "SubnetOutpost": object! {},
            "SubnetStatus": "Active",
        }
    });
    object! {
        "DBSubnetGroupName": format!("{}-subnets", database.name),
        "DBSubnetGroupDescription": format!("Subnets of {}", database.name),
        "VpcId": &database.interface.site.vpc,
        "SubnetGroupStatus": "Complete",
        "Subnets": Json::list(subnets),
    }
}

pub(super) fn cache_cluster(place: &Place, node: &CacheNode) -> Json {
    let id = node.id();
    let created = Moment::of(&id).in_microseconds();
    object! {
        "CacheClusterId": id.clone(),
        "ClientDownloadLandingPage":
            "https://console.aws.amazon.com/elasticache/home#client-download:",
        "CacheNodeType": "cache.t4g.small",
        "Engine": "redis",
        "EngineVersion": "7.1.0",
        "CacheClusterStatus": "available",
        "NumCacheNodes": 1,
        "PreferredAvailabilityZone": place.zone(node.interface.site.zone),
        "CacheClusterCreateTime": created.clone(),
        "PreferredMaintenanceWindow": "mon:02:00-mon:03:00",
        "PendingModifiedValues": object! {},
        "CacheSecurityGroups": Vec::new(),
        "CacheParameterGroup": object! {
            "CacheParameterGroupName": "default.redis7",
            "ParameterApplyStatus": "in-sync",
            "CacheNodeIdsToReboot": Vec::new(),
        },
        "CacheSubnetGroupName": subnet_group_name(node),
        "CacheNodes": vec![cache_node(place, node, created)],
        "AutoMinorVersionUpgrade": true,
        "SecurityGroups": memberships(&node.interface.groups, "SecurityGroupId"),
        "ReplicationGroupId": &node.cluster,
        "SnapshotRetentionLimit": 0,
        "SnapshotWindow": "00:30-01:30",
        "AuthTokenEnabled": false,
        "TransitEncryptionEnabled": false,
        "AtRestEncryptionEnabled": true,
        "ARN": place.arn("elasticache", &format!("cluster:{id}")),
        "ReplicationGroupLogDeliveryEnabled": false,
        "LogDeliveryConfigurations": Vec::new(),
        "NetworkType": "ipv4",
        "IpDiscovery": "ipv4",
    }
}

/// Returns the node as `--show-cache-node-info` adds it.
fn cache_node(place: &Place, node: &CacheNode, created: String) -> Json {
    let domain = customer_name(place, 6);
    let shard = format!("{}.0001.{}", domain, place.region.zone_prefix);
    object! {
        "CacheNodeId": "0001",
        "CacheNodeStatus": "available",
        "CacheNodeCreateTime": created,
        "Endpoint": object! {
            "Address": format!("{}.{shard}.cache.amazonaws.com", node.id()), "Port": 6379,
        },
        "ParameterGroupStatus": "in-sync",
        "CustomerAvailabilityZone": place.zone(node.interface.site.zone),
    }
}

fn subnet_group_name(node: &CacheNode) -> String {
    format!("{}-subnets", node.cluster)
}

pub(super) fn cache_subnet_group<'nodes>(
    place: &Place,
    first: &CacheNode,
    nodes: impl Iterator<Item = &'nodes CacheNode>,
) -> Json {
    let subnets = nodes.map(|node| {
        object! {
            "SubnetIdentifier": &node.interface.site.subnet,
            "SubnetAvailabilityZone": object! { "Name": place.zone(node.interface.site.zone) },
            "SupportedNetworkTypes": Json::list(["ipv4"]),
        }
    });
    let name = subnet_group_name(first);
    object! {
        "CacheSubnetGroupName": name.clone(),
        "CacheSubnetGroupDescription": format!("Subnets of {}", first.cluster),
        "VpcId": &first.interface.site.vpc,
        "Subnets": Json::list(subnets),
        "ARN": place.arn("elasticache", &format!("subnetgroup:{name}")),
        "SupportedNetworkTypes": Json::list(["ipv4"]),
    }
}

pub(super) fn function(place: &Place, function: &Function) -> Json {
    let Function { name, interfaces } = function;
    object! {
        "FunctionName": name,
        "FunctionArn": place.arn("lambda", &format!("function:{name}")),
        "Runtime": "python3.12",
        "Role": format!("arn:aws:iam::{}:role/service-role/{name}", place.account.id),
        "Handler": "app.handler",
        "CodeSize": 48_213,
        "Description": "",
        "Timeout": 30,
        "MemorySize": 256,
        "LastModified": Moment::of(name).lambda(),
        "CodeSha256": format!("{}=", characters(43, BASE64, &[name])),
        "Version": "$LATEST",
        "VpcConfig": interfaces.first().map(|first| vpc_config(interfaces, first)),
        "TracingConfig": object! { "Mode": "PassThrough" },
        "RevisionId": uuid(&[&place.folder(), name]),
        "PackageType": "Zip",
        "Architectures": Json::list(["x86_64"]),
        "EphemeralStorage": object! { "Size": 512 },
        "SnapStart": object! { "ApplyOn": "None", "OptimizationStatus": "Off" },
        "LoggingConfig": object! {
            "LogFormat": "Text", "LogGroup": format!("/aws/lambda/{name}"),
        },
    }
}

fn vpc_config(interfaces: &[Interface], first: &Interface) -> Json {
    object! {
        "SubnetIds": Json::list(interfaces.iter().map(|interface| &interface.site.subnet)),
        "SecurityGroupIds": Json::list(first.groups.iter().map(|group| &group.id)),
        "VpcId": &first.site.vpc,
        "Ipv6AllowedForDualStack": false,
    }
}
