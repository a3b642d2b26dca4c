//! What a call changes, in the types of the model.

use portolan_model::{
    Action, Direction, GroupReference, InstanceId, InterfaceId, NetworkAclEntry, NetworkAclId,
    RulePeer, RuleTraffic, SecurityGroupId, SecurityGroupRule, SecurityGroupRuleId, VpcId,
};
use portolan_net::{Address, IpPrefix, Prefix};
use serde_json::Value;

use super::node::Node;

/// What a call changes.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum Change {
    /// Rules were added to a security group.
    RulesAdded {
        /// The group.
        group: SecurityGroupId,
        /// The rules; with their ids, where AWS answered with them.
        rules: Vec<SecurityGroupRule>,
    },
    /// Rules were taken from a security group.
    RulesRemoved {
        /// The group.
        group: SecurityGroupId,
        /// The rules, as far as the call described them.
        rules: Vec<SecurityGroupRule>,
        /// The rules that the call named by id.
        ids: Vec<SecurityGroupRuleId>,
    },
    /// Rules of a security group were replaced by others of the same id and direction.
    RulesUpdated {
        /// The group.
        group: SecurityGroupId,
        /// The rules.
        rules: Vec<RuleUpdate>,
    },
    /// A security group was made.
    GroupCreated {
        /// The group.
        group: SecurityGroupId,
        /// Its name.
        name: Option<String>,
        /// Its VPC.
        vpc: Option<VpcId>,
    },
    /// A security group was deleted.
    GroupDeleted {
        /// The group.
        group: SecurityGroupId,
    },
    /// Interfaces have these security groups from now on, and no others.
    InterfaceGroupsSet {
        /// The interfaces. They may be new.
        interfaces: Vec<InterfaceGroups>,
    },
    /// The primary interface of an instance has these security groups from now on, and no others.
    InstanceGroupsSet {
        /// The instance.
        instance: InstanceId,
        /// All of the groups.
        groups: Vec<SecurityGroupId>,
    },
    /// A network ACL was made.
    AclCreated {
        /// The network ACL.
        acl: NetworkAclId,
        /// Its VPC.
        vpc: Option<VpcId>,
    },
    /// A network ACL was deleted.
    AclDeleted {
        /// The network ACL.
        acl: NetworkAclId,
    },
    /// An entry of a network ACL was added, or took the place of the one with its direction and number.
    AclEntrySet {
        /// The network ACL.
        acl: NetworkAclId,
        /// The entry.
        entry: NetworkAclEntry,
    },
    /// An entry was taken from a network ACL.
    AclEntryRemoved {
        /// The network ACL.
        acl: NetworkAclId,
        /// The direction of the entry.
        direction: Direction,
        /// The number of the entry.
        number: u32,
    },
    /// A subnet has another network ACL from now on.
    AclAssociated {
        /// The network ACL.
        acl: NetworkAclId,
        /// The association that ended, which says which subnet it is: `aclassoc-…`.
        association: String,
        /// The association that began.
        new_association: Option<String>,
    },
    /// Flow logs were made.
    FlowLogsCreated {
        /// Their ids: `fl-…`.
        flow_logs: Vec<String>,
        /// What is logged: ids of VPCs, subnets, interfaces or transit gateways.
        resources: Vec<String>,
    },
    /// Flow logs were deleted: nothing more comes from them.
    FlowLogsDeleted {
        /// Their ids: `fl-…`.
        flow_logs: Vec<String>,
    },
    /// A call that changes such things, in a shape that we cannot read. Its name is that of the event.
    Other,
}

/// What a security group rule says from now on.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct RuleUpdate {
    /// Which rule.
    pub id: SecurityGroupRuleId,
    /// Protocol and destination ports.
    pub traffic: RuleTraffic,
    /// Who may be at the other end.
    pub peer: RulePeer,
}

/// The security groups of an interface.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct InterfaceGroups {
    /// The interface.
    pub interface: InterfaceId,
    /// All of its groups.
    pub groups: Vec<SecurityGroupId>,
}

/// The parameters of a call and what AWS answered.
#[derive(Clone, Copy, Debug)]
pub(super) struct Call<'a> {
    request: Node<'a>,
    response: Node<'a>,
}

impl<'a> Call<'a> {
    pub(super) fn of(request: &'a Value, response: &'a Value) -> Self {
        Self { request: Node::of(request), response: Node::of(response) }
    }

    /// Returns whether the call of this name sets an attribute that does not count here.
    pub(super) fn is_about_another_attribute(self, name: &str) -> bool {
        let attribute = ATTRIBUTES.iter().find(|(call, _)| *call == name);
        attribute.is_some_and(|(_, attribute)| !self.request.get(attribute).is_present())
    }

