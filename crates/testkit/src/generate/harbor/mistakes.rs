//! What is wrong with Harbor's network, and what only looks wrong.
//!
//! The tables are the truth that tests compare answers with, and the source of the example's README.

/// A mistake that was planted on purpose.
#[derive(Clone, Copy, Debug)]
pub struct Mistake {
    /// A short name, unique among mistakes and controls.
    pub id: &'static str,
    /// What somebody would call it in a ticket.
    pub title: &'static str,
    /// Account and Region.
    pub place: &'static str,
    /// The name of what is exposed, broken, or unprotected: a `Name` tag, or the service's own name.
    pub resource: &'static str,
    /// Why it is wrong, in a sentence or two.
    pub why: &'static str,
    /// The question that shows it.
    pub question: Question,
    /// The right answer.
    pub verdict: Verdict,
}

/// A connection that should be answered one way, next to a mistake that is answered the other way.
#[derive(Clone, Copy, Debug)]
pub struct Control {
    /// A short name, unique among mistakes and controls.
    pub id: &'static str,
    /// Why the answer is right.
    pub why: &'static str,
    /// The question.
    pub question: Question,
    /// The right answer.
    pub verdict: Verdict,
}

/// A question for `portolan reach`, always about TCP.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Question {
    /// `internet`, an address, or a name.
    pub from: &'static str,
    /// `internet`, or a name.
    pub to: &'static str,
    /// The destination port.
    pub port: u16,
    /// True if the answer is only understood layer by layer.
    pub layers: bool,
}

/// The right answer to a question.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Verdict {
    /// Some packet to that port arrives, and a reply comes back.
    Reachable,
    /// None does.
    Unreachable,
}

impl Question {
    const fn new(from: &'static str, to: &'static str, port: u16) -> Self {
        Self { from, to, port, layers: false }
    }

    const fn by_layers(self) -> Self {
        Self { layers: true, ..self }
    }

    /// Returns the arguments of `portolan` that ask the question about the example in `source`.
    pub fn arguments(&self, source: &str) -> Vec<String> {
        let port = self.port.to_string();
        let always = ["reach", source, "--from", self.from, "--to", self.to, "--port", &port];
        let layers = self.layers.then_some("--layers");
        always.into_iter().chain(layers).map(str::to_owned).collect()
    }
}

const PRODUCTION: &str = "production, eu-west-1";
const AMERICAS: &str = "production, us-east-1";
const SHARED: &str = "shared-services, eu-west-1";
/// An address that no rule names; RFC 5737 keeps it for documentation.
const STRANGER: &str = "192.0.2.66";
/// Its like in IPv6 (RFC 3849).
const STRANGER6: &str = "2001:db8::66";

