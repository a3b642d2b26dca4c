//! Accounts and Regions in the words of AWS: zone names, ARNs, folder names.
//!
//! Sources: AWS General Reference, "Amazon Resource Names"; Amazon EC2 User Guide, "Regions and Zones".

/// The words that end the name of a Region, before its number.
const DIRECTIONS: &[&str] = &[
    "central",
    "east",
    "north",
    "northeast",
    "northwest",
    "south",
    "southeast",
    "southwest",
    "west",
];

/// Returns whether a text is the code of a Region, such as `us-gov-west-1`, known today or not.
pub(crate) fn is_region(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    let [area, .., direction, number] = parts.as_slice() else { return false };
    (2..=4).contains(&area.len())
        && parts.len() <= 4
        && text
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
        && DIRECTIONS.contains(direction)
        && (1..=2).contains(&number.len())
        && number.bytes().all(|byte| byte.is_ascii_digit())
}

/// Returns whether a text is the number of an account.
pub(crate) fn is_account(text: &str) -> bool {
    text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Returns the Region of an Availability Zone, Local Zone, Wavelength Zone or network border group:
/// `us-west-2` for `us-west-2a`, `us-west-2-lax-1a`, and `us-west-2` itself.
pub(crate) fn region_of_zone(zone: &str) -> Option<&str> {
    let digit = zone.find(|letter: char| letter.is_ascii_digit())?;
    let rest = zone.get(digit..)?;
    let digits = rest.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(rest.len());
    zone.get(..digit + digits).filter(|region| is_region(region))
}

/// Returns the Region and the account that an ARN names; global resources name no Region.
pub(crate) fn arn_parts(arn: &str) -> (Option<&str>, Option<&str>) {
    let mut fields = arn.splitn(6, ':').skip(3);
    let region = fields.next().filter(|field| is_region(field));
    let account = fields.next().filter(|field| is_account(field));
    (region, account)
}

/// Returns the Region and the account that the names of folders and of the file tell; the innermost counts.
pub(crate) fn parts_of_path(path: &str) -> (Option<&str>, Option<&str>) {
    let is_part = |letter: char| letter.is_ascii_digit() || letter.is_ascii_lowercase();
    let mut regions = path.split(|letter: char| !is_part(letter) && letter != '-');
    let mut accounts = path.split(|letter: char| !is_part(letter));
    (regions.rfind(|word| is_region(word)), accounts.rfind(|word| is_account(word)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_regions() {
        let known =
            ["us-east-1", "us-gov-west-1", "cn-north-1", "ap-southeast-2", "eusc-de-east-1"];
        assert!(known.into_iter().all(is_region));
        let others =
            ["", "my-app-1", "us-east", "us-east-1a", "US-EAST-1", "1-east-us", "a-east-1"];
        assert!(!others.into_iter().any(is_region));
    }

    #[track_caller]
    fn check_zone(zone: &str, expected: Option<&str>) {
        assert_eq!(region_of_zone(zone), expected, "{zone}");
    }

    #[test]
    fn strips_the_zone() {
        check_zone("eu-west-1a", Some("eu-west-1"));
        check_zone("us-west-2-lax-1a", Some("us-west-2"));
        check_zone("us-east-1-wl1-bos-wlz-1", Some("us-east-1"));
        check_zone("us-east-1", Some("us-east-1"));
        check_zone("euw1-az1", None);
        check_zone("nowhere", None);
    }

    #[track_caller]
    fn check_arn(arn: &str, region: Option<&str>, account: Option<&str>) {
        assert_eq!(arn_parts(arn), (region, account), "{arn}");
    }

    #[test]
    fn reads_arns() {
        let target_group = "arn:aws:elasticloadbalancing:us-east-2:554773406868:targetgroup/a/8e";
        check_arn(target_group, Some("us-east-2"), Some("554773406868"));
        check_arn("arn:aws:iam::123456789012:user/x", None, Some("123456789012"));
        check_arn("arn:aws:ec2:us-east-1:aws:prefix-list/pl-1", Some("us-east-1"), None);
        check_arn("weblb", None, None);
    }

    #[track_caller]
    fn check_path(path: &str, region: Option<&str>, account: Option<&str>) {
        assert_eq!(parts_of_path(path), (region, account), "{path}");
    }

    #[test]
    fn reads_folders() {
        check_path("x/028403472736/us-east-1/Vpcs.json", Some("us-east-1"), Some("028403472736"));
        check_path(
            "account=111122223333/region=eu-west-1/a",
            Some("eu-west-1"),
            Some("111122223333"),
        );
        check_path(
            "arn%3Aaws%3Aecs%3Aus-east-1%3A123456789012%3Ax",
            Some("us-east-1"),
            Some("123456789012"),
        );
        check_path("210000000001-platform/eu-west-1", Some("eu-west-1"), Some("210000000001"));
        check_path("tgw-rtb-0a123456789012b.json", None, None);
        check_path("eu-west-1.json", Some("eu-west-1"), None);
        check_path("old-1234567890123/my-vpc-1", None, None);
    }
}
