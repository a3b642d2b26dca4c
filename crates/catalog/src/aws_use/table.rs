//! The table of services, sorted by name.

use std::ops::RangeInclusive;

use super::{AwsService, Listener};
use crate::transport::Transports;

/// Every service.
pub(super) static SERVICES: &[AwsService] = &[
    AwsService {
        name: "Amazon Aurora DSQL",
        source: "Aurora DSQL User Guide, Connecting to clusters",
        listeners: &[tcp(5432..=5432, "PostgreSQL protocol over TLS")],
    },
    AwsService {
        name: "Amazon CloudWatch agent",
        source: "CloudWatch User Guide, Retrieve custom metrics with StatsD and collectd",
        listeners: &[
            tcp(4317..=4318, "OpenTelemetry metrics and traces from the application on the host"),
            udp(8125..=8125, "StatsD metrics from the application on the host"),
            udp(25826..=25826, "collectd metrics from the application on the host"),
        ],
    },
    AwsService {
        name: "Amazon DCV",
        source: "Amazon DCV Administrator Guide, Changing the DCV server TCP/UDP port",
        listeners: &[both(8443..=8443, "remote desktop sessions; UDP carries QUIC")],
    },
    AwsService {
        name: "Amazon DocumentDB",
        source: "DocumentDB Developer Guide, Create a cluster",
        listeners: &[tcp(27017..=27017, "MongoDB protocol")],
    },
    AwsService {
        name: "Amazon DynamoDB Accelerator (DAX)",
        source: "DynamoDB Developer Guide, Configure security group inbound rules",
        listeners: &[
            tcp(8111..=8111, "clusters without encryption in transit"),
            tcp(9111..=9111, "clusters with encryption in transit"),
        ],
    },
    AwsService {
        name: "Amazon DynamoDB local",
        source: "DynamoDB Developer Guide, Deploying DynamoDB locally",
        listeners: &[tcp(8000..=8000, "HTTP endpoint of the downloadable version")],
    },
    AwsService {
        name: "Amazon EC2 Instance Connect",
        source: "EC2 User Guide, EC2 Instance Connect prerequisites",
        listeners: &[
            tcp(22..=22, "SSH of the instance, also through an Instance Connect Endpoint"),
            tcp(3389..=3389, "RDP of the instance through an Instance Connect Endpoint"),
        ],
    },
    AwsService {
        name: "Amazon ECS",
        source: "ECS Developer Guide, Port mappings",
        listeners: &[
            both(
                32768..=65535,
                "host ports chosen for containers with dynamic port mapping; the kernel of the instance sets the range",
            ),
            tcp(51678..=51680, "reserved for the container agent on the instance"),
        ],
    },
    AwsService {
        name: "Amazon EFS",
        source: "EFS User Guide, Working with VPC security groups",
        listeners: &[tcp(2049..=2049, "NFS mount targets")],
    },
    AwsService {
        name: "Amazon EKS",
        source: "EKS User Guide, Security group requirements",
        listeners: &[
            both(53..=53, "CoreDNS pods"),
            tcp(443..=443, "Kubernetes API server"),
            tcp(10250..=10250, "kubelet, called by the control plane"),
            both(
                30000..=32767,
                "services of type NodePort, where load balancers send traffic to instances",
            ),
        ],
    },
    AwsService {
        name: "Amazon ElastiCache",
        source: "ElastiCache User Guide, Finding connection endpoints",
        listeners: &[
            tcp(6379..=6379, "Redis OSS and Valkey"),
            tcp(6380..=6380, "reader endpoint of serverless caches"),
            tcp(11211..=11211, "Memcached"),
        ],
    },
    AwsService {
        name: "Amazon EMR",
        source: "EMR Management Guide, Amazon EMR service ports",
        listeners: &[
            tcp(8020..=8020, "HDFS NameNode RPC"),
            tcp(8042..=8042, "YARN NodeManager page"),
            tcp(8088..=8088, "YARN ResourceManager page"),
            tcp(8443..=8443, "calls of the EMR service to the primary node"),
            tcp(8888..=8888, "Hue"),
            tcp(8889..=8889, "Trino and Presto coordinators"),
            tcp(8890..=8890, "Zeppelin"),
            tcp(8998..=8998, "Livy"),
            tcp(9083..=9083, "Hive metastore"),
            tcp(
                9443..=9443,
                "JupyterHub; in private subnets, also calls between the service and the primary node",
            ),
            tcp(9600..=9600, "Hadoop key management REST API"),
            tcp(9864..=9864, "HDFS DataNode page"),
            tcp(9866..=9867, "HDFS DataNode transfer"),
            tcp(9870..=9870, "HDFS NameNode page"),
            tcp(10000..=10002, "HiveServer2, over Thrift and HTTP, and its page"),
            tcp(16010..=16010, "HBase page"),
            tcp(18080..=18080, "Spark history server"),
            tcp(50070..=50070, "HDFS NameNode page of EMR 5"),
            tcp(50075..=50075, "HDFS DataNode page of EMR 5"),
        ],
    },
    AwsService {
        name: "Amazon FSx for Lustre",
        source: "FSx for Lustre User Guide, File system access control with Amazon VPC",
        listeners: &[
            tcp(988..=988, "Lustre between file servers and clients"),
            tcp(1018..=1023, "Lustre between file servers and clients"),
        ],
    },
    AwsService {
        name: "Amazon FSx for NetApp ONTAP",
        source: "FSx for ONTAP User Guide, File system access control with Amazon VPC",
        listeners: &[
            tcp(22..=22, "management shell"),
            both(111..=111, "port mapper for NFS"),
            both(135..=135, "RPC for CIFS"),
            udp(137..=137, "NetBIOS name resolution for CIFS"),
            both(139..=139, "NetBIOS sessions for CIFS"),
            both(161..=162, "SNMP"),
            tcp(443..=443, "management REST API"),
            tcp(445..=445, "SMB"),
            both(635..=635, "NFS mount"),
            tcp(749..=749, "Kerberos"),
            both(2049..=2049, "NFS"),
            tcp(3260..=3260, "iSCSI"),
            both(4045..=4046, "NFS lock and status monitors"),
            udp(4049..=4049, "NFS quotas"),
            tcp(10000..=10000, "NDMP backup and intercluster control"),
            tcp(11104..=11105, "SnapMirror between clusters"),
        ],
    },
    AwsService {
        name: "Amazon FSx for OpenZFS",
        source: "FSx for OpenZFS User Guide, File system access control with Amazon VPC",
        listeners: &[
            both(111..=111, "port mapper for NFS"),
            both(2049..=2049, "NFS"),
            both(20001..=20003, "NFS mount, status monitor, and locks"),
        ],
    },
    AwsService {
        name: "Amazon FSx for Windows File Server",
        source: "FSx for Windows User Guide, File system access control with Amazon VPC",
        listeners: &[
            tcp(445..=445, "SMB"),
            tcp(5985..=5985, "PowerShell remoting for administration"),
        ],
    },
    AwsService {
        name: "Amazon Keyspaces",
        source: "Keyspaces Developer Guide, Service endpoints, Ports and protocols",
        listeners: &[tcp(9142..=9142, "Cassandra protocol over TLS")],
    },
    AwsService {
        name: "Amazon Kinesis Video Streams",
        source: "Kinesis Video Streams WebRTC Developer Guide, Connectivity",
        listeners: &[both(443..=443, "signalling, TURN over UDP and TLS")],
    },
    AwsService {
        name: "Amazon MemoryDB",
        source: "MemoryDB Developer Guide, Finding connection endpoints",
        listeners: &[tcp(6379..=6379, "Valkey and Redis OSS protocol")],
    },
    AwsService {
        name: "Amazon MQ for ActiveMQ",
        source: "Amazon MQ Developer Guide, Amazon MQ for ActiveMQ, Wire-level protocols",
        listeners: &[
            tcp(5671..=5671, "AMQP over TLS"),
            tcp(8162..=8162, "web console"),
            tcp(8883..=8883, "MQTT over TLS"),
            tcp(61614..=61614, "STOMP over TLS"),
            tcp(61617..=61617, "OpenWire over TLS"),
            tcp(61619..=61619, "WebSocket over TLS"),
        ],
    },
    AwsService {
        name: "Amazon MQ for RabbitMQ",
        source: "Amazon MQ Developer Guide, Amazon MQ for RabbitMQ, Listener ports",
        listeners: &[
            tcp(443..=443, "web console and management API"),
            tcp(5671..=5671, "AMQP over TLS"),
            tcp(15671..=15671, "web console and management API, the older port"),
        ],
    },
    AwsService {
        name: "Amazon MSK",
        source: "MSK Developer Guide, Port information",
        listeners: &[
            tcp(2181..=2181, "ZooKeeper of clusters without KRaft"),
            tcp(2182..=2182, "ZooKeeper over TLS of clusters without KRaft"),
            tcp(9092..=9092, "Kafka in clear"),
            tcp(9094..=9094, "Kafka over TLS"),
            tcp(9096..=9096, "Kafka with SASL/SCRAM"),
            tcp(9098..=9098, "Kafka with IAM"),
            tcp(9194..=9194, "Kafka over TLS, public access"),
            tcp(9196..=9196, "Kafka with SASL/SCRAM, public access"),
            tcp(9198..=9198, "Kafka with IAM, public access"),
            tcp(11001..=11002, "open monitoring: JMX and node exporters for Prometheus"),
            tcp(20092..=20092, "Kafka in clear over IPv6"),
            tcp(20094..=20094, "Kafka over TLS over IPv6"),
            tcp(20096..=20096, "Kafka with SASL/SCRAM over IPv6"),
            tcp(20098..=20098, "Kafka with IAM over IPv6"),
        ],
    },
    AwsService {
        name: "Amazon Neptune",
        source: "Neptune User Guide, Create a DB cluster",
        listeners: &[tcp(8182..=8182, "Gremlin, openCypher, and SPARQL over HTTPS and WebSocket")],
    },
    AwsService {
        name: "Amazon OpenSearch Service",
        source: "OpenSearch Service Developer Guide, VPC domains",
        listeners: &[tcp(443..=443, "domain endpoint and Dashboards over HTTPS")],
    },
    AwsService {
        name: "Amazon RDS for Db2",
        source: "RDS API Reference, CreateDBInstance, Port",
        listeners: &[tcp(50000..=50000, "default port")],
    },
    AwsService {
        name: "Amazon RDS for MySQL and MariaDB, Aurora MySQL",
        source: "RDS API Reference, CreateDBInstance, Port",
        listeners: &[tcp(3306..=3306, "default port, also of RDS Proxy")],
    },
    AwsService {
        name: "Amazon RDS for Oracle",
        source: "RDS User Guide, Oracle options",
        listeners: &[
            tcp(1521..=1521, "default port"),
            tcp(2484..=2484, "Oracle SSL option"),
            tcp(3872..=3872, "Enterprise Manager agent option"),
            tcp(5500..=5500, "Enterprise Manager Express option"),
        ],
    },
    AwsService {
        name: "Amazon RDS for PostgreSQL, Aurora PostgreSQL",
        source: "RDS API Reference, CreateDBInstance, Port",
        listeners: &[tcp(5432..=5432, "default port, also of RDS Proxy")],
    },
    AwsService {
        name: "Amazon RDS for SQL Server",
        source: "RDS User Guide, SQL Server options",
        listeners: &[
            tcp(1433..=1433, "default port, also of RDS Proxy"),
            tcp(5000..=5000, "Distributed Transaction Coordinator option"),
            tcp(8443..=8443, "Reporting Services option"),
        ],
    },
    AwsService {
        name: "Amazon Redshift",
        source: "Redshift Management Guide, Creating a cluster, Port",
        listeners: &[
            tcp(5431..=5455, "provisioned clusters and serverless workgroups; the default is 5439"),
            tcp(8191..=8215, "provisioned clusters and serverless workgroups, by choice"),
        ],
    },
    AwsService {
        name: "Amazon Route 53 Resolver",
        source: "Route 53 Developer Guide, Forwarding inbound DNS queries",
        listeners: &[
            both(53..=53, "inbound endpoints"),
            tcp(443..=443, "inbound endpoints with DNS over HTTPS"),
        ],
    },
    AwsService {
        name: "Amazon SES",
        source: "SES Developer Guide, Connecting to an Amazon SES SMTP endpoint",
        listeners: &[
            tcp(25..=25, "SMTP endpoint, STARTTLS; EC2 blocks the port outbound by default"),
            tcp(465..=465, "SMTP endpoint, TLS from the start"),
            tcp(587..=587, "SMTP endpoint, STARTTLS"),
            tcp(2465..=2465, "SMTP endpoint, TLS from the start"),
            tcp(2587..=2587, "SMTP endpoint, STARTTLS"),
        ],
    },
    AwsService {
        name: "Amazon Time Sync Service",
        source: "EC2 User Guide, Amazon Time Sync Service",
        listeners: &[udp(123..=123, "169.254.169.123 in every VPC; no security group applies")],
    },
    AwsService {
        name: "Amazon Timestream for InfluxDB",
        source: "Timestream for InfluxDB API Reference, CreateDbInstance, port",
        listeners: &[tcp(8086..=8086, "default port")],
    },
    AwsService {
        name: "Amazon VPC",
        source: "VPC User Guide, DNS attributes for your VPC",
        listeners: &[both(
            53..=53,
            "DNS server at 169.254.169.253 and at the second address of the VPC",
        )],
    },
    AwsService {
        name: "Amazon VPC Traffic Mirroring",
        source: "Traffic Mirroring Guide, Traffic mirror targets",
        listeners: &[udp(4789..=4789, "mirrored packets arrive in VXLAN")],
    },
    AwsService {
        name: "Amazon WorkMail",
        source: "WorkMail Administration Guide, Connecting IMAP clients",
        listeners: &[tcp(465..=465, "outgoing mail"), tcp(993..=993, "IMAP over TLS")],
    },
    AwsService {
        name: "Amazon WorkSpaces",
        source: "WorkSpaces Administration Guide, IP address and port requirements",
        listeners: &[
            both(4172..=4172, "PCoIP streaming"),
            both(4195..=4195, "DCV streaming"),
            tcp(8200..=8200, "management interface of the WorkSpace"),
        ],
    },
    AwsService {
        name: "Amazon WorkSpaces Applications (AppStream 2.0)",
        source: "WorkSpaces Applications Administration Guide, Connections to your VPC",
        listeners: &[
            tcp(1400..=1499, "streaming through an interface endpoint"),
            tcp(8000..=8000, "management interface of the streaming instance"),
            tcp(8300..=8300, "management interface of the streaming instance, streaming"),
            udp(8433..=8433, "streaming to the native client"),
            tcp(8443..=8443, "management interface of the streaming instance"),
        ],
    },
    AwsService {
        name: "AWS APIs",
        source: "General Reference, AWS service endpoints",
        listeners: &[tcp(443..=443, "every service endpoint and interface endpoint")],
    },
    AwsService {
        name: "AWS Client VPN",
        source: "Client VPN Administrator Guide, Create an endpoint",
        listeners: &[
            both(443..=443, "OpenVPN protocol, the default"),
            both(1194..=1194, "OpenVPN protocol, by choice"),
        ],
    },
    AwsService {
        name: "AWS CloudHSM",
        source: "CloudHSM User Guide, Configure the client instance security groups",
        listeners: &[tcp(2223..=2225, "cluster, called by the client")],
    },
    AwsService {
        name: "AWS DataSync",
        source: "DataSync User Guide, Network requirements",
        listeners: &[
            tcp(80..=80, "activation of the agent"),
            tcp(1024..=1064, "control traffic to the VPC endpoint"),
        ],
    },
    AwsService {
        name: "AWS Direct Connect",
        source: "Direct Connect User Guide, Virtual interfaces",
        listeners: &[tcp(179..=179, "BGP session of a virtual interface")],
    },
    AwsService {
        name: "AWS Directory Service",
        source: "Directory Service Administration Guide, Secure your network configuration",
        listeners: &[
            both(53..=53, "DNS"),
            both(88..=88, "Kerberos"),
            udp(123..=123, "Windows time"),
            tcp(135..=135, "replication"),
            udp(138..=138, "DFS and NetLogon"),
            both(389..=389, "LDAP"),
            both(445..=445, "SMB"),
            both(464..=464, "Kerberos password change"),
            tcp(636..=636, "LDAP over TLS"),
            tcp(3268..=3269, "global catalogue"),
            tcp(9389..=9389, "Active Directory Web Services"),
            tcp(49152..=65535, "RPC"),
        ],
    },
    AwsService {
        name: "AWS Elemental MediaConnect",
        source: "MediaConnect User Guide, Ports",
        listeners: &[both(2077..=2077, "Zixi pull"), both(2088..=2088, "Zixi push")],
    },
    AwsService {
        name: "AWS IoT Core",
        source: "IoT Core Developer Guide, Protocols, port mappings, and authentication",
        listeners: &[
            tcp(443..=443, "MQTT with ALPN, MQTT over WebSocket, HTTPS"),
            tcp(8443..=8443, "HTTPS publish with client certificates"),
            tcp(8883..=8883, "MQTT with client certificates"),
        ],
    },
    AwsService {
        name: "AWS Site-to-Site VPN",
        source: "Site-to-Site VPN User Guide, Firewall rules",
        listeners: &[udp(500..=500, "IKE"), udp(4500..=4500, "IPsec NAT traversal")],
    },
    AwsService {
        name: "AWS Storage Gateway",
        source: "Storage Gateway User Guide, Network requirements",
        listeners: &[
            tcp(22..=22, "outbound support channel, opened on request"),
            tcp(80..=80, "activation of the gateway"),
            both(111..=111, "port mapper for NFS version 3"),
            tcp(445..=445, "SMB file shares"),
            both(2049..=2049, "NFS file shares"),
            tcp(3260..=3260, "iSCSI targets of volumes and tapes"),
            both(20048..=20048, "mount for NFS version 3"),
        ],
    },
    AwsService {
        name: "AWS Transfer Family",
        source: "Transfer Family User Guide, Create a server in a VPC",
        listeners: &[
            tcp(21..=21, "FTP and FTPS control"),
            tcp(22..=22, "SFTP"),
            tcp(5080..=5080, "AS2"),
            tcp(8192..=8200, "FTP and FTPS data"),
        ],
    },
    AwsService {
        name: "AWS X-Ray daemon",
        source: "X-Ray Developer Guide, AWS X-Ray daemon",
        listeners: &[both(2000..=2000, "segments over UDP, sampling over TCP")],
    },
    AwsService {
        name: "EC2 instance metadata",
        source: "EC2 User Guide, Instance metadata",
        listeners: &[tcp(80..=80, "169.254.169.254 on every instance; no security group applies")],
    },
    AwsService {
        name: "ECS task metadata and credentials",
        source: "ECS Developer Guide, Task metadata endpoint",
        listeners: &[tcp(80..=80, "169.254.170.2 in every task; no security group applies")],
    },
    AwsService {
        name: "EKS Pod Identity",
        source: "EKS User Guide, EKS Pod Identity",
        listeners: &[tcp(80..=80, "agent at 169.254.170.23 on every node")],
    },
    AwsService {
        name: "Elastic Load Balancing",
        source: "Elastic Load Balancing, Gateway Load Balancers",
        listeners: &[udp(6081..=6081, "GENEVE from a Gateway Load Balancer to its appliances")],
    },
    AwsService {
        name: "Windows activation in EC2 and WorkSpaces",
        source: "EC2 User Guide, Windows activation",
        listeners: &[tcp(
            1688..=1688,
            "key management servers at 169.254.169.250 and 169.254.169.251",
        )],
    },
];

const fn tcp(ports: RangeInclusive<u16>, role: &'static str) -> Listener {
    Listener { ports, transports: Transports::TCP, role }
}

const fn udp(ports: RangeInclusive<u16>, role: &'static str) -> Listener {
    Listener { ports, transports: Transports::UDP, role }
}

const fn both(ports: RangeInclusive<u16>, role: &'static str) -> Listener {
    Listener { ports, transports: Transports::TCP_AND_UDP, role }
}
