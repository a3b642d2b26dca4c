//! Whose an interface is, told from its description, type and requester.
//!
//! The services of AWS put interfaces into a customer's subnets and say so only in the description, each in
//! its own words, which no AWS page lists. They were collected from real captures and from public tools that
//! read them. The table decides in its order; it is data, so that a new service is one line.

use std::sync::Arc;

use crate::interface::InterfaceKind;

/// The resource that an interface belongs to.
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Belonging {
    /// What kind of resource it is.
    pub kind: BelongingKind,
    /// Its id or name, where one could be read.
    pub name: Option<Arc<str>>,
}

/// The kinds of resource that have interfaces.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum BelongingKind {
    /// An EC2 instance.
    Instance,
    /// An Application, Network, Gateway or Classic Load Balancer.
    LoadBalancer,
    /// A relational, document, graph or warehouse database.
    Database,
    /// An in-memory cache or database.
    Cache,
    /// A search domain.
    Search,
    /// A Lambda function.
    Function,
    /// A container task.
    Task,
    /// A Kubernetes control plane.
    Cluster,
    /// A NAT gateway.
    NatGateway,
    /// A VPC endpoint.
    Endpoint,
    /// A transit gateway attachment.
    TransitGateway,
    /// A file system's mount target.
    FileSystem,
    /// A directory service.
    Directory,
    /// A message broker.
    Broker,
    /// Another AWS service.
    Service,
    /// Nothing: it is not attached, or nothing tells.
    Unattached,
}

impl Belonging {
    /// Returns whose an interface is, as far as it tells itself.
    ///
    /// `description`, `interface_type` and `requester` are AWS's `Description`, `InterfaceType` and
    /// `RequesterId`; `instance` is the id of the instance that it is attached to. A task or pod that runs
    /// on an instance wins over the instance; everything else loses to it, because an instance's
    /// interface has the description that its owner chose.
    pub fn infer(
        description: Option<&str>,
        interface_type: Option<&str>,
        requester: Option<&str>,
        instance: Option<&str>,
    ) -> Self {
        let description = description.unwrap_or_default();
        by_description(ON_INSTANCES, description)
            .or_else(|| Some(Self::new(BelongingKind::Instance, Some(instance?))))
            .or_else(|| by_description(IN_SUBNETS, description))
            .or_else(|| by_word(TYPES, interface_type?))
            .or_else(|| by_word(REQUESTERS, requester?))
            .unwrap_or(Self::new(BelongingKind::Unattached, None))
    }

    fn new(kind: BelongingKind, name: Option<&str>) -> Self {
        Self { kind, name: name.map(Into::into) }
    }
}

impl InterfaceKind {
    /// Returns how an interface behaves, from `InterfaceType`, or where that says no more than `interface`
    /// from the description. An interface that is attached to an instance is always an ordinary one.
    ///
    /// Source: EC2 API, `NetworkInterface`, `InterfaceType`.
    pub fn infer(
        interface_type: Option<&str>,
        description: Option<&str>,
        instance: Option<&str>,
    ) -> Self {
        match interface_type.unwrap_or("interface") {
            "interface" | "efa" | "efa-only" | "trunk" | "branch" if instance.is_some() => {
                Self::Standard
            }
            "interface" | "efa" | "efa-only" | "trunk" | "branch" => {
                let description = description.unwrap_or_default();
                let row = KINDS.iter().find(|(prefix, _)| description.starts_with(prefix));
                row.map_or(Self::Standard, |(_, kind)| *kind)
            }
            "nat_gateway" | "natGateway" => Self::NatGateway,
            "vpc_endpoint" => Self::Endpoint,
            "gateway_load_balancer_endpoint" => Self::GatewayLoadBalancerEndpoint,
            "load_balancer" | "network_load_balancer" => Self::LoadBalancer,
            "gateway_load_balancer" => Self::GatewayLoadBalancer,
            "lambda" => Self::Lambda,
            "transit_gateway" => Self::TransitGateway,
            _ => Self::Service,
        }
    }
}

