//! Databases, warehouses, caches and search clusters.
//!
//! Sources: Amazon RDS API, `DBInstance`, `DBCluster`; ElastiCache API, `CacheCluster`; Redshift, `MemoryDB` and
//! DAX APIs, `Cluster`; OpenSearch Service API, `DomainStatus`.

use portolan_model::{Database, SubnetId};
use serde::Deserialize;

use super::load_balancer::partition;
use crate::builder::{Builder, Clues};
use crate::refusal::Refusal;
use crate::wire::{List, Text};

/// What the answers of all the services are brought to.
#[derive(Default)]
struct Common<'a> {
    /// The ARN; the answer of Redshift has none.
    arn: Option<&'a Text<'a>>,
    name: Option<&'a Text<'a>>,
    zone: Option<&'a Text<'a>>,
    engine: &'a str,
    /// The port; 0 where there is none yet.
    port: Option<u16>,
    vpc: Option<&'a Text<'a>>,
    groups: Vec<&'a Text<'a>>,
    is_publicly_accessible: bool,
    subnets: Vec<SubnetId>,
}

fn insert(builder: &mut Builder, common: Common<'_>) {
    let place = builder.place(Clues { arn: common.arn, zone: common.zone, ..Clues::default() });
    let name = builder.text_or_empty(common.name);
    let id = match (common.arn, &place.account, &place.region) {
        (Some(arn), _, _) => builder.text(arn),
        (None, Some(account), Some(region)) => {
            let partition = partition(region.as_str());
            builder.text(&format!("arn:{partition}:redshift:{region}:{account}:cluster:{name}"))
        }
        _ => name.clone(),
    };
    let database = Database {
        id: id.into(),
        place,
        name,
        engine: builder.text(common.engine),
        port: common.port.filter(|port| *port > 0),
        vpc: builder.some_id(common.vpc),
        security_groups: builder.ids(common.groups),
        is_publicly_accessible: common.is_publicly_accessible,
    };
    if !common.subnets.is_empty() {
        builder.loose.database_subnets.insert(database.id.clone(), common.subnets);
    }
    builder.insert(database);
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Endpoint {
    port: Option<u16>,
}

fn port(endpoint: Option<&Endpoint>) -> Option<u16> {
    endpoint.and_then(|endpoint| endpoint.port)
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", bound(deserialize = "'de: 'a"))]
struct VpcGroup<'a> {
    vpc_security_group_id: Option<Text<'a>>,
}

fn vpc_groups<'a>(groups: &'a List<VpcGroup<'a>>) -> Vec<&'a Text<'a>> {
    groups.iter().filter_map(|group| group.vpc_security_group_id.as_ref()).collect()
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", bound(deserialize = "'de: 'a"))]
struct InstanceAnswer<'a> {
    #[serde(rename = "DBInstanceArn")]
    arn: Option<Text<'a>>,
    #[serde(rename = "DBInstanceIdentifier")]
    name: Text<'a>,
    availability_zone: Option<Text<'a>>,
    engine: Option<Text<'a>>,
    endpoint: Option<Endpoint>,
    db_instance_port: Option<u16>,
    #[serde(rename = "DBSubnetGroup")]
    subnet_group: Option<SubnetGroup<'a>>,
    vpc_security_groups: List<VpcGroup<'a>>,
    publicly_accessible: Option<bool>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", bound(deserialize = "'de: 'a"))]
struct SubnetGroup<'a> {
    vpc_id: Option<Text<'a>>,
    subnets: List<Subnet<'a>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", bound(deserialize = "'de: 'a"))]
struct Subnet<'a> {
    subnet_identifier: Option<Text<'a>>,
}

