//! Services of the early Internet, and ports that malicious software likes.

use crate::guide::{AllowedSource, Guide, Kind};
use crate::severity::Severity;
use crate::transport::Transports;

/// The guides of this family.
pub(super) static GUIDES: &[Guide] = &[
    Guide {
        name: "small-services",
        title: "The small services: echo, discard, daytime, chargen and kin",
        aliases: &["chargen", "qotd", "daytime", "systat"],
        ports: &[7..=7, 9..=9, 11..=11, 13..=13, 15..=15, 17..=17, 19..=19, 37..=37],
        transports: Transports::TCP_AND_UDP,
        kind: Kind::Amplification,
        severity: Severity::High,
        allow: AllowedSource::Nobody,
        why: "They answer anybody with something, chargen without end; forged requests are all \
              that still uses them.",
        recommended: "Remove the services and the rule.",
        sources: &[],
    },
    Guide {
        name: "nntp",
        title: "Network News Transfer Protocol",
        aliases: &["nntps", "usenet"],
        ports: &[119..=119, 563..=563],
        transports: Transports::TCP,
        kind: Kind::LegacyCleartext,
        severity: Severity::Medium,
        allow: AllowedSource::Partners,
        why: "Passwords pass in clear at 119, and few servers are looked after.",
        recommended: "Open it to the known peers, at 563.",
        sources: &[],
    },
    Guide {
        name: "uucp",
        title: "Unix-to-Unix copy",
        aliases: &[],
        ports: &[540..=540],
        transports: Transports::TCP,
        kind: Kind::LegacyCleartext,
        severity: Severity::High,
        allow: AllowedSource::Nobody,
        why: "It copies files and runs commands for hosts that say their name.",
        recommended: "Remove the service and the rule.",
        sources: &[],
    },
    Guide {
        name: "rwho",
        title: "rwho and comsat",
        aliases: &["biff", "comsat"],
        ports: &[512..=513],
        transports: Transports::UDP,
        kind: Kind::LegacyCleartext,
        severity: Severity::Medium,
        allow: AllowedSource::Nobody,
        why: "They list the users of a host.",
        recommended: "Remove the services and the rule.",
        sources: &[],
    },
    Guide {
        name: "irc",
        title: "Internet Relay Chat",
        aliases: &["ircs"],
        ports: &[6660..=6669, 6697..=6697],
        transports: Transports::TCP,
        kind: Kind::LegacyCleartext,
        severity: Severity::Medium,
        allow: AllowedSource::Internet,
        why: "Chat in clear at all but 6697; a server that nobody remembers setting up may belong \
              to a botnet.",
        recommended: "Find out who runs it. A chat server serves 6697; for anything else, isolate \
                      the host.",
        sources: &[],
    },
    Guide {
        name: "backdoor",
        title: "Ports of well-known backdoors",
        aliases: &["netbus", "subseven"],
        ports: &[1337..=1337, 12345..=12346, 27374..=27374, 54321..=54321],
        transports: Transports::TCP,
        kind: Kind::Malware,
        severity: Severity::High,
        allow: AllowedSource::Nobody,
        why: "Remote-control software of attackers has listened here for decades; hardly anything \
              honest does.",
        recommended: "Find out what listens, isolate the host if nobody knows, and remove the \
                      rule.",
        sources: &[],
    },
    Guide {
        name: "stratum",
        title: "Crypto-mining pools",
        aliases: &["mining"],
        ports: &[3333..=3333, 14444..=14444],
        transports: Transports::TCP,
        kind: Kind::Malware,
        severity: Severity::High,
        allow: AllowedSource::Nobody,
        why: "A mining pool or proxy on your host is most often somebody else's.",
        recommended: "Find out what listens, isolate the host if nobody knows, and remove the \
                      rule.",
        sources: &[],
    },
    Guide {
        name: "bitcoin",
        title: "Bitcoin peers",
        aliases: &[],
        ports: &[8333..=8333, 18333..=18333],
        transports: Transports::TCP,
        kind: Kind::DataProcessing,
        severity: Severity::Low,
        allow: AllowedSource::Internet,
        why: "Nodes talk to strangers by design, and give them nothing but the chain.",
        recommended: "Right on a node that takes part; keep the RPC port 8332 shut.",
        sources: &[],
    },
];
