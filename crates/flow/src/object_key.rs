//! What the name of a file says: hints, never facts.
//!
//! AWS writes account, Region, flow log and time into the keys of the objects that it delivers. People copy and rename
//! files, so nothing here decides what a record says; it is for choosing what to read, and for knowing what was read.
//!
//! Sources: Amazon VPC User Guide, "Flow log files" (S3); `CloudTrail` User Guide, "Finding your CloudTrail log files".

use crate::timestamp;

/// What the key of an object, or the path of a file, says.
#[derive(Clone, Copy, Debug, Default, Eq, Hash, PartialEq)]
pub struct KeyHints<'a> {
    /// The account, twelve digits.
    pub account: Option<&'a str>,
    /// The Region, such as `us-east-1`.
    pub region: Option<&'a str>,
    /// The flow log, such as `fl-1234abcd`. Absent for other files.
    pub flow_log: Option<&'a str>,
    /// When AWS made the file, in seconds since 1970 UTC, to the minute. Records may be older by any time.
    pub created: Option<i64>,
    /// The hour, or the day at midnight, of the folder, in seconds since 1970 UTC.
    pub folder_time: Option<i64>,
    /// The name that AWS gave the file. It ends in a hash and is unique, wherever the file was copied to.
    pub delivery: Option<&'a str>,
}

/// What a source is recognised by, so that reading it again adds nothing.
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct SourceIdentity {
    /// Its key or path. AWS never writes another object under the same key.
    pub key: String,
    /// Its size in bytes, since people do write others.
    pub size: u64,
    /// Its entity tag, or the time of its last change: whatever the store has.
    pub tag: Option<String>,
}

impl<'a> KeyHints<'a> {
    /// Reads a key or path, of the plain and of the Hive layout, with any prefix.
    ///
    /// ```
    /// use portolan_flow::KeyHints;
    ///
    /// let hints = KeyHints::of("x/123456789010_vpcflowlogs_us-east-1_fl-1234abcd_20180620T1620Z_fe123456.log.gz");
    /// assert_eq!(hints.flow_log, Some("fl-1234abcd"));
    /// assert_eq!(hints.created, Some(1_529_511_600));
    /// ```
    pub fn of(key: &'a str) -> Self {
        let (folders, name) = key.rsplit_once(['/', '\\']).unwrap_or(("", key));
        let folders: Vec<_> = folders.split(['/', '\\']).collect();
        let by_name = of_name(name).unwrap_or_default();
        let by_folders = if folders.iter().any(|it| it.contains('=')) {
            of_hive(&folders)
        } else {
            of_plain(&folders).unwrap_or_default()
        };
        Self {
            account: by_name.account.or(by_folders.account),
            region: by_name.region.or(by_folders.region),
            folder_time: by_folders.folder_time,
            ..by_name
        }
    }
}

/// Reads `ACCOUNT_vpcflowlogs_REGION_FLOWLOG_TIME_HASH.log.gz` and `ACCOUNT_CloudTrail_REGION_TIME_HASH.json.gz`.
fn of_name(name: &str) -> Option<KeyHints<'_>> {
    let stem = name.split('.').next()?;
    let parts: Vec<_> = stem.split('_').collect();
    let (account, region, flow_log, time) = match *parts.as_slice() {
        [account, "vpcflowlogs", region, flow_log, time, _] => {
            (account, region, Some(flow_log), time)
        }
        [account, "CloudTrail", region, time, _] => (account, region, None, time),
        _ => return None,
    };
    Some(KeyHints {
        account: Some(account).filter(|it| is_account(it)),
        region: Some(region),
        flow_log,
        created: minute(time),
        folder_time: None,
        delivery: Some(name),
    })
}

/// Reads `…/ACCOUNT/vpcflowlogs/REGION/2018/06/20/16`, in which the hour may be absent.
fn of_plain<'a>(folders: &[&'a str]) -> Option<KeyHints<'a>> {
    let service = folders.iter().rposition(|it| matches!(*it, "vpcflowlogs" | "CloudTrail"))?;
    let account = folders.get(service.checked_sub(1)?).copied();
    let time = match folders.get(service + 2..).unwrap_or_default() {
        [year, month, day] => time_of(year, month, day, "00"),
        [year, month, day, hour] => time_of(year, month, day, hour),
        _ => None,
    };
    Some(KeyHints {
        account: account.filter(|it| is_account(it)),
        region: folders.get(service + 1).copied(),
        folder_time: time,
        ..KeyHints::default()
    })
}