/// How the name is found in what follows the words that were recognised.
#[derive(Clone, Copy, Debug)]
enum Name {
    /// There is none.
    None,
    /// This, because the description does not name the service or its resource well.
    Is(&'static str),
    /// The next word.
    Word,
    /// What comes before the next `/` or `:`.
    Segment,
    /// What comes after the last `/`.
    Last,
    /// What comes before a UUID that ends the description.
    BeforeUuid,
    /// The first word that starts so.
    Id(&'static str),
}

/// One way to recognise a description: the words that it starts with, or has in it after `…`.
type Row = (&'static str, BelongingKind, Name);

/// Interfaces that are attached to an instance and belong to something that runs on it.
const ON_INSTANCES: &[Row] = &[
    ("arn:aws:ecs:", BelongingKind::Task, Name::Last),
    ("arn:aws-cn:ecs:", BelongingKind::Task, Name::Last),
    ("arn:aws-us-gov:ecs:", BelongingKind::Task, Name::Last),
    ("aws-k8s-branch-eni", BelongingKind::Task, Name::None),
    ("aws-K8S-", BelongingKind::Instance, Name::Word),
];

/// Interfaces that AWS puts into subnets.
const IN_SUBNETS: &[Row] = &[
    ("ELB app/", BelongingKind::LoadBalancer, Name::Segment),
    ("ELB net/", BelongingKind::LoadBalancer, Name::Segment),
    ("ELB gwy/", BelongingKind::LoadBalancer, Name::Segment),
    ("ELB ", BelongingKind::LoadBalancer, Name::Word),
    ("RDSNetworkInterface", BelongingKind::Database, Name::None),
    ("Network interface for DBProxy ", BelongingKind::Database, Name::Word),
    ("RedshiftNetworkInterface", BelongingKind::Database, Name::None),
    ("ElastiCache ", BelongingKind::Cache, Name::Word),
    ("ElastiCache+", BelongingKind::Cache, Name::Word),
    ("DAX ", BelongingKind::Cache, Name::Word),
    ("ES ", BelongingKind::Search, Name::Word),
    ("AWS Lambda VPC ENI-", BelongingKind::Function, Name::BeforeUuid),
    ("AWS Lambda VPC ENI", BelongingKind::Function, Name::None),
    ("Amazon EKS ", BelongingKind::Cluster, Name::Word),
    ("Interface for NAT Gateway ", BelongingKind::NatGateway, Name::Word),
    ("VPC Endpoint Interface ", BelongingKind::Endpoint, Name::Word),
    (
        "Network Interface for Transit Gateway Attachment ",
        BelongingKind::TransitGateway,
        Name::Word,
    ),
    ("EFS mount target for ", BelongingKind::FileSystem, Name::Word),
    ("…FSx", BelongingKind::FileSystem, Name::Id("fs-")),
    ("AWS created network interface for directory ", BelongingKind::Directory, Name::Word),
    ("…Amazon MSK network interface for cluster ", BelongingKind::Broker, Name::Id("arn:")),
    ("AmazonMQ", BelongingKind::Broker, Name::Id("b-")),
    ("Amazon MQ", BelongingKind::Broker, Name::Id("b-")),
    ("DMSNetworkInterface", BelongingKind::Service, Name::Is("AWS DMS")),
    ("Route 53 Resolver: ", BelongingKind::Service, Name::Segment),
    ("ENI managed by APIGateway", BelongingKind::Service, Name::Is("Amazon API Gateway")),
    ("AWS CodeBuild", BelongingKind::Service, Name::Is("AWS CodeBuild")),
    ("AWS CodeStar Connections", BelongingKind::Service, Name::Is("AWS CodeStar Connections")),
    ("AWS ElasticMapReduce", BelongingKind::Service, Name::Is("Amazon EMR")),
    ("CloudHSM Managed Interface", BelongingKind::Service, Name::Is("AWS CloudHSM")),
    ("CloudHsm ENI", BelongingKind::Service, Name::Is("AWS CloudHSM")),
    ("Created By Amazon Workspaces", BelongingKind::Service, Name::Is("Amazon WorkSpaces")),
    ("Attached to Glue", BelongingKind::Service, Name::Is("AWS Glue")),
    ("Amazon Kinesis Firehose", BelongingKind::Service, Name::Is("Amazon Data Firehose")),
    ("EC2 Instance Connect Endpoint", BelongingKind::Service, Name::Id("eice-")),
    ("…SageMaker", BelongingKind::Service, Name::Is("Amazon SageMaker")),
    ("datasync ", BelongingKind::Service, Name::Is("AWS DataSync")),
];

/// What `InterfaceType` tells where the description does not.
const TYPES: &[Row] = &[
    ("nat_gateway", BelongingKind::NatGateway, Name::None),
    ("natGateway", BelongingKind::NatGateway, Name::None),
    ("load_balancer", BelongingKind::LoadBalancer, Name::None),
    ("network_load_balancer", BelongingKind::LoadBalancer, Name::None),
    ("gateway_load_balancer", BelongingKind::LoadBalancer, Name::None),
    ("vpc_endpoint", BelongingKind::Endpoint, Name::None),
    ("gateway_load_balancer_endpoint", BelongingKind::Endpoint, Name::None),
    ("transit_gateway", BelongingKind::TransitGateway, Name::None),
    ("lambda", BelongingKind::Function, Name::None),
    ("efs", BelongingKind::FileSystem, Name::None),
    ("branch", BelongingKind::Task, Name::None),
    ("quicksight", BelongingKind::Service, Name::Is("Amazon QuickSight")),
    ("global_accelerator_managed", BelongingKind::Service, Name::Is("AWS Global Accelerator")),
    ("api_gateway_managed", BelongingKind::Service, Name::Is("Amazon API Gateway")),
    ("iot_rules_managed", BelongingKind::Service, Name::Is("AWS IoT")),
    (
        "aws_codestar_connections_managed",
        BelongingKind::Service,
        Name::Is("AWS CodeStar Connections"),
    ),
    (
        "ec2_instance_connect_endpoint",
        BelongingKind::Service,
        Name::Is("EC2 Instance Connect Endpoint"),
    ),
];

/// What `RequesterId` tells where neither does.
const REQUESTERS: &[Row] = &[
    ("amazon-elb", BelongingKind::LoadBalancer, Name::None),
    ("amazon-rds", BelongingKind::Database, Name::None),
    ("amazon-redshift", BelongingKind::Database, Name::None),
    ("amazon-elasticache", BelongingKind::Cache, Name::None),
];

/// The kinds of interface whose type may be no more than `interface`, by how the description starts.
const KINDS: &[(&str, InterfaceKind)] = &[
    ("ELB gwy/", InterfaceKind::GatewayLoadBalancer),
    ("ELB ", InterfaceKind::LoadBalancer),
    ("Interface for NAT Gateway ", InterfaceKind::NatGateway),
    ("VPC Endpoint Interface ", InterfaceKind::Endpoint),
    ("AWS Lambda VPC ENI", InterfaceKind::Lambda),
    ("Network Interface for Transit Gateway Attachment ", InterfaceKind::TransitGateway),
];

fn by_description(rows: &[Row], description: &str) -> Option<Belonging> {
    rows.iter().find_map(|(words, kind, name)| {
        let rest = match words.strip_prefix('…') {
            Some(words) => description.split_once(words)?.1,
            None => description.strip_prefix(words)?,
        };
        Some(Belonging::new(*kind, name.find(rest)))
    })
}

fn by_word(rows: &[Row], word: &str) -> Option<Belonging> {
    let (_, kind, name) = rows.iter().find(|(known, _, _)| *known == word)?;
    Some(Belonging::new(*kind, name.find("")))
}

impl Name {
    /// Returns the name in what follows the words that were recognised.
    fn find(self, rest: &str) -> Option<&str> {
        let word = || rest.split_whitespace().next().map(bare);
        let name = match self {
            Self::None => None,
            Self::Is(name) => Some(name),
            Self::Word => word(),
            Self::Segment => word().and_then(|word| word.split(['/', ':']).next()),
            Self::Last => word().and_then(|word| word.rsplit('/').next()),
            Self::BeforeUuid => before_uuid(rest),
            Self::Id(start) => {
                rest.split([' ', '(', '[', ',']).map(bare).find(|word| word.starts_with(start))
            }
        };
        name.filter(|name| !name.is_empty())
    }
}

/// Returns a word without the punctuation of the sentence that it ends.
fn bare(word: &str) -> &str {
    word.trim_end_matches(['.', ',', ')', ']'])
}

/// The length of a UUID with the `-` before it.
const UUID_SUFFIX: usize = 37;

fn before_uuid(text: &str) -> Option<&str> {
    let (name, uuid) = text.split_at_checked(text.len().checked_sub(UUID_SUFFIX)?)?;
    let is_uuid = uuid.starts_with('-') && uuid.bytes().filter(|byte| *byte == b'-').count() == 5;
    is_uuid.then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(description: &str, kind: BelongingKind, name: Option<&str>) {
        let belonging = Belonging::infer(Some(description), Some("interface"), None, None);
        assert_eq!(belonging, Belonging::new(kind, name), "{description}");
    }

    #[test]
    fn reads_descriptions_that_were_seen() {
        check("ELB app/web/50dc6c495c0c9188", BelongingKind::LoadBalancer, Some("web"));
        check("ELB net/test-lb/725b996cb6be8fba", BelongingKind::LoadBalancer, Some("test-lb"));
        check("ELB test-load-balancer", BelongingKind::LoadBalancer, Some("test-load-balancer"));
        check("RDSNetworkInterface", BelongingKind::Database, None);
        check("ElastiCache redis-prod-001", BelongingKind::Cache, Some("redis-prod-001"));
        check(
            "AWS Lambda VPC ENI-test-python-8c7ac78b-e11d-4dea-8a47-ab2bdeba9bf5",
            BelongingKind::Function,
            Some("test-python"),
        );
        check(
            "AWS Lambda VPC ENI: 26578289-8b35-4f36-a046-ceda51a45800",
            BelongingKind::Function,
            None,
        );
        check(
            "arn:aws:ecs:us-east-1:653711331788:attachment/ed8fed01-82d0-4bf6-86cf-fe3115c23ab8",
            BelongingKind::Task,
            Some("ed8fed01-82d0-4bf6-86cf-fe3115c23ab8"),
        );
        check("Amazon EKS prod-agents", BelongingKind::Cluster, Some("prod-agents"));
        check(
            "Interface for NAT Gateway nat-03362ee41477cbc96",
            BelongingKind::NatGateway,
            Some("nat-03362ee41477cbc96"),
        );
        check(
            "VPC Endpoint Interface vpce-083c683a6be29b889",
            BelongingKind::Endpoint,
            Some("vpce-083c683a6be29b889"),
        );
        check(
            "Network Interface for Transit Gateway Attachment tgw-attach-04d2f0c5c910e15d3",
            BelongingKind::TransitGateway,
            Some("tgw-attach-04d2f0c5c910e15d3"),
        );
        check(
            "EFS mount target for fs-017557a9f00b1bec9 (fsmt-0fca46e06dcfff8e2)",
            BelongingKind::FileSystem,
            Some("fs-017557a9f00b1bec9"),
        );
        check(
            "AWS created network interface for directory d-90677cc91c",
            BelongingKind::Directory,
            Some("d-90677cc91c"),
        );
        check(
            "Route 53 Resolver: rslvr-in-55829d25693e4b729:rni-9494385465134fa5a",
            BelongingKind::Service,
            Some("rslvr-in-55829d25693e4b729"),
        );
        check(
            "[DO NOT DELETE] ENI managed by SageMaker for Studio Domain (d-abc)",
            BelongingKind::Service,
            Some("Amazon SageMaker"),
        );
        check("Primary network interface", BelongingKind::Unattached, None);
        check("", BelongingKind::Unattached, None);
    }

    #[test]
    fn prefers_the_task_to_the_instance_and_the_instance_to_the_rest() {
        let infer = |description| {
            Belonging::infer(Some(description), None, Some("amazon-elb"), Some("i-1")).kind
        };
        assert_eq!(infer("arn:aws:ecs:us-east-1:1:attachment/a"), BelongingKind::Task);
        assert_eq!(infer("aws-K8S-i-0a1b2c3d4e5f60718"), BelongingKind::Instance);
        assert_eq!(infer("ELB web"), BelongingKind::Instance);
    }

    #[test]
    fn falls_back_on_type_then_requester() {
        let infer = |kind, requester| Belonging::infer(Some("x"), kind, requester, None).kind;
        assert_eq!(infer(Some("lambda"), Some("amazon-elb")), BelongingKind::Function);
        assert_eq!(infer(Some("interface"), Some("amazon-elb")), BelongingKind::LoadBalancer);
        assert_eq!(
            infer(Some("interface"), Some("AIDAIT2UOQQY3AUEMOTO")),
            BelongingKind::Unattached
        );
    }

    #[track_caller]
    fn check_kind(interface_type: Option<&str>, description: &str, expected: InterfaceKind) {
        assert_eq!(InterfaceKind::infer(interface_type, Some(description), None), expected);
    }

    #[test]
    fn tells_how_an_interface_behaves() {
        check_kind(Some("nat_gateway"), "", InterfaceKind::NatGateway);
        check_kind(None, "Interface for NAT Gateway nat-1", InterfaceKind::NatGateway);
        check_kind(Some("interface"), "ELB app/web/1", InterfaceKind::LoadBalancer);
        check_kind(Some("interface"), "AWS Lambda VPC ENI: 1", InterfaceKind::Lambda);
        check_kind(Some("efs"), "EFS mount target for fs-1 (fsmt-1)", InterfaceKind::Service);
        check_kind(Some("a_type_of_tomorrow"), "", InterfaceKind::Service);
        check_kind(None, "", InterfaceKind::Standard);
        let attached = InterfaceKind::infer(Some("interface"), Some("ELB spare"), Some("i-1"));
        assert_eq!(attached, InterfaceKind::Standard);
    }
}