    /// Returns whether AWS answered that nothing was done.
    pub(super) fn is_refused(self) -> bool {
        self.response.get("_return").flag() == Some(false)
    }
}

/// Reads a call; `None` if its shape is unknown.
pub(super) type Reader = fn(&Call<'_>) -> Option<Change>;

/// Each call that is read, by its name.
static READERS: &[(&str, Reader)] = &[
    ("AuthorizeSecurityGroupEgress", |call| added(call, Direction::Outbound)),
    ("AuthorizeSecurityGroupIngress", |call| added(call, Direction::Inbound)),
    ("CreateFlowLogs", flow_logs_created),
    ("CreateNetworkAcl", acl_created),
    ("CreateNetworkAclEntry", acl_entry_set),
    ("CreateNetworkInterface", interface_created),
    ("CreateSecurityGroup", group_created),
    ("DeleteFlowLogs", flow_logs_deleted),
    ("DeleteNetworkAcl", acl_deleted),
    ("DeleteNetworkAclEntry", acl_entry_removed),
    ("DeleteSecurityGroup", group_deleted),
    ("ModifyInstanceAttribute", instance_modified),
    ("ModifyNetworkInterfaceAttribute", interface_modified),
    ("ModifySecurityGroupRules", updated),
    ("ReplaceNetworkAclAssociation", acl_associated),
    ("ReplaceNetworkAclEntry", acl_entry_set),
    ("RevokeSecurityGroupEgress", |call| removed(call, Direction::Outbound)),
    ("RevokeSecurityGroupIngress", |call| removed(call, Direction::Inbound)),
    ("RunInstances", instances_started),
];

/// Calls that set any of many attributes, and the one that counts here.
static ATTRIBUTES: &[(&str, &str)] =
    &[("ModifyInstanceAttribute", "groupSet"), ("ModifyNetworkInterfaceAttribute", "groupSet")];

/// Returns what reads the call of this name, if it is one of ours.
pub(super) fn reader(name: &str) -> Option<Reader> {
    READERS.iter().find(|(known, _)| *known == name).map(|(_, reader)| *reader)
}

fn added(call: &Call<'_>, direction: Direction) -> Option<Change> {
    let answered = rule_set(call, direction)?;
    let rules = if answered.is_empty() { permissions(call, direction)? } else { answered };
    let group = group(call)?;
    (!rules.is_empty()).then_some(Change::RulesAdded { group, rules })
}

fn removed(call: &Call<'_>, direction: Direction) -> Option<Change> {
    let rules = permissions(call, direction)?;
    let ids = one_or_many(call.request, "securityGroupRuleId")?;
    let ids = ids.iter().map(|it| it.as_str().into()).collect::<Vec<_>>();
    let group = group(call)?;
    (!rules.is_empty() || !ids.is_empty()).then_some(Change::RulesRemoved { group, rules, ids })
}

fn updated(call: &Call<'_>) -> Option<Change> {
    let rules: Option<Vec<_>> =
        call.request.get("securityGroupRule").items().map(rule_update).collect();
    let rules = rules.filter(|it| !it.is_empty())?;
    Some(Change::RulesUpdated { group: group(call)?, rules })
}

fn group_created(call: &Call<'_>) -> Option<Change> {
    Some(Change::GroupCreated {
        group: id(call.response.get("groupId"))?,
        name: call.request.get("groupName").text().map(str::to_owned),
        vpc: id(call.request.get("vpcId")),
    })
}

fn group_deleted(call: &Call<'_>) -> Option<Change> {
    Some(Change::GroupDeleted { group: id(call.request.get("groupId"))? })
}

fn interface_created(call: &Call<'_>) -> Option<Change> {
    let interfaces = vec![interface_groups(call.response.get("networkInterface"))?];
    Some(Change::InterfaceGroupsSet { interfaces })
}

fn interface_modified(call: &Call<'_>) -> Option<Change> {
    let interfaces = vec![interface_groups(call.request)?];
    Some(Change::InterfaceGroupsSet { interfaces })
}

fn instance_modified(call: &Call<'_>) -> Option<Change> {
    let groups = groups(call.request)?;
    Some(Change::InstanceGroupsSet { instance: id(call.request.get("instanceId"))?, groups })
}

fn instances_started(call: &Call<'_>) -> Option<Change> {
    let instances = call.response.get("instancesSet").items();
    let interfaces = instances.flat_map(|it| it.get("networkInterfaceSet").items());
    let interfaces: Option<Vec<_>> = interfaces.map(interface_groups).collect();
    interfaces
        .filter(|it| !it.is_empty())
        .map(|interfaces| Change::InterfaceGroupsSet { interfaces })
}

fn acl_created(call: &Call<'_>) -> Option<Change> {
    let acl = call.response.get("networkAcl");
    Some(Change::AclCreated { acl: id(acl.get("networkAclId"))?, vpc: id(acl.get("vpcId")) })
}

fn acl_deleted(call: &Call<'_>) -> Option<Change> {
    Some(Change::AclDeleted { acl: id(call.request.get("networkAclId"))? })
}

fn acl_entry_set(call: &Call<'_>) -> Option<Change> {
    let request = call.request;
    let action = match request.get("ruleAction").text()? {
        "allow" => Action::Allow,
        "deny" => Action::Deny,
        _ => return None,
    };
    let cidr = match request.get("cidrBlock").text() {
        Some(text) => IpPrefix::V4(prefix(text)?),
        None => IpPrefix::V6(prefix(request.get("ipv6CidrBlock").text()?)?),
    };
    let (direction, number) = acl_place(call)?;
    let entry = NetworkAclEntry { number, direction, cidr, traffic: acl_traffic(request)?, action };
    Some(Change::AclEntrySet { acl: id(request.get("networkAclId"))?, entry })
}

fn acl_entry_removed(call: &Call<'_>) -> Option<Change> {
    let (direction, number) = acl_place(call)?;
    let acl = id(call.request.get("networkAclId"))?;
    Some(Change::AclEntryRemoved { acl, direction, number })
}

fn acl_associated(call: &Call<'_>) -> Option<Change> {
    Some(Change::AclAssociated {
        acl: id(call.request.get("networkAclId"))?,
        association: call.request.get("associationId").text()?.to_owned(),
        new_association: call.response.get("newAssociationId").text().map(str::to_owned),
    })
}

fn flow_logs_created(call: &Call<'_>) -> Option<Change> {
    let flow_logs = texts(call.response.get("flowLogIdSet"), "flowLogId")?;
    let resources = one_or_many(call.request, "resourceId")?;
    (!flow_logs.is_empty()).then_some(Change::FlowLogsCreated { flow_logs, resources })
}

fn flow_logs_deleted(call: &Call<'_>) -> Option<Change> {
    let failed = texts(call.response.get("unsuccessful"), "resourceId")?;
    let mut flow_logs = one_or_many(call.request, "flowLogId")?;
    flow_logs.retain(|it| !failed.contains(it));
    (!flow_logs.is_empty()).then_some(Change::FlowLogsDeleted { flow_logs })
}

/// Returns the group of a call: what was asked for, or what AWS answered if that was by name.
fn group(call: &Call<'_>) -> Option<SecurityGroupId> {
    let answered = call.response.get("securityGroupRuleSet").items().next();
    id(call.request.get("groupId")).or_else(|| id(answered?.get("groupId")))
}

/// Reads `ipPermissions`, where each permission has many peers. `None` if one of them is unknown.
fn permissions(call: &Call<'_>, direction: Direction) -> Option<Vec<SecurityGroupRule>> {
    let mut rules = Vec::new();
    for permission in call.request.get("ipPermissions").items() {
        let traffic = traffic(permission)?;
        for (list, read) in PEERS {
            for item in permission.get(list).items() {
                let description = item.get("description").text().map(Into::into);
                rules.push(SecurityGroupRule {
                    id: None,
                    direction,
                    traffic,
                    peer: read(item)?,
                    description,
                });
            }
        }
    }
    Some(rules)
}

type PeerReader = fn(Node<'_>) -> Option<RulePeer>;

/// The lists of peers of a permission.
static PEERS: &[(&str, PeerReader)] = &[
    ("ipRanges", |it| prefix(it.get("cidrIp").text()?).map(RulePeer::V4)),
    ("ipv6Ranges", |it| prefix(it.get("cidrIpv6").text()?).map(RulePeer::V6)),
    ("prefixListIds", |it| id(it.get("prefixListId")).map(RulePeer::PrefixList)),
    ("groups", |it| group_reference(it).map(RulePeer::Group)),
];

/// Reads the rules that AWS answers with, each of one peer.
fn rule_set(call: &Call<'_>, direction: Direction) -> Option<Vec<SecurityGroupRule>> {
    let items = call.response.get("securityGroupRuleSet").items();
    items
        .map(|item| {
            Some(SecurityGroupRule {
                id: id(item.get("securityGroupRuleId")),
                direction,
                traffic: traffic(item)?,
                peer: single_peer(item)?,
                description: item.get("description").text().map(Into::into),
            })
        })
        .collect()
}

fn rule_update(item: Node<'_>) -> Option<RuleUpdate> {
    let rule = item.get("securityGroupRule");
    Some(RuleUpdate {
        id: id(item.get("securityGroupRuleId"))?,
        traffic: traffic(rule)?,
        peer: single_peer(rule)?,
    })
}

/// Reads the peer of a rule that has only one.
fn single_peer(rule: Node<'_>) -> Option<RulePeer> {
    let v4 = || prefix(rule.get("cidrIpv4").text()?).map(RulePeer::V4);
    let v6 = || prefix(rule.get("cidrIpv6").text()?).map(RulePeer::V6);
    let list = || id(rule.get("prefixListId")).map(RulePeer::PrefixList);
    let named = || {
        let group = id(rule.get("referencedGroupId"))?;
        Some(RulePeer::Group(GroupReference { group, account: None, vpc: None, peering: None }))
    };
    let answered = || group_reference(rule.get("referencedGroupInfo")).map(RulePeer::Group);
    v4().or_else(v6).or_else(list).or_else(named).or_else(answered)
}

fn group_reference(item: Node<'_>) -> Option<GroupReference> {
    Some(GroupReference {
        group: id(item.get("groupId"))?,
        account: id(item.get("userId")),
        vpc: id(item.get("vpcId")),
        peering: id(item.get("vpcPeeringConnectionId")),
    })
}

fn traffic(rule: Node<'_>) -> Option<RuleTraffic> {
    let protocol = protocol(rule.get("ipProtocol"))?;
    let (first, last) = (rule.get("fromPort").number(), rule.get("toPort").number());
    RuleTraffic::from_aws(&protocol, first, last).ok()
}

fn acl_traffic(entry: Node<'_>) -> Option<RuleTraffic> {
    let protocol =
        protocol(entry.get("aclProtocol")).or_else(|| protocol(entry.get("protocol")))?;
    let (ports, icmp) = (entry.get("portRange"), entry.get("icmpTypeCode"));
    let bounds = |list: Node<'_>, first, last| (list.get(first).number(), list.get(last).number());
    let (first, last) = match protocol.as_str() {
        "1" | "58" | "icmp" | "icmpv6" => bounds(icmp, "type", "code"),
        _ => bounds(ports, "from", "to"),
    };
    RuleTraffic::from_aws(&protocol, first, last).ok()
}

/// Reads a protocol, which may be a number.
fn protocol(node: Node<'_>) -> Option<String> {
    node.text().map(str::to_owned).or_else(|| Some(node.number()?.to_string()))
}

/// Reads which entry of a network ACL is meant.
fn acl_place(call: &Call<'_>) -> Option<(Direction, u32)> {
    let is_outbound = call.request.get("egress").flag()?;
    let number = call.request.get("ruleNumber").number()?;
    let direction = if is_outbound { Direction::Outbound } else { Direction::Inbound };
    Some((direction, u32::try_from(number).ok()?))
}

/// Reads an interface with its groups; `None` if the groups are not mentioned.
fn interface_groups(interface: Node<'_>) -> Option<InterfaceGroups> {
    let groups = groups(interface)?;
    Some(InterfaceGroups { interface: id(interface.get("networkInterfaceId"))?, groups })
}

fn groups(owner: Node<'_>) -> Option<Vec<SecurityGroupId>> {
    let groups = owner.get("groupSet");
    let ids = || groups.items().map(|it| id(it.get("groupId"))).collect();
    if groups.is_present() { ids() } else { None }
}

/// Reads a prefix. AWS masks host bits away, and so do we.
fn prefix<A: Address>(text: &str) -> Option<Prefix<A>> {
    let (address, length) = text.split_once('/')?;
    Prefix::truncating(address.parse().ok()?, length.parse().ok()?)
}

fn id<T: for<'t> From<&'t str>>(node: Node<'_>) -> Option<T> {
    node.text().map(T::from)
}

/// Reads texts that stand under `name` or, as a list, under its plural.
fn one_or_many(request: Node<'_>, name: &str) -> Option<Vec<String>> {
    let one = request.get(name);
    if one.is_present() { texts(one, name) } else { texts(request.get(&format!("{name}s")), name) }
}

/// Reads a list of texts, or of objects that have the text under `name`.
fn texts(list: Node<'_>, name: &str) -> Option<Vec<String>> {
    list.items().map(|it| it.text().or_else(|| it.get(name).text()).map(str::to_owned)).collect()
}

/// Returns the names of all calls that are read.
#[cfg(test)]
pub(super) fn names() -> Vec<&'static str> {
    READERS.iter().map(|(name, _)| *name).collect()
}