/// Reads `…/aws-account-id=ACCOUNT/aws-service=vpcflowlogs/aws-region=REGION/year=2018/month=06/day=20/hour=16`.
fn of_hive<'a>(folders: &[&'a str]) -> KeyHints<'a> {
    let value = |name: &str| {
        let mut pairs = folders.iter().filter_map(|it| it.split_once('='));
        pairs.find(|(it, _)| *it == name).map(|(_, value)| value)
    };
    let time =
        || time_of(value("year")?, value("month")?, value("day")?, value("hour").unwrap_or("00"));
    KeyHints {
        account: value("aws-account-id").filter(|it| is_account(it)),
        region: value("aws-region"),
        folder_time: time(),
        ..KeyHints::default()
    }
}

fn is_account(text: &str) -> bool {
    text.len() == 12 && text.bytes().all(|it| it.is_ascii_digit())
}

fn time_of(year: &str, month: &str, day: &str, hour: &str) -> Option<i64> {
    let number = timestamp::number;
    let days = timestamp::days_of(number(year)?, number(month)?, number(day)?)?;
    let hour = number(hour).filter(|it| *it < 24)?;
    Some(days * 86_400 + hour * 3_600)
}

/// Reads `20180620T1620Z` into seconds since 1970.
fn minute(text: &str) -> Option<i64> {
    let (date, time) = text.strip_suffix('Z')?.split_once('T')?;
    let hour = time_of(date.get(..4)?, date.get(4..6)?, date.get(6..)?, time.get(..2)?)?;
    let minute = time.get(2..).and_then(timestamp::number).filter(|it| *it < 60)?;
    Some(hour + minute * 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAME: &str =
        "123456789010_vpcflowlogs_us-east-1_fl-1234abcd_20180620T1620Z_fe123456.log.gz";

    fn check(key: &str, expected: KeyHints<'_>) {
        assert_eq!(KeyHints::of(key), expected, "{key}");
    }

    fn named() -> KeyHints<'static> {
        KeyHints {
            account: Some("123456789010"),
            region: Some("us-east-1"),
            flow_log: Some("fl-1234abcd"),
            created: Some(1_529_511_600),
            folder_time: None,
            delivery: Some(NAME),
        }
    }

    #[test]
    fn both_layouts_are_read() {
        let at = |folder_time| KeyHints { folder_time: Some(folder_time), ..named() };
        check(NAME, named());
        check(
            &format!("a/b/AWSLogs/123456789010/vpcflowlogs/us-east-1/2018/06/20/{NAME}"),
            at(1_529_452_800),
        );
        check(
            &format!("AWSLogs/123456789010/vpcflowlogs/us-east-1/2018/06/20/16/{NAME}"),
            at(1_529_510_400),
        );
        let hive = "AWSLogs/aws-account-id=123456789010/aws-service=vpcflowlogs/aws-region=us-east-1/year=2018/month=06/day=20";
        check(&format!("{hive}/{NAME}"), at(1_529_452_800));
        check(&format!("{hive}/hour=16/{NAME}"), at(1_529_510_400));
    }

    #[test]
    fn folders_speak_where_the_name_does_not() {
        let expected = KeyHints {
            account: Some("123456789010"),
            region: Some("eu-west-1"),
            folder_time: Some(1_529_452_800),
            ..KeyHints::default()
        };
        check("AWSLogs/123456789010/vpcflowlogs/eu-west-1/2018/06/20/renamed.gz", expected);
    }

    #[test]
    fn trails_are_read() {
        let name = "123456789010_CloudTrail_us-east-2_20180620T1620Z_dBQB0WSnp4BV5yCb.json.gz";
        let expected = KeyHints {
            region: Some("us-east-2"),
            flow_log: None,
            folder_time: Some(1_529_452_800),
            delivery: Some(name),
            ..named()
        };
        check(
            &format!("AWSLogs/o-abc/123456789010/CloudTrail/us-east-2/2018/06/20/{name}"),
            expected,
        );
    }

    #[test]
    fn other_names_say_nothing() {
        for key in
            ["", "/", "flows.log", "vpcflowlogs", "a=b/c", "x_vpcflowlogs_", "2018/06/20/a.log"]
        {
            let hints = KeyHints::of(key);
            assert_eq!(
                (hints.account, hints.created, hints.folder_time),
                (None, None, None),
                "{key}"
            );
        }
        let hints = KeyHints::of("1_vpcflowlogs_r_fl-1_20181320T1620Z_h.log.gz");
        assert_eq!((hints.account, hints.created), (None, None));
    }
}
