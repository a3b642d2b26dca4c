//! Every form that flow logs come in.

use std::io::Write as _;

use flate2::Compression;
use flate2::write::GzEncoder;
use portolan_lake::SourceProblem;

use super::*;

/// Reads one file, and checks how many rows and rejects there are, and one row of the report.
#[track_caller]
fn check(name: &str, content: &[u8], rows: u64, rejects: u64, row: &str) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    std::fs::write(&path, content).unwrap();
    block_on(async {
        let lake = lake_in_memory();
        let read = fill(&lake, &[source(&path)]).await.unwrap();
        assert!(read.problems.is_empty(), "{name}: {:?}", read.problems);
        assert_eq!((read.rows, read.rejects), (rows, rejects), "{name}");
        let report = report(&lake).await;
        assert!(report.iter().any(|it| it == row), "{name}: {report:#?}");
    });
}

fn gzip(content: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(content).unwrap();
    encoder.finish().unwrap()
}

/// The row of the report that comes of [`line`] of 5.
const ROW: &str = "2026-01-01T00:00:05Z,10.0.0.5,1029,192.0.2.5,443,6,6,45,REJECT,OK";

#[test]
fn text_is_read_however_it_is_packed() {
    let text = log(0..10);
    check("plain.log", text.as_bytes(), 10, 0, ROW);
    check("no-end", text.trim_end().as_bytes(), 10, 0, ROW);
    check("windows.txt", format!("\u{feff}{}", text.replace('\n', "\r\n")).as_bytes(), 10, 0, ROW);
    check("no-header.log", text.split_once('\n').unwrap().1.as_bytes(), 10, 0, ROW);
    check("a.log.gz", &gzip(text.as_bytes()), 10, 0, ROW);
    let two = [gzip(log(0..10).as_bytes()), gzip(log(10..20).as_bytes())].concat();
    check("members.gz", &two, 20, 0, ROW);
    check("a.zst", &zstd::encode_all(text.as_bytes(), 1).unwrap(), 10, 0, ROW);
}

#[test]
fn layouts_may_change_where_files_were_put_together() {
    let text = format!("{}srcaddr dstaddr start\n10.9.9.9 10.8.8.8 {NEW_YEAR}\n", log(0..10));
    check("both.log", text.as_bytes(), 11, 0, "2026-01-01T00:00:00Z,10.9.9.9,,10.8.8.8,,,,,,");
}

