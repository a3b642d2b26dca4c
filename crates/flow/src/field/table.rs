//! The table itself: a row for each field, by the version that brought it.

use super::FieldType::{Address, Byte, Integer, Port, Seconds, Text, Word};
use super::{Carrier, Row};

/// Makes the enum and the table from the same rows, so that neither can lack one.
macro_rules! fields {
    ($($name:ident: $text:literal $column:literal $query:literal $type:ident $version:literal $carrier:ident $description:literal;)*) => {
        /// A field of a flow log.
        ///
        /// The order is that of the versions.
        #[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
        pub enum Field {
            $(#[doc = $description] $name,)*
        }

        impl Field {
            /// Every field, in order.
            pub const ALL: &[Self] = &[$(Self::$name),*];

            /// Returns what the table says of the field.
            pub(super) fn row(self) -> &'static Row {
                match self {
                    $(Self::$name => &Row {
                        text_name: $text,
                        column_name: $column,
                        query_name: $query,
                        field_type: $type,
                        version: $version,
                        carrier: Carrier::$carrier,
                        description: $description,
                    },)*
                }
            }
        }
    };
}

fields! {
    Version: "version" "version" "version" Byte 2 Both "The highest version among the fields of the log";
    AccountId: "account-id" "account_id" "accountId" Word 2 Both "The account that owns the source interface or the transit gateway; `unknown` for some of AWS's own";
    InterfaceId: "interface-id" "interface_id" "interfaceId" Text 2 Vpc "The network interface; absent for a regional NAT gateway";
    SrcAddr: "srcaddr" "srcaddr" "srcAddr" Address 2 Both "The source; the primary private address of the interface if it is the sender";
    DstAddr: "dstaddr" "dstaddr" "dstAddr" Address 2 Both "The destination; the primary private address of the interface if it is the receiver";
    SrcPort: "srcport" "srcport" "srcPort" Port 2 Both "The source port";
    DstPort: "dstport" "dstport" "dstPort" Port 2 Both "The destination port";
    Protocol: "protocol" "protocol" "protocol" Byte 2 Both "The IANA number of the protocol: 6 is TCP, 17 UDP, 1 ICMP";
    Packets: "packets" "packets" "packets" Integer 2 Both "The packets of the flow in the interval";
    Bytes: "bytes" "bytes" "bytes" Integer 2 Both "The bytes of the flow in the interval; absent for Block Public Access";
    Start: "start" "start" "startTime" Seconds 2 Both "When the first packet of the interval was seen";
    End: "end" "end" "endTime" Seconds 2 Both "When the last packet of the interval was seen";
    Action: "action" "action" "action" Word 2 Vpc "`ACCEPT` or `REJECT`";
    LogStatus: "log-status" "log_status" "logStatus" Word 2 Both "`OK`, `NODATA` (there was no traffic) or `SKIPDATA` (records were lost)";
    VpcId: "vpc-id" "vpc_id" "vpcId" Word 3 Vpc "The VPC of the interface";
    SubnetId: "subnet-id" "subnet_id" "subnetId" Text 3 Vpc "The subnet of the interface";
    InstanceId: "instance-id" "instance_id" "instanceId" Text 3 Vpc "The instance of the interface; absent for interfaces that AWS manages";
    TcpFlags: "tcp-flags" "tcp_flags" "tcpFlags" Byte 3 Both "The TCP flags of the interval, or-ed: FIN 1, SYN 2, RST 4, SYN-ACK 18";
    Type: "type" "type" "type" Word 3 Both "`IPv4`, `IPv6` or `EFA`";
    PktSrcAddr: "pkt-srcaddr" "pkt_srcaddr" "pktSrcAddr" Address 3 Vpc "The source in the packet, where something between changed it";
    PktDstAddr: "pkt-dstaddr" "pkt_dstaddr" "pktDstAddr" Address 3 Vpc "The destination in the packet, where something between changed it";
    Region: "region" "region" "region" Word 4 Both "The Region of the interface or the transit gateway";
    AzId: "az-id" "az_id" "azId" Word 4 Vpc "The Availability Zone of the interface, as its id";
    SublocationType: "sublocation-type" "sublocation_type" "sublocationType" Word 4 Vpc "`wavelength`, `outpost` or `localzone`";
    SublocationId: "sublocation-id" "sublocation_id" "sublocationId" Text 4 Vpc "The id of that place";
    PktSrcAwsService: "pkt-src-aws-service" "pkt_src_aws_service" "pktSrcAwsService" Word 5 Both "The AWS service that owns the source in the packet, such as `S3`";
    PktDstAwsService: "pkt-dst-aws-service" "pkt_dst_aws_service" "pktDstAwsService" Word 5 Both "The AWS service that owns the destination in the packet";
    FlowDirection: "flow-direction" "flow_direction" "flowDirection" Word 5 Both "`ingress` or `egress`, as the interface sees it";
    TrafficPath: "traffic-path" "traffic_path" "trafficPath" Byte 5 Vpc "How egress leaves, as a code of 1 (within the VPC) to 8 (internet gateway)";
    ResourceType: "resource-type" "resource_type" "resourceType" Word 6 TransitGateway "`TransitGateway`";
    TgwId: "tgw-id" "tgw_id" "tgwId" Word 6 TransitGateway "The transit gateway";
    TgwAttachmentId: "tgw-attachment-id" "tgw_attachment_id" "tgwAttachmentId" Text 6 TransitGateway "The attachment that the traffic came through";
    TgwSrcVpcAccountId: "tgw-src-vpc-account-id" "tgw_src_vpc_account_id" "tgwSrcVpcAccountId" Word 6 TransitGateway "The account of the source VPC";
    TgwDstVpcAccountId: "tgw-dst-vpc-account-id" "tgw_dst_vpc_account_id" "tgwDstVpcAccountId" Word 6 TransitGateway "The account of the destination VPC";
    TgwSrcVpcId: "tgw-src-vpc-id" "tgw_src_vpc_id" "tgwSrcVpcId" Word 6 TransitGateway "The source VPC";
    TgwDstVpcId: "tgw-dst-vpc-id" "tgw_dst_vpc_id" "tgwDstVpcId" Word 6 TransitGateway "The destination VPC";
    TgwSrcSubnetId: "tgw-src-subnet-id" "tgw_src_subnet_id" "tgwSrcSubnetId" Text 6 TransitGateway "The source subnet";
    TgwDstSubnetId: "tgw-dst-subnet-id" "tgw_dst_subnet_id" "tgwDstSubnetId" Text 6 TransitGateway "The destination subnet";
    TgwSrcEni: "tgw-src-eni" "tgw_src_eni" "tgwSrcEni" Text 6 TransitGateway "The interface of the source attachment";
    TgwDstEni: "tgw-dst-eni" "tgw_dst_eni" "tgwDstEni" Text 6 TransitGateway "The interface of the destination attachment";
    TgwSrcAzId: "tgw-src-az-id" "tgw_src_az_id" "tgwSrcAzId" Word 6 TransitGateway "The Availability Zone of the source, as its id";
    TgwDstAzId: "tgw-dst-az-id" "tgw_dst_az_id" "tgwDstAzId" Word 6 TransitGateway "The Availability Zone of the destination, as its id";
    TgwPairAttachmentId: "tgw-pair-attachment-id" "tgw_pair_attachment_id" "tgwPairAttachmentId" Text 6 TransitGateway "The attachment at the other end";
    PacketsLostNoRoute: "packets-lost-no-route" "packets_lost_no_route" "packetsLostNoRoute" Integer 6 TransitGateway "Packets lost because no route led on";
    PacketsLostBlackhole: "packets-lost-blackhole" "packets_lost_blackhole" "packetsLostBlackhole" Integer 6 TransitGateway "Packets lost to a blackhole route";
    PacketsLostMtuExceeded: "packets-lost-mtu-exceeded" "packets_lost_mtu_exceeded" "packetsLostMtuExceeded" Integer 6 TransitGateway "Packets lost because they were too large";
    PacketsLostTtlExpired: "packets-lost-ttl-expired" "packets_lost_ttl_expired" "packetsLostTtlExpired" Integer 6 TransitGateway "Packets lost because their time to live ran out";
    EcsClusterArn: "ecs-cluster-arn" "ecs_cluster_arn" "ecsClusterArn" Text 7 Vpc "The ECS cluster of a task, as ARN";
    EcsClusterName: "ecs-cluster-name" "ecs_cluster_name" "ecsClusterName" Text 7 Vpc "The ECS cluster of a task, as name";
    EcsContainerInstanceArn: "ecs-container-instance-arn" "ecs_container_instance_arn" "ecsContainerInstanceArn" Text 7 Vpc "The container instance of a task on EC2, as ARN";
    EcsContainerInstanceId: "ecs-container-instance-id" "ecs_container_instance_id" "ecsContainerInstanceId" Text 7 Vpc "The container instance of a task on EC2, as id";
    EcsContainerId: "ecs-container-id" "ecs_container_id" "ecsContainerId" Text 7 Vpc "The runtime id of the first container of a task";
    EcsSecondContainerId: "ecs-second-container-id" "ecs_second_container_id" "ecsSecondContainerId" Text 7 Vpc "The runtime id of the second container of a task";
    EcsServiceName: "ecs-service-name" "ecs_service_name" "ecsServiceName" Text 7 Vpc "The ECS service that started a task";
    EcsTaskDefinitionArn: "ecs-task-definition-arn" "ecs_task_definition_arn" "ecsTaskDefinitionArn" Text 7 Vpc "The definition of a task, as ARN";
    EcsTaskArn: "ecs-task-arn" "ecs_task_arn" "ecsTaskArn" Text 7 Vpc "The task, as ARN";
    EcsTaskId: "ecs-task-id" "ecs_task_id" "ecsTaskId" Text 7 Vpc "The task, as id";
    RejectReason: "reject-reason" "reject_reason" "rejectReason" Word 8 Vpc "Why it was rejected, if not by a rule: `BPA` (Block Public Access) or `EC` (encryption control)";
    ResourceId: "resource-id" "resource_id" "resourceId" Text 9 Vpc "The regional NAT gateway that has the interface";
    EncryptionStatus: "encryption-status" "encryption_status" "encryptionStatus" Byte 10 Vpc "0 not encrypted, 1 by Nitro, 2 by the application, 3 by both";
    InstanceTag: "instance-tag" "instance_tag" "instanceTag" Text 11 Vpc "The value of a chosen tag of the instance, percent-encoded";
    InstanceTag2: "instance-tag-2" "instance_tag_2" "instanceTag2" Text 11 Vpc "The value of a second tag of the instance";
    InterfaceTag: "interface-tag" "interface_tag" "interfaceTag" Text 11 Vpc "The value of a chosen tag of the interface, percent-encoded";
    InterfaceTag2: "interface-tag-2" "interface_tag_2" "interfaceTag2" Text 11 Vpc "The value of a second tag of the interface";
    AsgTag: "asg-tag" "asg_tag" "asgTag" Text 11 Vpc "The value of a chosen tag of the Auto Scaling group, percent-encoded";
    AsgTag2: "asg-tag-2" "asg_tag_2" "asgTag2" Text 11 Vpc "The value of a second tag of the Auto Scaling group";
    InterfaceType: "interface-type" "interface_type" "interfaceType" Word 11 Vpc "What kind of interface it is, such as `nat_gateway` or `vpc_endpoint`";
    NextHopInterfaceId: "next-hop-interface-id" "next_hop_interface_id" "nextHopInterfaceId" Text 11 Vpc "The interface that the traffic goes to next";
    NextHopSubnetId: "next-hop-subnet-id" "next_hop_subnet_id" "nextHopSubnetId" Text 11 Vpc "The subnet of the next interface";
    NextHopAzId: "next-hop-az-id" "next_hop_az_id" "nextHopAzId" Word 11 Vpc "The Availability Zone of the next interface, as its id";
    NextHopVpcId: "next-hop-vpc-id" "next_hop_vpc_id" "nextHopVpcId" Word 11 Vpc "The VPC of the next interface";
    NextHopInterfaceType: "next-hop-interface-type" "next_hop_interface_type" "nextHopInterfaceType" Word 11 Vpc "What kind of interface the next one is";
}
