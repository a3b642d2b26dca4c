//! The hops of a packet, in the order of `docs/design/reachability.md`, and of its reply.

mod hop;
mod outside;

use std::net::IpAddr;

use portolan_model::{
    Direction, Endpoint, InterfaceKind, InternetGatewayId, Model, NetworkInterface, Peering,
    PeeringId, RouteState, RouteTarget, SubnetId, Vpc,
};
use portolan_net::{Header, Protocol};

use self::hop::{Hop, certainty_of, next_hop};
use super::address::{holds, is_unfiltered_service};
use super::facts::{has_address, interface_at, is_of_one_region};
use super::filter::{Identity, Peer, network_acl, security_groups};
use super::route::{Way, way};
use super::trip::Trip;
use super::{Arrival, Certainty, End, Outcome, Settings};

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
        let (hop, state) = next_hop(self.model, sender.interface, to);
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

fn is_way_back(target: &RouteTarget, expected: WayBack<'_>) -> bool {
    match (target, expected) {
        (RouteTarget::Local, WayBack::WithinVpc) => true,
        (RouteTarget::Peering(id), WayBack::Peering(expected)) => id == expected,
        (RouteTarget::InternetGateway(id), WayBack::InternetGateway(expected)) => id == expected,
        _ => false,
    }
}
