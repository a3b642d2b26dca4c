//! What one document says beside its lists.
//!
//! Some answers do not name what they are about: the entries of a prefix list come without its id, the health of
//! targets without their target group. The id may stand beside the list, or in the name of the file,
//! so such a list waits for the end of its document.

use std::collections::{BTreeMap, BTreeSet};

use portolan_model::{
    EndpointId, FirewallId, Target, TransitGatewayAttachmentId, TransitGatewayRoute,
};
use portolan_net::IpPrefix;

/// Keys beside lists whose values are kept.
pub(crate) const SIBLINGS: &[&str] = &[
    ERROR,
    PREFIX_LIST.key,
    TARGET_GROUP.key,
    ROUTE_TABLE.key,
    "NextToken",
    "NextMarker",
    "Marker",
    MORE_ROUTES,
];

/// The key of a recorded error.
pub(crate) const ERROR: &str = "Error";

/// The key that says that there are more routes than the answer holds.
pub(crate) const MORE_ROUTES: &str = "AdditionalRoutesAvailable";

/// The keys that hold the token with which the next page is asked for.
///
/// Sources: EC2, Elastic Load Balancing and Lambda, Amazon RDS API references, "Pagination".
const NEXT_PAGE: &[&str] = &["NextToken", "NextMarker", "Marker"];

/// What an open document has said so far.
#[derive(Debug, Default)]
pub(crate) struct Document {
    /// The texts beside the lists.
    pub(crate) siblings: BTreeMap<&'static str, String>,
    /// The lists that it had.
    pub(crate) lists: BTreeSet<&'static str>,
    /// Entries of a prefix list.
    pub(crate) entries: Vec<IpPrefix>,
    /// Registered targets of a target group.
    pub(crate) targets: Vec<Target>,
    /// Routes of a transit gateway's route table.
    pub(crate) routes: Vec<TransitGatewayRoute>,
    /// The attachments that propagate to a transit gateway's route table.
    pub(crate) propagations: Vec<TransitGatewayAttachmentId>,
    /// The firewall that it describes.
    pub(crate) firewall: Option<FirewallId>,
    /// The endpoints of that firewall.
    pub(crate) firewall_endpoints: Vec<EndpointId>,
}

/// How the owner of a list is told.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Owner {
    /// What it is, in words.
    pub(crate) name: &'static str,
    /// The key beside the list that may hold its id.
    pub(crate) key: &'static str,
    /// How its id starts.
    prefix: &'static str,
    /// What its id has in it.
    infix: &'static str,
}

/// The owner of prefix list entries.
pub(crate) const PREFIX_LIST: Owner =
    Owner { name: "prefix list", key: "PrefixListId", prefix: "pl-", infix: "" };

/// The owner of registered targets.
pub(crate) const TARGET_GROUP: Owner =
    Owner { name: "target group", key: "TargetGroupArn", prefix: "arn:", infix: ":targetgroup/" };

/// The owner of the routes and propagations of a transit gateway.
pub(crate) const ROUTE_TABLE: Owner = Owner {
    name: "transit gateway route table",
    key: "TransitGatewayRouteTableId",
    prefix: "tgw-rtb-",
    infix: "",
};

impl Document {
    /// Returns the id of an owner: it stands beside the list, or in the name of the file or a folder.
    pub(crate) fn owner(&self, owner: Owner, path: &str) -> Option<String> {
        self.siblings.get(owner.key).cloned().or_else(|| id_in_path(owner, path))
    }

    /// Returns the code of the error that AWS answered with, if it did.
    pub(crate) fn error(&self) -> Option<&str> {
        self.siblings.get(ERROR).map(String::as_str)
    }

    /// Returns whether a transit gateway's route table has more routes than the answer.
    pub(crate) fn has_more_routes(&self) -> bool {
        self.siblings.contains_key(MORE_ROUTES)
    }

    /// Returns whether the answer goes on in another page.
    pub(crate) fn has_next_page(&self) -> bool {
        NEXT_PAGE.iter().any(|key| self.siblings.get(key).is_some_and(|token| !token.is_empty()))
    }
}

/// Returns the code in a recorded error, such as `UnauthorizedOperation`.
pub(crate) fn error_code(bytes: &[u8]) -> Option<String> {
    #[derive(serde::Deserialize)]
    #[serde(rename_all = "PascalCase")]
    struct ErrorAnswer {
        code: String,
    }
    serde_json::from_slice(bytes).ok().map(|answer: ErrorAnswer| answer.code)
}

/// Finds an id in the names of a path, where `:` and `/` may be written as `%3A` and `%2F`.
fn id_in_path(owner: Owner, path: &str) -> Option<String> {
    path.rsplit(['/', '\\']).find_map(|name| {
        let name = decode(name);
        let start = name.find(owner.prefix)?;
        let rest = name.get(start..)?;
        let is_part = |letter: char| letter.is_ascii_alphanumeric() || "-_:/".contains(letter);
        let end = rest.find(|letter| !is_part(letter)).unwrap_or(rest.len());
        let id = rest.get(..end).filter(|id| id.contains(owner.infix))?;
        (id.len() > owner.prefix.len()).then(|| id.to_owned())
    })
}

/// Decodes `%3A` and its like. Whatever is not such a code stays.
fn decode(name: &str) -> String {
    let mut parts = name.split('%');
    let mut text = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let code = part.get(..2).and_then(|code| u8::from_str_radix(code, 16).ok());
        match code.filter(u8::is_ascii_graphic) {
            Some(byte) => {
                text.push(char::from(byte));
                text.push_str(part.get(2..).unwrap_or_default());
            }
            None => {
                text.push('%');
                text.push_str(part);
            }
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(owner: Owner, path: &str, expected: Option<&str>) {
        assert_eq!(id_in_path(owner, path).as_deref(), expected);
    }

    #[test]
    fn finds_owners_in_paths() {
        check(PREFIX_LIST, "a/pl-0123456789abcdef0.json", Some("pl-0123456789abcdef0"));
        check(PREFIX_LIST, "a/pl-02cd2c6b/entries.json", Some("pl-02cd2c6b"));
        check(PREFIX_LIST, "prefix-list-entries.json", None);
        check(ROUTE_TABLE, "routes_tgw-rtb-0fa4.json.gz", Some("tgw-rtb-0fa4"));
        check(ROUTE_TABLE, "tgw-rtb-", None);
        check(
            TARGET_GROUP,
            "elbv2-describe-target-health/arn%3Aaws%3Aelasticloadbalancing%3Aus-east-1%3A1%3Atargetgroup%2Fweb%2F8e",
            Some("arn:aws:elasticloadbalancing:us-east-1:1:targetgroup/web/8e"),
        );
        check(TARGET_GROUP, "arn%3Aaws%3Aecs%3Aus-east-1%3A1%3Acluster%2Fa", None);
    }

    #[test]
    fn decodes_only_codes() {
        assert_eq!(decode("a%3Ab%zz%é%3"), "a:b%zz%é%3");
    }
}