/// Every planted mistake, the most urgent first.
pub const MISTAKES: [Mistake; 16] = [
    Mistake {
        id: "rdp-world",
        title: "Remote desktop open to the world",
        place: AMERICAS,
        resource: "yard-terminal-1",
        why: "A Windows host that everybody forgot still has the rule of its first day. Its subnet \
              names no route table; it is public because the main one has the Internet gateway.",
        question: Question::new("internet", "yard-terminal-1", 3389),
        verdict: Verdict::Reachable,
    },
    Mistake {
        id: "docker-api",
        title: "Docker's unencrypted API on the build server",
        place: SHARED,
        resource: "ci-1",
        why: "Whoever reaches port 2375 is root on the host, without a password.",
        question: Question::new("internet", "ci-1", 2375),
        verdict: Verdict::Reachable,
    },
    Mistake {
        id: "public-database",
        title: "The tracking database is on the Internet",
        place: PRODUCTION,
        resource: "tracking-db",
        why: "Publicly accessible, in a public subnet, and its group admits everybody: each of the \
              three alone would be harmless.",
        question: Question::new("internet", "tracking-db", 5432),
        verdict: Verdict::Reachable,
    },
    Mistake {
        id: "search-on-second-address",
        title: "Elasticsearch behind a second address",
        place: PRODUCTION,
        resource: "tracking-search-1",
        why: "The primary address is private, so the host looks internal; an Elastic IP address is \
              mapped to the secondary one.",
        question: Question::new("internet", "tracking-search-1", 9200),
        verdict: Verdict::Reachable,
    },
    Mistake {
        id: "ssh-over-ipv6",
        title: "SSH closed in IPv4, open in IPv6",
        place: SHARED,
        resource: "bastion-1",
        why: "The rule for IPv4 names the offices. The one for IPv6 names everybody.",
        question: Question::new(STRANGER6, "bastion-1", 22),
        verdict: Verdict::Reachable,
    },
    Mistake {
        id: "ipv6-private-host",
        title: "A private host with a public IPv6 address",
        place: PRODUCTION,
        resource: "fleet-telemetry-2",
        why: "It has no public IPv4 address and sits beside fleet-telemetry-1, but its route table \
              sends ::/0 to the Internet gateway, not to the egress-only one.",
        question: Question::new("internet", "fleet-telemetry-2", 22),
        verdict: Verdict::Reachable,
    },
    Mistake {
        id: "world-in-two-halves",
        title: "The whole world in two halves",
        place: SHARED,
        resource: "admin-portal-1",
        why: "The rule names a prefix list of carriers. The list contains 0.0.0.0/1 and 128.0.0.0/1, \
              which no search for 0.0.0.0/0 finds.",
        question: Question::new("internet", "admin-portal-1", 8443),
        verdict: Verdict::Reachable,
    },
    Mistake {
        id: "smtp-by-range",
        title: "A printer that takes mail",
        place: AMERICAS,
        resource: "label-printer-1",
        why: "Somebody wanted FTP and SSH and opened 20-25; 23 (telnet) and 25 (SMTP) lie in between.",
        question: Question::new("internet", "label-printer-1", 25),
        verdict: Verdict::Reachable,
    },
    Mistake {
        id: "default-group",
        title: "Everything trusts the default group",
        place: AMERICAS,
        resource: "americas-reports-db",
        why: "The default group admits its own members on every port. The Internet-facing printer is \
              a member, so it may talk to the reports database.",
        question: Question::new("label-printer-1", "americas-reports-db", 5432),
        verdict: Verdict::Reachable,
    },
    Mistake {
        id: "wide-cache",
        title: "Staging reads production's sessions",
        place: PRODUCTION,
        resource: "session-cache-001",
        why: "The cache admits 10.0.0.0/8. Since the accounts are peered, that includes staging.",
        question: Question::new("staging-web-1", "session-cache-001", 6379),
        verdict: Verdict::Reachable,
    },
    Mistake {
        id: "shadowed-deny",
        title: "A denial that never applies",
        place: PRODUCTION,
        resource: "booking-db",
        why: "The network ACL denies staging in entry 200, after entry 100 has allowed all of \
              10.0.0.0/8 to the database.",
        question: Question::new("staging-web-1", "booking-db", 5432),
        verdict: Verdict::Reachable,
    },
    Mistake {
        id: "function-egress",
        title: "The invoice function can send anything anywhere",
        place: PRODUCTION,
        resource: "invoice-function",
        why: "It reads the booking database, its group lets everything out, and its subnets have a \
              NAT gateway: a way out for data that nobody decided on.",
        question: Question::new("invoice-function", "internet", 443),
        verdict: Verdict::Reachable,
    },
    Mistake {
        id: "one-layer",
        title: "One layer between the world and the warehouse",
        place: PRODUCTION,
        resource: "warehouse-gateway-1",
        why: "Its group admits all traffic from everywhere. Only the network ACL of its subnet, which \
              nobody remembers, keeps strangers out.",
        question: Question::new(STRANGER, "warehouse-gateway-1", 445).by_layers(),
        verdict: Verdict::Unreachable,
    },
    Mistake {
        id: "no-ephemeral-return",
        title: "A service that cannot answer",
        place: PRODUCTION,
        resource: "partner-edi-1",
        why: "Group, route and inbound network ACL let partners in on 443. The outbound network ACL \
              forgets the ephemeral ports to which the replies go.",
        question: Question::new("internet", "partner-edi-1", 443),
        verdict: Verdict::Unreachable,
    },
    Mistake {
        id: "blackhole",
        title: "A route into a peering connection that is gone",
        place: AMERICAS,
        resource: "americas-erp-1",
        why: "The connection was deleted and made anew. Production's tables were updated, these were \
              not, so the ERP does not reach the booking database that admits it.",
        question: Question::new("americas-erp-1", "booking-db", 5432),
        verdict: Verdict::Unreachable,
    },
    Mistake {
        id: "stale-reference",
        title: "A rule for a group that no longer exists",
        place: PRODUCTION,
        resource: "booking-api-1",
        why: "SSH is allowed from the old bastion's group, which was deleted; the new bastion is in \
              another one, and operators wonder why they cannot log in.",
        question: Question::new("bastion-1", "booking-api-1", 22),
        verdict: Verdict::Unreachable,
    },
];

