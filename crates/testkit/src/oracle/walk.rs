//! The hops of a packet, in the order of `docs/design/reachability.md`, and of its reply.

use std::net::IpAddr;

use portolan_model::{
    Direction, EgressOnlyGateway, Endpoint, EndpointKind, InterfaceKind, InternetGateway,
    InternetGatewayId, Model, NatGateway, NetworkInterface, Peering, PeeringId, RouteState,
    RouteTarget, SubnetId, Vpc,
};
use portolan_net::{Header, Protocol};

use super::address::{holds, is_internet, is_unfiltered_service};
use super::facts::{
    edge_table_of, has_address, interface_at, interfaces_of, internet_gateway_of, is_of_one_region,
    names_unread_internet_gateway, public_access, public_holder, public_of,
};
use super::filter::{Identity, Peer, network_acl, security_groups, telling_ports};
use super::route::{Unclear, Way, lookup, routed_way, way};
use super::trip::Trip;
use super::{Arrival, Certainty, End, Outcome, Settings};

/// The first of the ports that a NAT gateway sends from; the last is 65535.
///
/// Source: Amazon VPC User Guide, "NAT gateway basics".
const FIRST_NAT_PORT: u16 = 1024;

/// One packet on its way through a model.
#[derive(Clone, Debug)]
pub(super) struct Walk<'m> {
    model: &'m Model,
    settings: Settings,
    header: Header,
    trip: Trip,
}

/// The interface that a packet leaves, and the address that it leaves with.
#[derive(Clone, Copy, Debug)]
struct Sender<'m> {
    interface: &'m NetworkInterface,
    address: IpAddr,
}

