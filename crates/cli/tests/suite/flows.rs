//! The lake as processes use it, some of which are killed.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use super::{portolan, scratch};

/// The first second of 2026.
const NEW_YEAR: u64 = 1_767_225_600;

/// How many hours the log has, and hence at least how many files become of it.
const HOURS: u64 = 24;

/// How many records an hour has.
const RECORDS: u64 = 500;

fn write_log(path: &Path) {
    let mut text = String::from("srcaddr dstaddr dstport bytes start end action\n");
    for record in 0..HOURS * RECORDS {
        let start = NEW_YEAR + record % HOURS * 3600 + record % 3600;
        let (high, low) = (record / 250 % 250, record % 250);
        writeln!(text, "10.1.{high}.{low} 10.2.0.1 443 {record} {start} {start} ACCEPT").unwrap();
    }
    fs::write(path, text).unwrap();
}

/// Returns how many data files there are, committed or not.
fn data_files(lake: &Path) -> usize {
    let folders = |path: &Path| fs::read_dir(path).into_iter().flatten().flatten();
    let is_data = |path: &Path| path.extension().is_some_and(|it| it == "parquet");
    let days = folders(lake).map(|it| it.path());
    let hours = days.flat_map(|day| folders(&day).map(|it| it.path()).collect::<Vec<_>>());
    let files = hours.flat_map(|hour| folders(&hour).map(|it| it.path()).collect::<Vec<_>>());
    files.filter(|path| is_data(path)).count()
}

#[test]
fn an_ingestion_that_is_killed_loses_and_doubles_nothing() {
    let log = scratch("killed.log");
    write_log(&log);
    for files in [0, 1, 7, 23, 24] {
        let lake = scratch(&format!("killed-{files}"));
        drop(fs::remove_dir_all(&lake));
        let (log, place) = (log.to_str().unwrap(), lake.to_str().unwrap());
        let ingest = ["flows", "ingest", log, "--lake", place];
        let mut child = portolan(&ingest).stdout(std::process::Stdio::null()).spawn().unwrap();
        while data_files(&lake) < files && child.try_wait().unwrap().is_none() {
            std::thread::yield_now();
        }
        child.kill().unwrap();
        child.wait().unwrap();

        assert!(portolan(&ingest).output().unwrap().status.success());
        let compact = ["flows", "compact", "--lake", place, "--grace-hours", "0"];
        assert!(portolan(&compact).output().unwrap().status.success());
        let export = portolan(&["flows", "export", "--lake", place, "-f", "csv"]).output().unwrap();
        let text = String::from_utf8(export.stdout).unwrap();
        let mut bytes: Vec<u64> = text
            .lines()
            .skip(1)
            .map(|row| row.split(',').nth(7).unwrap().parse().unwrap())
            .collect();
        bytes.sort_unstable();
        assert!(bytes.into_iter().eq(0..HOURS * RECORDS), "killed at {files} files");
    }
}

/// Returns what a command prints, which must work.
#[track_caller]
fn printed(arguments: &[&str]) -> (String, String) {
    let output = portolan(arguments).output().unwrap();
    let [out, err] = [output.stdout, output.stderr].map(|it| String::from_utf8(it).unwrap());
    assert!(output.status.success(), "{arguments:?}\n{out}{err}");
    (out, err)
}

/// Makes a lake of these lines and returns its place.
fn lake_of(name: &str, text: &str) -> String {
    let (log, lake) = (scratch(&format!("{name}.log")), scratch(&format!("{name}.lake")));
    drop(fs::remove_dir_all(&lake));
    fs::write(&log, text).unwrap();
    let lake = lake.to_str().unwrap().to_owned();
    printed(&["flows", "ingest", log.to_str().unwrap(), "--lake", &lake]);
    lake
}

/// What AWS had published on 2022-06-12, if it is here.
fn published_ranges() -> Option<std::path::PathBuf> {
    let path = super::repository().join("../shared/data/aws/ip-ranges.json");
    path.exists().then_some(path)
}