/// Reads an instance of RDS, Aurora, Neptune or `DocumentDB`.
pub(crate) fn read_instance(builder: &mut Builder, bytes: &[u8]) -> Result<(), Refusal> {
    let answer: InstanceAnswer<'_> = serde_json::from_slice(bytes)?;
    let group = answer.subnet_group.as_ref();
    let subnets = group.into_iter().flat_map(|group| group.subnets.iter());
    let common = Common {
        arn: answer.arn.as_ref(),
        name: Some(&answer.name),
        zone: answer.availability_zone.as_ref(),
        engine: answer.engine.as_deref().unwrap_or_default(),
        port: port(answer.endpoint.as_ref()).or(answer.db_instance_port),
        vpc: group.and_then(|group| group.vpc_id.as_ref()),
        groups: vpc_groups(&answer.vpc_security_groups),
        is_publicly_accessible: answer.publicly_accessible.unwrap_or_default(),
        subnets: builder.ids(subnets.filter_map(|subnet| subnet.subnet_identifier.as_ref())),
    };
    insert(builder, common);
    Ok(())
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", bound(deserialize = "'de: 'a"))]
struct ClusterAnswer<'a> {
    #[serde(rename = "DBClusterArn")]
    arn: Option<Text<'a>>,
    #[serde(rename = "DBClusterIdentifier")]
    name: Text<'a>,
    engine: Option<Text<'a>>,
    port: Option<u16>,
    vpc_security_groups: List<VpcGroup<'a>>,
    publicly_accessible: Option<bool>,
}

/// Reads a cluster of RDS, Aurora, Neptune or `DocumentDB`.
pub(crate) fn read_cluster(builder: &mut Builder, bytes: &[u8]) -> Result<(), Refusal> {
    let answer: ClusterAnswer<'_> = serde_json::from_slice(bytes)?;
    let common = Common {
        arn: answer.arn.as_ref(),
        name: Some(&answer.name),
        engine: answer.engine.as_deref().unwrap_or_default(),
        port: answer.port,
        groups: vpc_groups(&answer.vpc_security_groups),
        is_publicly_accessible: answer.publicly_accessible.unwrap_or_default(),
        ..Common::default()
    };
    insert(builder, common);
    Ok(())
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", bound(deserialize = "'de: 'a"))]
struct CacheAnswer<'a> {
    #[serde(rename = "ARN")]
    arn: Option<Text<'a>>,
    cache_cluster_id: Text<'a>,
    preferred_availability_zone: Option<Text<'a>>,
    engine: Option<Text<'a>>,
    configuration_endpoint: Option<Endpoint>,
    cache_nodes: List<CacheNode>,
    security_groups: List<CacheGroup<'a>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct CacheNode {
    endpoint: Option<Endpoint>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", bound(deserialize = "'de: 'a"))]
struct CacheGroup<'a> {
    #[serde(alias = "SecurityGroupIdentifier")]
    security_group_id: Option<Text<'a>>,
}

fn cache_groups<'a>(groups: &'a List<CacheGroup<'a>>) -> Vec<&'a Text<'a>> {
    groups.iter().filter_map(|group| group.security_group_id.as_ref()).collect()
}

/// Reads a cluster of ElastiCache.
pub(crate) fn read_cache(builder: &mut Builder, bytes: &[u8]) -> Result<(), Refusal> {
    let answer: CacheAnswer<'_> = serde_json::from_slice(bytes)?;
    let node = answer.cache_nodes.iter().find_map(|node| port(node.endpoint.as_ref()));
    let common = Common {
        arn: answer.arn.as_ref(),
        name: Some(&answer.cache_cluster_id),
        zone: answer.preferred_availability_zone.as_ref(),
        engine: answer.engine.as_deref().unwrap_or_default(),
        port: port(answer.configuration_endpoint.as_ref()).or(node),
        groups: cache_groups(&answer.security_groups),
        ..Common::default()
    };
    insert(builder, common);
    Ok(())
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", bound(deserialize = "'de: 'a"))]
struct AnyCluster<'a> {
    /// Redshift's name.
    cluster_identifier: Option<Text<'a>>,
    /// `MemoryDB`'s.
    #[serde(rename = "ARN")]
    arn: Option<Text<'a>>,
    name: Option<Text<'a>>,
    engine: Option<Text<'a>>,
    cluster_endpoint: Option<Endpoint>,
    /// DAX's.
    cluster_arn: Option<Text<'a>>,
    cluster_name: Option<Text<'a>>,
    cluster_discovery_endpoint: Option<Endpoint>,
    security_groups: List<CacheGroup<'a>>,
    availability_zone: Option<Text<'a>>,
    endpoint: Option<Endpoint>,
    vpc_id: Option<Text<'a>>,
    vpc_security_groups: List<VpcGroup<'a>>,
    publicly_accessible: Option<bool>,
}

