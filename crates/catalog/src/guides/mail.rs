//! Mail: transport between domains, submission by users, and mailboxes.

use crate::guide::{AllowedSource, Guide, Kind};
use crate::severity::Severity;
use crate::transport::Transports;

/// The guides of this family.
pub(super) static GUIDES: &[Guide] = &[
    Guide {
        name: "smtp",
        title: "Simple Mail Transfer Protocol",
        aliases: &["mx", "mta"],
        ports: &[25..=25],
        transports: Transports::TCP,
        kind: Kind::Mail,
        severity: Severity::Medium,
        allow: AllowedSource::Internet,
        why: "Mail between domains arrives here, unauthenticated and often in clear, so a mail \
              exchanger must be open and nothing else should be: an open relay is found within \
              hours, and its address stays on block lists for months. Outbound is another matter: \
              EC2 blocks port 25 to public addresses until AWS lifts the restriction on request.",
        recommended: "Inbound 25 is right on one kind of host only: the mail exchanger (MX) of \
                      your domains, which refuses to relay, offers STARTTLS, and checks SPF, DKIM, \
                      and DMARC. To receive without a host of your own, let SES receive. To send, \
                      use the SES API at 443, or its SMTP endpoint at 587 or 465 (2587 and 2465 \
                      where those are blocked), which EC2 leaves open.",
        sources: &[
            "EC2 User Guide, Restriction on email sent using port 25",
            "SES Developer Guide, Connecting to an Amazon SES SMTP endpoint",
        ],
    },
    Guide {
        name: "submission",
        title: "Message submission with STARTTLS",
        aliases: &["smtp-submission"],
        ports: &[587..=587, 2587..=2587],
        transports: Transports::TCP,
        kind: Kind::Mail,
        severity: Severity::Low,
        allow: AllowedSource::Internet,
        why: "Users hand in mail here after authentication; what is left to attack is the \
              password.",
        recommended: "Right on a mail server with roaming users. An application that sends through \
                      SES needs the port outbound only, so remove the inbound rule.",
        sources: &["SES Developer Guide, Connecting to an Amazon SES SMTP endpoint"],
    },
    Guide {
        name: "submissions",
        title: "Message submission over TLS",
        aliases: &["smtps"],
        ports: &[465..=465, 2465..=2465],
        transports: Transports::TCP,
        kind: Kind::Mail,
        severity: Severity::Low,
        allow: AllowedSource::Internet,
        why: "Users hand in mail here after authentication, encrypted from the first byte, which \
              RFC 8314 prefers to 587.",
        recommended: "Right on a mail server with roaming users. An application that sends through \
                      SES needs the port outbound only, so remove the inbound rule.",
        sources: &[
            "RFC 8314, section 3.3",
            "SES Developer Guide, Connecting to an Amazon SES SMTP endpoint",
        ],
    },
    Guide {
        name: "smtp-alternate",
        title: "SMTP at its usual second port",
        aliases: &[],
        ports: &[2525..=2525],
        transports: Transports::TCP,
        kind: Kind::Mail,
        severity: Severity::Medium,
        allow: AllowedSource::Application,
        why: "It is port 25 under another name, opened where providers block the real one, and \
              relays as easily.",
        recommended: "Open it to the applications that hand in mail, or replace it by 587.",
        sources: &[],
    },
    Guide {
        name: "pop3",
        title: "Post Office Protocol",
        aliases: &["pop"],
        ports: &[110..=110],
        transports: Transports::TCP,
        kind: Kind::Mail,
        severity: Severity::High,
        allow: AllowedSource::Nobody,
        why: "Mailbox passwords cross the Internet in clear unless the client asks for TLS, and \
              clients can be kept from asking.",
        recommended: "Serve 995 instead and close this port; RFC 8314 calls access in clear \
                      obsolete.",
        sources: &["RFC 8314, section 3"],
    },
    Guide {
        name: "pop3s",
        title: "Post Office Protocol over TLS",
        aliases: &[],
        ports: &[995..=995],
        transports: Transports::TCP,
        kind: Kind::Mail,
        severity: Severity::Low,
        allow: AllowedSource::Internet,
        why: "Encrypted from the first byte; what is left to attack is the password.",
        recommended: "Right on a mail server with roaming users; limit the rate of log-in \
                      attempts.",
        sources: &[],
    },
    Guide {
        name: "imap",
        title: "Internet Message Access Protocol",
        aliases: &["imap4"],
        ports: &[143..=143],
        transports: Transports::TCP,
        kind: Kind::Mail,
        severity: Severity::High,
        allow: AllowedSource::Nobody,
        why: "Mailbox passwords cross the Internet in clear unless the client asks for TLS, and \
              clients can be kept from asking.",
        recommended: "Serve 993 instead and close this port; RFC 8314 calls access in clear \
                      obsolete.",
        sources: &["RFC 8314, section 3"],
    },
    Guide {
        name: "imaps",
        title: "Internet Message Access Protocol over TLS",
        aliases: &[],
        ports: &[993..=993],
        transports: Transports::TCP,
        kind: Kind::Mail,
        severity: Severity::Low,
        allow: AllowedSource::Internet,
        why: "Encrypted from the first byte; what is left to attack is the password.",
        recommended: "Right on a mail server with roaming users; limit the rate of log-in \
                      attempts, or use WorkMail.",
        sources: &[],
    },
    Guide {
        name: "managesieve",
        title: "ManageSieve mail filters",
        aliases: &["sieve"],
        ports: &[4190..=4190],
        transports: Transports::TCP,
        kind: Kind::Mail,
        severity: Severity::Medium,
        allow: AllowedSource::Internet,
        why: "A stolen password adds a filter that forwards mail without anybody noticing.",
        recommended: "Require TLS, and open it only if users edit their filters from outside.",
        sources: &[],
    },
    Guide {
        name: "rspamd",
        title: "Rspamd mail filter",
        aliases: &[],
        ports: &[11332..=11334],
        transports: Transports::TCP,
        kind: Kind::Mail,
        severity: Severity::High,
        allow: AllowedSource::SameGroup,
        why: "The controller port teaches the filter what spam is and shows what passed.",
        recommended: "Open it among the mail hosts only.",
        sources: &[],
    },
];
