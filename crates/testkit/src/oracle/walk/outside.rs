//! What crosses the border of a VPC towards the Internet: Internet, egress-only and NAT gateways, and the way in.

use std::net::IpAddr;

use portolan_model::{
    Direction, EgressOnlyGateway, InternetGateway, NatGateway, RouteState, RouteTarget, SubnetId,
    Vpc,
};
use portolan_net::{Header, Protocol};

use super::hop::certainty_of;
use super::{Sender, Walk, WayBack};
use crate::oracle::address::is_internet;
use crate::oracle::facts::{
    edge_table_of, internet_gateway_of, names_unread_internet_gateway, public_access,
    public_holder, public_of,
};
use crate::oracle::filter::{Identity, Peer, telling_ports};
use crate::oracle::route::{Way, lookup, routed_way};
use crate::oracle::{Arrival, Certainty};

/// The first of the ports that a NAT gateway sends from; the last is 65535.
///
/// Source: Amazon VPC User Guide, "NAT gateway basics".
const FIRST_NAT_PORT: u16 = 1024;

impl<'m> Walk<'m> {
    /// Step 6, *Internet gateway*.
    pub(super) fn leave_by_internet_gateway(
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
    pub(super) fn leave_by_egress_only(
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
    pub(super) fn leave_by_nat(&mut self, sender: Sender<'m>, to: IpAddr, gateway: &'m NatGateway) {
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

    /// Step 9.
    pub(super) fn enter_from_internet(&mut self, outside: IpAddr, to: IpAddr) {
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
}