#[test]
fn cloudwatch_has_forms_of_its_own() {
    let stamped: Vec<_> =
        (0..10).map(|it| format!("2026-01-01T00:00:00.000Z {}", line(it))).collect();
    check("000000.gz", &gzip(stamped.join("\n").as_bytes()), 10, 0, ROW);
    let event = |it| format!(r#"{{"id":"1","timestamp":1767225600000,"message":"{}"}}"#, line(it));
    let events = |numbers: std::ops::Range<u32>| numbers.map(event).collect::<Vec<_>>().join(",");
    let subscription = format!(
        r#"{{"messageType":"DATA_MESSAGE","owner":"123456789012","logGroup":"g","logStream":"eni-1-all","logEvents":[{}]}}"#,
        events(0..6)
    );
    let control = r#"{"messageType":"CONTROL_MESSAGE","logEvents":[]}"#;
    check("subscription.json", format!("{control}{subscription}").as_bytes(), 6, 0, ROW);
    let printed =
        format!("{{\n  \"events\": [{}],\n  \"searchedLogStreams\": []\n}}\n", events(0..7));
    check("filter-log-events.json", printed.as_bytes(), 7, 0, ROW);
}

#[test]
fn other_logs_are_flow_logs_too() {
    let gateway = "6 TransitGateway 123456789012 tgw-1 tgw-attach-1 1 2 vpc-1 vpc-2 subnet-1 subnet-2 eni-1 eni-2 \
                   use1-az4 use1-az4 tgw-attach-2 10.20.33.164 10.40.11.28 80 443 6 1 40 1767225600 1767225660 OK \
                   IPv4 0 0 0 0 2 us-east-1 egress - -\n";
    let row = "2026-01-01T00:00:00Z,10.20.33.164,80,10.40.11.28,443,6,1,40,,OK";
    check("tgw.log", gateway.as_bytes(), 1, 0, row);
    let custom = format!(
        "start bytes pkt-srcaddr srcaddr dstaddr instance-tag field-of-tomorrow\n\
         {NEW_YEAR} - 2001:db8::1 2001:db8::2 10.0.0.1 a%20b soon\n\
         - - - - - - -\n"
    );
    let row = "2026-01-01T00:00:00Z,2001:db8::2,,10.0.0.1,,,,,,";
    check("custom.log", custom.as_bytes(), 2, 0, row);
    let nodata = format!("{HEADER}\n2 1 eni-1 - - - - - - - {NEW_YEAR} {NEW_YEAR} - NODATA\n");
    check("nodata.log", nodata.as_bytes(), 1, 0, "2026-01-01T00:00:00Z,,,,,,,,,NODATA");
}

#[test]
fn what_is_no_record_is_kept_with_its_place() {
    let text =
        format!("{}broken line\n{}\nnonsense\n", log(0..10), line(10).replace("443", "65536"));
    check("mixed.log", text.as_bytes(), 10, 3, ROW);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("mixed.log");
    std::fs::write(&path, &text).unwrap();
    block_on(async {
        let lake = lake_in_memory();
        let read = fill(&lake, &[source(&path)]).await.unwrap();
        let kept: Vec<_> = read
            .rejected
            .iter()
            .map(|it| (it.line, it.field.as_deref().unwrap_or(""), it.fault.as_str()))
            .collect();
        let expected = [
            (12, "interface-id", "the line has fewer values than the header has fields"),
            (13, "dstport", "no value of this field is so large"),
            (14, "account-id", "the line has fewer values than the header has fields"),
        ];
        assert_eq!(kept.iter().map(|it| it.0).collect::<Vec<_>>(), [12, 13, 14]);
        assert_eq!(kept[1], expected[1]);
        let at = usize::try_from(read.rejected[0].offset).unwrap();
        assert!(text[at..].starts_with("broken line"));
        assert_eq!(lake.snapshot().await.unwrap().totals().rejects, 3);
        assert_eq!(lake.snapshot().await.unwrap().totals().reject_objects.len(), 1);
    });
}

#[test]
fn large_files_are_read_in_parts() {
    // Beyond what one worker reads alone, so that blocks go to several.
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("large.log");
    let lines = log(0..100_000);
    std::fs::write(&path, format!("{lines}what is this\n")).unwrap();
    let changed = folder.path().join("changed.log");
    std::fs::write(&changed, format!("{lines}srcaddr start\n10.9.9.9 {NEW_YEAR}\n")).unwrap();
    block_on(async {
        let lake = lake_in_memory();
        let read = fill(&lake, &[source(&path)]).await.unwrap();
        assert_eq!((read.rows, read.rejects), (100_000, 1));
        assert_eq!(read.rejected[0].line, 100_002);
        let snapshot = lake.snapshot().await.unwrap();
        assert_eq!(snapshot.rows(), 100_000);
        assert_eq!(snapshot.time_range(), Some((NEW_YEAR, NEW_YEAR + 7_199)));
        let lake = lake_in_memory();
        let read = fill(&lake, &[source(&changed)]).await.unwrap();
        assert_eq!((read.rows, read.rejects), (100_001, 0));
        assert_eq!(lake.snapshot().await.unwrap().layouts().len(), 2);
        assert_eq!(lake.snapshot().await.unwrap().rows(), 100_001);
    });
}

#[test]
fn what_is_broken_is_told_and_stops_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, content: &[u8]| {
        let path = folder.path().join(name);
        std::fs::write(&path, content).unwrap();
        source(&path)
    };
    write("good.log", log(0..10).as_bytes());
    write("empty.log", b"");
    write("notes.txt", b"remember the milk\n");
    let packed = gzip(log(0..5_000).as_bytes());
    write("cut.log.gz", &packed[..packed.len() / 2]);
    write("cut.json", br#"{"logEvents": [{"mess"#);
    write("cut.parquet", b"PAR1 and no more");
    block_on(async {
        let lake = lake_in_memory();
        let read = fill(&lake, &[source(folder.path())]).await.unwrap();
        assert_eq!((read.rows, read.sources, read.ignored.len()), (10, 2, 1));
        let mut broken: Vec<_> =
            read.problems.iter().map(|(name, _)| name.rsplit('/').next().unwrap()).collect();
        broken.sort_unstable();
        assert_eq!(broken, ["cut.json", "cut.log.gz", "cut.parquet"]);
        assert_eq!(lake.snapshot().await.unwrap().rows(), 10);
        // Whole at last, it is read.
        write("cut.log.gz", &packed);
        let read = fill(&lake, &[source(folder.path())]).await.unwrap();
        assert_eq!((read.rows, read.sources, read.known_sources), (5_000, 1, 2));
        // A file that was named is not passed over in silence.
        let named = fill(&lake, &[source(&folder.path().join("notes.txt"))]).await.unwrap();
        assert!(matches!(named.problems[0].1, SourceProblem::NotAFlowLog));
        assert_eq!(
            lake.snapshot().await.unwrap().number(),
            2,
            "nothing came, so nothing is committed"
        );
        // What has changed is not read again.
        write("good.log", log(0..11).as_bytes());
        let read = fill(&lake, &[source(folder.path())]).await.unwrap();
        assert!(read.problems.iter().any(|(_, it)| matches!(it, SourceProblem::Changed)));
        assert_eq!(lake.snapshot().await.unwrap().rows(), 5_010);
    });
}