/// What the target of a route turns out to be.
#[derive(Clone, Copy, Debug)]
enum Hop<'m> {
    WithinVpc {
        is_within_subnet: bool,
    },
    Peering(&'m Peering, &'m Vpc),
    InternetGateway(&'m InternetGateway),
    EgressOnlyGateway(&'m EgressOnlyGateway),
    NatGateway(&'m NatGateway),
    GatewayEndpoint(&'m Endpoint),
    Dropped(&'static str),
    /// Nothing is known from here on; groups may still recognise each other if `keeps_identity`.
    Unknown {
        why: &'static str,
        keeps_identity: bool,
    },
}

/// The way that a reply has to take.
#[derive(Clone, Copy, Debug)]
enum WayBack<'m> {
    WithinVpc,
    Peering(&'m PeeringId),
    InternetGateway(&'m InternetGatewayId),
}

impl<'m> Walk<'m> {
    /// Starts a packet on its way.
    pub(super) fn new(model: &'m Model, settings: Settings, header: Header) -> Self {
        Self { model, settings, header, trip: Trip::new(header) }
    }

    /// Ends the walk.
    pub(super) fn finish(self) -> Outcome {
        self.trip.finish()
    }

    /// Drops the packet.
    pub(super) fn refuse(&mut self, why: &str) {
        self.trip.forward(Certainty::No, why);
    }

    /// Sends the packet from one end to an address.
    pub(super) fn start(&mut self, from: &End, to: IpAddr) {
        match from {
            End::Internet(outside) => self.enter_from_internet(*outside, to),
            End::Interface { interface, address } => match self.model.interfaces.get(interface) {
                Some(interface) if has_address(interface, *address) => {
                    self.leave(Sender { interface, address: *address }, to);
                }
                _ => self.refuse("the sender does not have that address"),
            },
        }
    }

    /// Steps 1 to 6.
    fn leave(&mut self, sender: Sender<'m>, to: IpAddr) {
        let kind = initiates(sender.interface.kind);
        self.trip.forward(kind, format_args!("1 {:?} initiates", sender.interface.kind));
        if is_unfiltered_service(to, self.model.vpcs.get(&sender.interface.vpc)) {
            self.trip.arrive(Arrival::Service);
            self.trip.forward(Certainty::Yes, "2 a service that nothing filters");
            return;
        }
        let (hop, state) = self.next_hop(sender.interface, to);
        if kind != Certainty::No {
            let peer = Peer { address: to, identity: self.identity_at(sender, hop, to) };
            self.pass_groups(sender.interface, Direction::Outbound, peer);
        }
        if !matches!(hop, Hop::WithinVpc { is_within_subnet: true }) {
            self.pass_acl(4, &sender.interface.subnet, Direction::Outbound, to);
        }
        self.trip.forward(state, format_args!("5 the route to {to}"));
        self.take(hop, sender, to);
    }

    /// Step 6.
    fn take(&mut self, hop: Hop<'m>, sender: Sender<'m>, to: IpAddr) {
        match hop {
            Hop::Dropped(why) => self.refuse(why),
            Hop::Unknown { why, .. } => self.trip.lose(why),
            Hop::WithinVpc { is_within_subnet } => self.cross_vpc(sender, to, is_within_subnet),
            Hop::Peering(peering, peer) => self.cross_peering(sender, to, peering, peer),
            Hop::InternetGateway(gateway) => self.leave_by_internet_gateway(sender, to, gateway),
            Hop::EgressOnlyGateway(gateway) => self.leave_by_egress_only(sender, to, gateway),
            Hop::NatGateway(gateway) => self.leave_by_nat(sender, to, gateway),
            Hop::GatewayEndpoint(endpoint) => self.reach_service(sender, to, endpoint),
        }
    }

    /// Returns where the packet goes next, and whether the route there works.
    fn next_hop(&self, from: &NetworkInterface, to: IpAddr) -> (Hop<'m>, Certainty) {
        match way(self.model, &from.subnet, to) {
            Way::WithinSubnet => (Hop::WithinVpc { is_within_subnet: true }, Certainty::Yes),
            Way::Nowhere => (Hop::Dropped("5 no route"), Certainty::Yes),
            Way::Unclear(unclear) => {
                let keeps_identity = unclear == Unclear::Anything;
                let why = "5 it is not known which route leads there";
                (Hop::Unknown { why, keeps_identity }, Certainty::Yes)
            }
            Way::Route(_, RouteState::Blackhole) => (Hop::Dropped("5 a blackhole"), Certainty::Yes),
            Way::Route(target, state) => (self.hop(from, target), certainty_of(state)),
        }
    }

    fn hop(&self, from: &NetworkInterface, target: &'m RouteTarget) -> Hop<'m> {
        let unread = |why| Hop::Unknown { why, keeps_identity: false };
        let model = self.model;
        match target {
            RouteTarget::Local => Hop::WithinVpc { is_within_subnet: false },
            RouteTarget::InternetGateway(id) => model
                .internet_gateways
                .get(id)
                .map_or(unread("6 an unread Internet gateway"), Hop::InternetGateway),
            RouteTarget::EgressOnlyGateway(id) => model
                .egress_only_gateways
                .get(id)
                .map_or(unread("6 an unread egress-only gateway"), Hop::EgressOnlyGateway),
            RouteTarget::NatGateway(id) => model
                .nat_gateways
                .get(id)
                .map_or(unread("6 an unread NAT gateway"), Hop::NatGateway),
            RouteTarget::Peering(id) => self.peering_hop(from, id),
            RouteTarget::Endpoint(id) => match model.endpoints.get(id) {
                Some(endpoint) if endpoint.kind == EndpointKind::Gateway => {
                    Hop::GatewayEndpoint(endpoint)
                }
                _ => unread("6 an endpoint that is not a gateway endpoint, or unread"),
            },
            RouteTarget::Interface(id) => forwarding(model.interfaces.get(id).into_iter()),
            RouteTarget::Instance(id) => forwarding(interfaces_of(model, id)),
            RouteTarget::VpnGateway(_) | RouteTarget::TransitGateway(_) | RouteTarget::Other(_) => {
                unread("6 a target that is not modelled")
            }
        }
    }

    fn peering_hop(&self, from: &NetworkInterface, id: &PeeringId) -> Hop<'m> {
        let unread = |why| Hop::Unknown { why, keeps_identity: true };
        let Some(peering) = self.model.peerings.get(id) else {
            return unread("6 an unread peering connection");
        };
        if !peering.is_active {
            return Hop::Dropped("6 the peering connection is not active");
        }
        match peering.opposite(&from.vpc).map(|side| self.model.vpcs.get(&side.vpc)) {
            None => Hop::Dropped("6 the peering connection is of other VPCs"),
            Some(None) => unread("6 the peer VPC was not read"),
            Some(Some(peer)) => Hop::Peering(peering, peer),
        }
    }

    /// Returns what the sender's groups know of the interface that the packet goes to.
    fn identity_at(&self, sender: Sender<'m>, hop: Hop<'m>, to: IpAddr) -> Identity<'m> {
        let at = |vpc| interface_at(self.model, vpc, to);
        match hop {
            Hop::WithinVpc { .. } => {
                at(&sender.interface.vpc).map_or(Identity::Lost, Identity::Recognised)
            }
            Hop::Peering(peering, peer) => {
                at(&peer.id).map_or(Identity::Lost, |it| self.identity_over(peering, it))
            }
            Hop::Unknown { keeps_identity: true, .. } => Identity::Anyone,
            _ => Identity::Lost,
        }
    }

    fn identity_over(&self, peering: &Peering, other: &'m NetworkInterface) -> Identity<'m> {
        match is_of_one_region(self.model, peering) {
            Certainty::Yes => Identity::Recognised(other),
            Certainty::Maybe => Identity::Perhaps(other),
            Certainty::No => Identity::Lost,
        }
    }

    /// Step 6, *local*, and step 3.
    fn cross_vpc(&mut self, sender: Sender<'m>, to: IpAddr, is_within_subnet: bool) {
        let Some(receiver) = interface_at(self.model, &sender.interface.vpc, to) else {
            return self.refuse("6 no interface of the VPC has that address");
        };
        let identity = Identity::Recognised(sender.interface);
        let peer = Peer { address: sender.address, identity };
        if is_within_subnet {
            self.enter_interface(receiver, peer);
        } else {
            self.enter_subnet(receiver, peer);
            self.reply_leaves(receiver, sender.address, WayBack::WithinVpc);
            self.reply_enters(&sender.interface.subnet, to);
        }
    }

    /// Step 6, *peering*.
    fn cross_peering(
        &mut self,
        sender: Sender<'m>,
        to: IpAddr,
        peering: &'m Peering,
        peer: &'m Vpc,
    ) {
        if !peer.cidrs.iter().any(|cidr| holds(*cidr, to)) {
            return self.refuse("6 the peer VPC has no such address");
        }
        let Some(receiver) = interface_at(self.model, &peer.id, to) else {
            return self.refuse("6 no interface of the peer VPC has that address");
        };
        let identity = self.identity_over(peering, sender.interface);
        self.enter_subnet(receiver, Peer { address: sender.address, identity });
        self.reply_leaves(receiver, sender.address, WayBack::Peering(&peering.id));
        self.reply_enters(&sender.interface.subnet, to);
    }

    /// Step 6, *Internet gateway*.
    fn leave_by_internet_gateway(
        &mut self,
        sender: Sender<'m>,
        to: IpAddr,
        gateway: &'m InternetGateway,
    ) {
        let interface = sender.interface;
        if gateway.vpc.as_ref() != Some(&interface.vpc) {
            return self.refuse("6 the Internet gateway is not attached to the VPC");
        }
        let Some(public) = public_of(interface, sender.address) else {
            return self.refuse("6 the source has no public address");
        };
        if let Some(vpc) = self.model.vpcs.get(&interface.vpc) {
            self.go_outside(vpc, Some(public), to);
            self.pass_edge(gateway, vpc, &[sender.address]);
            self.reply_enters(&interface.subnet, to);
        }
    }

    /// Step 6, *egress-only gateway*.
    fn leave_by_egress_only(
        &mut self,
        sender: Sender<'m>,
        to: IpAddr,
        gateway: &EgressOnlyGateway,
    ) {
        let interface = sender.interface;
        if gateway.vpc.as_ref() != Some(&interface.vpc) {
            return self.refuse("6 the egress-only gateway is not attached to the VPC");
        }
        let Some(public) = public_of(interface, sender.address).filter(IpAddr::is_ipv6) else {
            return self.refuse("6 the source has no global IPv6 address");
        };
        if let Some(vpc) = self.model.vpcs.get(&interface.vpc) {
            self.go_outside(vpc, Some(public), to);
            self.reply_enters(&interface.subnet, to);
        }
    }

    /// Step 6, *NAT gateway*.
    fn leave_by_nat(&mut self, sender: Sender<'m>, to: IpAddr, gateway: &'m NatGateway) {
        if !gateway.is_available {
            return self.refuse("6 the NAT gateway is not available");
        }
        if to.is_ipv6() {
            return self.trip.lose("6 NAT64");
        }
        let protocol = self.header.protocol();
        if ![Protocol::TCP, Protocol::UDP, Protocol::ICMP].contains(&protocol) {
            return self.refuse("6 a NAT gateway takes TCP, UDP and ICMP only");
        }
        let Some(subnet) = &gateway.subnet else {
            return self.trip.lose("6 a regional NAT gateway");
        };
        let is_elsewhere = *subnet != sender.interface.subnet;
        if is_elsewhere {
            self.pass_acl(6, subnet, Direction::Inbound, sender.address);
        }
        self.pass_acl(6, subnet, Direction::Outbound, to);
        if !gateway.is_public {
            return self.trip.lose("6 a private NAT gateway");
        }
        let Some((outer, vpc)) = self.gateway_behind_nat(gateway, subnet, to) else { return };
        self.trip.spread_replies(&telling_ports(self.model, FIRST_NAT_PORT));
        let mut public = gateway.addresses.iter().filter_map(|address| address.public);
        self.go_outside(vpc, public.next().filter(|_| public.next().is_none()).map(Into::into), to);
        let private = gateway.addresses.iter().filter_map(|address| address.private);
        self.pass_edge(outer, vpc, &private.map(Into::into).collect::<Vec<_>>());
        self.reply_enters(subnet, to);
        self.trip.gather_replies(self.header);
        if is_elsewhere {
            self.filter_reply(subnet, Direction::Outbound, sender.address);
            self.reply_enters(&sender.interface.subnet, to);
        }
    }

    /// Returns the Internet gateway that a public NAT gateway's subnet sends a packet to, and their VPC.
    fn gateway_behind_nat(
        &mut self,
        nat: &NatGateway,
        subnet: &SubnetId,
        to: IpAddr,
    ) -> Option<(&'m InternetGateway, &'m Vpc)> {
        let (target, state) = match routed_way(self.model, subnet, to) {
            Way::Route(target, state) => (target, state),
            Way::Nowhere => {
                self.refuse("6 no route behind the NAT gateway");
                return None;
            }
            Way::Unclear(_) | Way::WithinSubnet => {
                self.trip.lose("6 it is not known which route leads on behind the NAT gateway");
                return None;
            }
        };
        if state == RouteState::Blackhole {
            self.refuse("6 a blackhole behind the NAT gateway");
            return None;
        }
        self.trip.forward(certainty_of(state), "6 the route behind the NAT gateway");
        let RouteTarget::InternetGateway(id) = target else {
            self.trip.lose("6 another target behind the NAT gateway");
            return None;
        };
        let Some(gateway) = self.model.internet_gateways.get(id) else {
            self.trip.lose("6 an unread Internet gateway behind the NAT gateway");
            return None;
        };
        if gateway.vpc.as_ref() != Some(&nat.vpc) {
            self.refuse("6 the Internet gateway behind the NAT gateway is not attached");
            return None;
        }
        Some((gateway, self.model.vpcs.get(&nat.vpc)?))
    }

    /// Step 6: what is common to Internet, egress-only and public NAT gateways. Sends the packet out with `public` as
    /// source, if that is known.
    fn go_outside(&mut self, vpc: &'m Vpc, public: Option<IpAddr>, to: IpAddr) {
        if !is_internet(to, vpc) {
            return self.refuse("6 the destination is not in the Internet");
        }
        let is_mail = matches!(
            self.header,
            Header::Ports { protocol: Protocol::TCP, source: _, destination: 25 }
        );
        if is_mail && self.settings.port_25_blocked {
            return self.refuse("6 EC2 blocks port 25 towards the Internet");
        }
        self.trip.forward(public_access(self.model, vpc), "6 public access of the sender's VPC");
        match (public_holder(self.model, to), public) {
            (None, _) => self.trip.arrive(Arrival::Internet),
            (Some((receiver, _)), _) if receiver.vpc == vpc.id => {
                self.trip.lose("6 IGW_NAT_REFLECTION");
            }
            (Some(_), Some(public)) => self.enter_from_internet(public, to),
            (Some(_), None) => self.trip.lose("6 the public source address is not known"),
        }
    }

    /// Step 6, *gateway endpoint*.
    fn reach_service(&mut self, sender: Sender<'m>, to: IpAddr, endpoint: &Endpoint) {
        let is_carried = match self.header {
            Header::Ports { protocol, .. } => protocol == Protocol::TCP,
            Header::Icmp { protocol: Protocol::ICMP, kind } => kind.kind == 8,
            Header::Icmp { protocol: Protocol::ICMPV6, kind } => kind.kind == 128,
            Header::Icmp { .. } | Header::Other(_) => false,
        };
        let passes = Certainty::of(is_carried && endpoint.is_available);
        self.trip.forward(passes, "6 a gateway endpoint carries TCP and echo requests");
        self.trip.arrive(Arrival::Service);
        self.reply_enters(&sender.interface.subnet, to);
    }

    /// Step 9.
    fn enter_from_internet(&mut self, outside: IpAddr, to: IpAddr) {
        let Some((receiver, private)) = public_holder(self.model, to) else {
            return self.refuse("9 no interface has that address in the Internet");
        };
        let Some(vpc) = self.model.vpcs.get(&receiver.vpc) else {
            return self.trip.lose("9 the VPC of the destination was not read");
        };
        if !is_internet(outside, vpc) {
            return self.refuse("9 the source is not in the Internet");
        }
        let Some(gateway) = internet_gateway_of(self.model, &vpc.id) else {
            return if names_unread_internet_gateway(self.model, &vpc.id) {
                self.trip.lose("9 the Internet gateway was not read");
            } else {
                self.refuse("9 the VPC has no Internet gateway");
            };
        };
        self.trip.forward(public_access(self.model, vpc), "9 public access of the receiver's VPC");
        match self.edge(gateway, vpc, private) {
            Some(state) => self.trip.forward(state, "9 the gateway leads to the destination"),
            None => self.trip.lose("9 the route table of the gateway leads elsewhere"),
        }
        self.enter_subnet(receiver, Peer { address: outside, identity: Identity::Lost });
        self.reply_leaves(receiver, outside, WayBack::InternetGateway(&gateway.id));
    }

    /// Returns how sure it is that the Internet gateway leads to a private address, or `None` if it leads elsewhere.
    fn edge(&self, gateway: &InternetGateway, vpc: &Vpc, private: IpAddr) -> Option<Certainty> {
        let Some(table) = edge_table_of(self.model, &gateway.id) else {
            return Some(Certainty::Yes);
        };
        match lookup(self.model, table, vpc, private) {
            Way::Route(_, RouteState::Blackhole) => None,
            Way::Route(RouteTarget::Local, state) => Some(certainty_of(state)),
            _ => None,
        }
    }

    /// Step 10, for what left through an Internet gateway: back through it to one of these addresses.
    fn pass_edge(&mut self, gateway: &InternetGateway, vpc: &Vpc, private: &[IpAddr]) {
        if edge_table_of(self.model, &gateway.id).is_none() {
            return;
        }
        let states: Option<Vec<Certainty>> =
            private.iter().map(|private| self.edge(gateway, vpc, *private)).collect();
        match states.and_then(|states| states.into_iter().min()) {
            Some(state) => self.trip.back(state, "10 the gateway leads back"),
            None => self.trip.lose_reply("10 the route table of the gateway leads elsewhere"),
        }
    }

    /// Steps 7 and 8.
    fn enter_subnet(&mut self, receiver: &'m NetworkInterface, peer: Peer<'m>) {
        self.pass_acl(7, &receiver.subnet, Direction::Inbound, peer.address);
        self.enter_interface(receiver, peer);
    }

    /// Step 8.
    fn enter_interface(&mut self, receiver: &'m NetworkInterface, peer: Peer<'m>) {
        self.trip.arrive(Arrival::Interface(receiver.id.clone()));
        let kind = accepts(receiver.kind, self.header);
        self.trip.forward(kind, format_args!("8 {:?} accepts", receiver.kind));
        if kind != Certainty::No {
            self.pass_groups(receiver, Direction::Inbound, peer);
        }
    }

    /// Step 10: the reply leaves the receiver's subnet and has to take the way that the packet came.
    fn reply_leaves(&mut self, receiver: &NetworkInterface, to: IpAddr, expected: WayBack<'_>) {
        let found = way(self.model, &receiver.subnet, to);
        if !matches!(found, Way::WithinSubnet) {
            self.filter_reply(&receiver.subnet, Direction::Outbound, to);
        }
        let leads_back = match (found, expected) {
            (Way::WithinSubnet, WayBack::WithinVpc) => Certainty::Yes,
            (Way::Unclear(_), _) => Certainty::Maybe,
            (Way::Route(_, RouteState::Blackhole), _) => Certainty::No,
            (Way::Route(target, state), expected) if is_way_back(target, expected) => {
                certainty_of(state)
            }
            _ => Certainty::No,
        };
        self.trip.back(leads_back, format_args!("10 the route to {to}"));
    }

    /// Step 10: the reply, from `from`, enters the subnet of the client or of its NAT gateway.
    fn reply_enters(&mut self, subnet: &SubnetId, from: IpAddr) {
        self.filter_reply(subnet, Direction::Inbound, from);
    }

    fn filter_reply(&mut self, subnet: &SubnetId, direction: Direction, peer: IpAddr) {
        if self.settings.network_acls {
            let model = self.model;
            self.trip.filter_replies(
                |reply| network_acl(model, subnet, direction, peer, reply),
                format_args!("10 network ACL of {subnet}, {direction:?}, {peer}"),
            );
        }
    }

    fn pass_acl(&mut self, step: u8, subnet: &SubnetId, direction: Direction, peer: IpAddr) {
        if self.settings.network_acls {
            let passes = network_acl(self.model, subnet, direction, peer, self.header);
            let what = format_args!("{step} network ACL of {subnet}, {direction:?}, {peer}");
            self.trip.forward(passes, what);
        }
    }

    fn pass_groups(&mut self, holder: &NetworkInterface, direction: Direction, peer: Peer<'_>) {
        if self.settings.security_groups {
            let passes = security_groups(self.model, holder, direction, peer, self.header);
            let step = if direction == Direction::Outbound { 1 } else { 8 };
            let what = format_args!("{step} groups of {}, {direction:?}", holder.id);
            self.trip.forward(passes, what);
        }
    }
}

/// Returns whether an interface of a kind sends packets of its own accord (step 1).
const fn initiates(kind: InterfaceKind) -> Certainty {
    match kind {
        InterfaceKind::Endpoint => Certainty::No,
        InterfaceKind::LoadBalancer
        | InterfaceKind::GatewayLoadBalancer
        | InterfaceKind::GatewayLoadBalancerEndpoint
        | InterfaceKind::TransitGateway => Certainty::Maybe,
        InterfaceKind::Standard
        | InterfaceKind::NatGateway
        | InterfaceKind::Lambda
        | InterfaceKind::Service => Certainty::Yes,
    }
}

/// Returns whether an interface of a kind takes a packet that nothing asked for (step 8).
fn accepts(kind: InterfaceKind, header: Header) -> Certainty {
    match kind {
        InterfaceKind::NatGateway | InterfaceKind::Lambda => Certainty::No,
        InterfaceKind::Endpoint => Certainty::of(matches!(header, Header::Ports { .. })),
        InterfaceKind::LoadBalancer
        | InterfaceKind::GatewayLoadBalancer
        | InterfaceKind::GatewayLoadBalancerEndpoint
        | InterfaceKind::TransitGateway => Certainty::Maybe,
        InterfaceKind::Standard | InterfaceKind::Service => Certainty::Yes,
    }
}

/// Returns what becomes of a packet that is sent to interfaces which do not have its destination address.
fn forwarding<'m>(mut interfaces: impl Iterator<Item = &'m NetworkInterface>) -> Hop<'m> {
    let first = interfaces.next();
    if first.is_some_and(|one| one.source_dest_check) && interfaces.all(|one| one.source_dest_check)
    {
        Hop::Dropped("6 the interface checks source and destination")
    } else {
        Hop::Unknown { why: "6 an appliance", keeps_identity: false }
    }
}

fn is_way_back(target: &RouteTarget, expected: WayBack<'_>) -> bool {
    match (target, expected) {
        (RouteTarget::Local, WayBack::WithinVpc) => true,
        (RouteTarget::Peering(id), WayBack::Peering(expected)) => id == expected,
        (RouteTarget::InternetGateway(id), WayBack::InternetGateway(expected)) => id == expected,
        _ => false,
    }
}

/// Returns how sure it is that a route works which is not a blackhole.
fn certainty_of(state: RouteState) -> Certainty {
    match state {
        RouteState::Active => Certainty::Yes,
        RouteState::Unknown => Certainty::Maybe,
        RouteState::Blackhole => Certainty::No,
    }
}