/// Connections that are as they should be.
pub const CONTROLS: [Control; 12] = [
    Control {
        id: "booking-db-is-private",
        why: "No public address, and no route to the Internet.",
        question: Question::new("internet", "booking-db", 5432),
        verdict: Verdict::Unreachable,
    },
    Control {
        id: "cache-is-private",
        why: "No public address, and no route to the Internet.",
        question: Question::new("internet", "session-cache-001", 6379),
        verdict: Verdict::Unreachable,
    },
    Control {
        id: "ssh-over-ipv4",
        why: "The bastion admits IPv4 from the offices only.",
        question: Question::new(STRANGER, "bastion-1", 22),
        verdict: Verdict::Unreachable,
    },
    Control {
        id: "ssh-from-the-office",
        why: "The address is in the prefix list of the offices.",
        question: Question::new("198.51.100.7", "bastion-1", 22),
        verdict: Verdict::Reachable,
    },
    Control {
        id: "egress-only",
        why: "The same group as fleet-telemetry-2, but the gateway is egress-only.",
        question: Question::new("internet", "fleet-telemetry-1", 22),
        verdict: Verdict::Unreachable,
    },
    Control {
        id: "mail-host",
        why: "A mail host takes mail.",
        question: Question::new("internet", "mx-1", 25),
        verdict: Verdict::Reachable,
    },
    Control {
        id: "primary-address",
        why: "Elasticsearch's cluster port admits the cluster only.",
        question: Question::new("internet", "tracking-search-1", 9300),
        verdict: Verdict::Unreachable,
    },
    Control {
        id: "group-over-peering",
        why: "The web servers name the group of the monitoring host in the other account.",
        question: Question::new("monitoring-1", "web-1", 9100),
        verdict: Verdict::Reachable,
    },
    Control {
        id: "other-group-over-peering",
        why: "Staging takes the same way as the monitoring host, but is not in its group.",
        question: Question::new("staging-web-1", "web-1", 9100),
        verdict: Verdict::Unreachable,
    },
    Control {
        id: "group-within-vpc",
        why: "The booking API names the group of the web servers.",
        question: Question::new("web-1", "booking-api-2", 8443),
        verdict: Verdict::Reachable,
    },
    Control {
        id: "second-group",
        why: "The second group of booking-api-1 admits the operators' subnet.",
        question: Question::new("monitoring-1", "booking-api-1", 9000),
        verdict: Verdict::Reachable,
    },
    Control {
        id: "peering-is-not-transitive",
        why: "Both VPCs are peered with production, not with each other.",
        question: Question::new("monitoring-1", "americas-erp-1", 8069),
        verdict: Verdict::Unreachable,
    },
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arguments_ask_the_question() {
        let question = Question::new("a", "b", 445).by_layers();
        assert_eq!(
            question.arguments("harbor").join(" "),
            "reach harbor --from a --to b --port 445 --layers"
        );
    }
}