/// Reads a cluster of Redshift, `MemoryDB` or DAX. Amazon EMR, `CloudHSM` and others have clusters too.
pub(crate) fn read_any_cluster(builder: &mut Builder, bytes: &[u8]) -> Result<(), Refusal> {
    // Other services are free to use the same names for something else.
    let answer: AnyCluster<'_> = serde_json::from_slice(bytes).map_err(|error| {
        if error.is_data() { Refusal::Foreign } else { Refusal::Malformed(error) }
    })?;
    insert(builder, answer.common().ok_or(Refusal::Foreign)?);
    Ok(())
}

impl<'a> AnyCluster<'a> {
    fn common(&'a self) -> Option<Common<'a>> {
        if self.cluster_identifier.is_some() {
            return Some(self.redshift());
        }
        let is_memory_db = self.cluster_endpoint.is_some() && self.arn.is_some();
        let is_dax = self.cluster_discovery_endpoint.is_some() && self.cluster_arn.is_some();
        (is_memory_db || is_dax).then(|| Common {
            arn: self.arn.as_ref().or(self.cluster_arn.as_ref()),
            name: self.name.as_ref().or(self.cluster_name.as_ref()),
            engine: if is_dax { "dax" } else { self.engine.as_deref().unwrap_or("redis") },
            port: port(self.cluster_endpoint.as_ref())
                .or(port(self.cluster_discovery_endpoint.as_ref())),
            groups: cache_groups(&self.security_groups),
            ..Common::default()
        })
    }

    fn redshift(&'a self) -> Common<'a> {
        Common {
            name: self.cluster_identifier.as_ref(),
            zone: self.availability_zone.as_ref(),
            engine: "redshift",
            port: port(self.endpoint.as_ref()),
            vpc: self.vpc_id.as_ref(),
            groups: vpc_groups(&self.vpc_security_groups),
            is_publicly_accessible: self.publicly_accessible.unwrap_or_default(),
            ..Common::default()
        }
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", bound(deserialize = "'de: 'a"))]
struct SearchAnswer<'a> {
    #[serde(rename = "ARN")]
    arn: Option<Text<'a>>,
    domain_name: Text<'a>,
    engine_version: Option<Text<'a>>,
    #[serde(rename = "VPCOptions")]
    vpc_options: Option<VpcOptions<'a>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", bound(deserialize = "'de: 'a"))]
struct VpcOptions<'a> {
    #[serde(rename = "VPCId")]
    vpc_id: Option<Text<'a>>,
    security_group_ids: List<Text<'a>>,
}

/// The port of HTTPS. A domain that does not require HTTPS answers at port 80 too.
const SEARCH_PORT: u16 = 443;

/// Reads a domain of OpenSearch Service. A domain without a VPC has a public endpoint.
pub(crate) fn read_search(builder: &mut Builder, bytes: &[u8]) -> Result<(), Refusal> {
    let answer: SearchAnswer<'_> = serde_json::from_slice(bytes)?;
    let options = answer.vpc_options.as_ref();
    let groups = options.into_iter().flat_map(|options| options.security_group_ids.iter());
    let is_open_search =
        answer.engine_version.as_deref().is_some_and(|version| version.starts_with("OpenSearch"));
    let common = Common {
        arn: answer.arn.as_ref(),
        name: Some(&answer.domain_name),
        engine: if is_open_search { "opensearch" } else { "elasticsearch" },
        port: Some(SEARCH_PORT),
        vpc: options.and_then(|options| options.vpc_id.as_ref()),
        groups: groups.collect(),
        is_publicly_accessible: options.is_none_or(|options| options.vpc_id.is_none()),
        ..Common::default()
    };
    insert(builder, common);
    Ok(())
}