#[test]
fn tables_of_every_kind_are_looked_up() {
    let lake = lake_of(
        "tables",
        "srcaddr dstaddr bytes start\n\
         81.2.69.142 10.0.0.1 100 1767225600\n\
         2001:db8::1 10.0.0.2 200 1767225601\n\
         192.0.2.1 10.0.0.3 300 1767225602\n",
    );
    let file = |name: &str, bytes: &[u8]| {
        let path = scratch(name);
        fs::write(&path, bytes).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let countries = portolan_testkit::mmdb::write(
        "Test-Country",
        1_767_225_600,
        &[
            ("81.2.69.0/24", serde_json::json!({"country": {"iso_code": "GB"}, "asn": 20712})),
            ("2001:db8::/32", serde_json::json!({"country": {"iso_code": "ZZ"}})),
        ],
    );
    let countries = file("countries", &countries);
    let owners = file("owners.csv", b"cidr,owner\n10.0.0.0/8,us\n10.0.0.2/32,two\n");
    let config = file(
        "tables.toml",
        format!("lake = '{lake}'\ntables = {{ geo = '{countries}', owners = '{owners}' }}\n")
            .as_bytes(),
    );
    let query = "cidrlookup geo srcAddr OUTPUT country.iso_code as country, asn \
                 | cidrlookup owners dstAddr OUTPUT owner | fields country, asn, owner | sort bytes asc";
    let (out, err) = printed(&["flows", "query", query, "-f", "csv", "--config", &config]);
    assert_eq!(out, "country,asn,owner\r\nGB,20712,us\r\nZZ,,two\r\n,,us\r\n");
    assert_eq!(err, "note: the table `geo` is Test-Country of 2026-01-01T00:00:00Z\n");

    let table = format!("geo={countries}");
    let (out, _) = printed(&["flows", "query", query, "-f", "json", "--config", &config]);
    let answer: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert_eq!(
        answer["remarks"],
        serde_json::json!(["the table `geo` is Test-Country of 2026-01-01T00:00:00Z"])
    );
    let sql = "SELECT cidrlookup('geo', srcaddr, 'country.iso_code') AS country, owner FROM flows \
               JOIN owners ON cidr = concat(dstaddr, '/32')";
    let owners = format!("owners={owners}");
    let arguments = ["flows", "sql", sql, "-f", "csv", "--lake", &lake];
    let (out, _) = printed(&[&arguments[..], &["--table", &table, "--table", &owners]].concat());
    assert_eq!(out, "country,owner\r\nZZ,two\r\n");
}

#[test]
fn the_ranges_of_aws_name_services() {
    let Some(ranges) = published_ranges() else {
        println!("skipped: ../shared/data is not here");
        return;
    };
    // Addresses that the file has: of S3 in Seoul, and of nobody but AWS.
    let lake = lake_of(
        "ranges",
        "srcaddr bytes start\n3.5.140.9 1 1767225600\n13.34.37.70 2 1767225601\n192.0.2.1 3 1767225602\n",
    );
    let table = format!("aws={}", ranges.display());
    let query =
        "cidrlookup aws srcAddr OUTPUT service, region | fields service, region | sort bytes asc";
    let (out, err) =
        printed(&["flows", "query", query, "-f", "csv", "--lake", &lake, "--table", &table]);
    assert_eq!(out, "service,region\r\nS3,ap-northeast-2\r\nAMAZON,ap-southeast-4\r\n,\r\n");
    assert_eq!(err, "note: the table `aws` is the address ranges of AWS of 2022-06-12T21:03:06Z\n");
}

#[test]
fn a_wrong_name_of_a_table_or_column_says_what_there_is() {
    let lake = lake_of("names", "srcaddr bytes start\n10.0.0.1 1 1767225600\n");
    let owners = scratch("names.csv");
    fs::write(&owners, "cidr,owner\n10.0.0.0/8,us\n").unwrap();
    let table = format!("owners={}", owners.display());
    let check = |query: &str, expected: &str| {
        let output = portolan(&["flows", "query", query, "--lake", &lake, "--table", &table])
            .output()
            .unwrap();
        let said = String::from_utf8(output.stderr).unwrap();
        assert!(!output.status.success() && said.contains(expected), "{query}\n{said}");
    };
    check("cidrlookup owner srcAddr OUTPUT owner", "did you mean `owners`?");
    check("cidrlookup geo srcAddr OUTPUT x", "`--table geo=FILE` gives one");
    check("cidrlookup owners srcAddr OUTPUT name", "has no column `name`: there are cidr, owner");
    check("cidrlookup owners srcAddr as net OUTPUT owner", "has no column `net`");
}

#[test]
fn what_aws_left_out_is_said_with_the_answer() {
    let lake = lake_of(
        "gaps",
        "srcaddr bytes start log-status\n\
         10.0.0.1 100 1767225600 OK\n\
         - - 1767225601 SKIPDATA\n\
         - - 1767225602 SKIPDATA\n\
         - - 1767225603 NODATA\n\
         10.0.0.2 5 1767232800 OK\n",
    );
    let check = |start: &str, expected: serde_json::Value| {
        let query = ["flows", "query", "stats sum(bytes) as b", "-f", "json", "--lake", &lake];
        let (out, _) = printed(&[&query[..], &["--start", start]].concat());
        let answer: serde_json::Value = serde_json::from_str(&out).unwrap();
        assert_eq!(answer["remarks"], expected, "{start}");
    };
    let said =
        "2 records stand for others that AWS left out (SKIPDATA): counts and sums are lower bounds";
    check("2026-01-01", serde_json::json!([said]));
    check("2026-01-01T00:00:02Z", serde_json::json!([format!("up to {said}")]));
    check("2026-01-01T01:00:00Z", serde_json::json!([]));
    let (_, err) = printed(&["flows", "query", "stats count(*)", "-f", "csv", "--lake", &lake]);
    assert_eq!(err, format!("note: {said}\n"));
}

#[test]
fn an_export_has_the_records_of_its_time() {
    let lake = lake_of(
        "span",
        "srcaddr bytes start\n10.0.0.1 1 1767225600\n10.0.0.2 2 1767225601\n10.0.0.3 3 1767232800\n",
    );
    let check = |span: &[&str], expected: &[&str]| {
        let export = ["flows", "export", "-f", "csv", "--lake", &lake];
        let (out, _) = printed(&[&export[..], span].concat());
        let found: Vec<&str> =
            out.lines().skip(1).map(|line| line.split(',').nth(7).unwrap()).collect();
        assert_eq!(found, expected, "{span:?}");
    };
    check(&[], &["1", "2", "3"]);
    check(&["--start", "2026-01-01T00:00:01Z"], &["2", "3"]);
    check(&["--end", "2026-01-01T00:00:01Z"], &["1"]);
    check(&["--start", "2026-01-01T00:00:01Z", "--end", "2026-01-01T02:00:00Z"], &["2"]);
}

/// Returns what bash proposes for the last of these words, as the script of `generate completions` makes it.
fn proposed(words: &[&str], listed: bool) -> Option<Vec<String>> {
    let script = scratch("completions.bash");
    fs::write(&script, printed(&["generate", "completions", "bash"]).0).unwrap();
    let config = scratch("completions.toml");
    fs::write(&config, "[queries]\ntalkers = 'limit 1'\ntop = 'limit 2'\nother = 'limit 3'\n")
        .unwrap();
    let asked = "source \"$1\"; kind=$2; shift 2; COMP_WORDS=(\"$@\"); COMP_CWORD=$(($# - 1)); COMP_TYPE=$kind
        $(complete -p portolan | sed 's/.*-F \\([^ ]*\\).*/\\1/') \"$0\" \"${COMP_WORDS[COMP_CWORD]}\" \"${COMP_WORDS[COMP_CWORD-1]}\"; printf '%s\\n' \"${COMPREPLY[@]}\"";
    let output = std::process::Command::new("bash")
        .args(["--noprofile", "--norc", "-c", asked, env!("CARGO_BIN_EXE_portolan")])
        .args([script.to_str().unwrap(), if listed { "63" } else { "9" }])
        .arg(env!("CARGO_BIN_EXE_portolan"))
        .args(words)
        .env("PORTOLAN_CONFIG", &config)
        .output()
        .ok()?;
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
    Some(text.lines().map(str::to_owned).collect())
}

#[test]
fn bash_proposes_what_may_come_next_in_a_question() {
    let check = |words: &[&str], listed: bool, expected: &[&str]| {
        let Some(found) = proposed(words, listed) else {
            println!("skipped: there is no bash");
            return;
        };
        assert_eq!(found, expected, "{words:?}");
    };
    let query = |text| ["flows", "query", text];
    check(&query("'filter srcA"), false, &["filter srcAddr", "filter srcAddr "]);
    check(&query("'filter srcA"), true, &["srcAddr"]);
    check(&query("'fields bytes | de"), false, &["fields bytes | dedup", "fields bytes | dedup "]);
    check(&query("'fields bytes | so"), false, &["fields bytes | sort", "fields bytes | sort "]);
    check(&query("'fields SRCP"), true, &["srcPort"]);
    check(&query("'fields src"), true, &["srcAddr", "srcPort"]);
    check(&query("'stats count_d"), true, &["count_distinct("]);
    check(
        &query("'stats sum(bytes) as total by srcAddr | sort to"),
        true,
        &[
            "total",
            "toNumber(",
            "toInt(",
            "toLong(",
            "toDouble(",
            "toMillis(",
            "toupper(",
            "tolower(",
        ],
    );
    check(&query("'filter isIpv4"), true, &["isIpv4InSubnet("]);
    check(
        &query("\"filter action = \\\"REJECT\\\" a"),
        false,
        &["filter action = \\\"REJECT\\\" and", "filter action = \\\"REJECT\\\" and "],
    );
    check(&["flows", "tail", "'filter dstP"], true, &["dstPort"]);
    check(&["flows", "query", "--saved", "t"], false, &["talkers", "top"]);
    // Everything else is as it was.
    check(&["flows", "comp"], false, &["compact"]);
    check(&["expo"], false, &["exposure"]);
}
