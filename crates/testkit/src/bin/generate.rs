//! Writes made-up AWS accounts as files.
//!
//! ```text
//! generate harbor --out examples/harbor
//! generate account --interfaces 10000 [--seed 1] --out DIRECTORY
//! ```

use std::error::Error;
use std::fs;
use std::io;
use std::path::PathBuf;
use std::process::ExitCode;

use portolan_testkit::generate::harbor::{flow_logs, harbor, readme};
use portolan_testkit::generate::{Directory, Shape, account};

const USAGE: &str = "usage: generate harbor --out DIRECTORY
       generate account --interfaces NUMBER [--seed NUMBER] --out DIRECTORY";

fn main() -> ExitCode {
    match run(&std::env::args().skip(1).collect::<Vec<_>>()) {
        Ok(summary) => finish(&mut io::stdout(), &summary, ExitCode::SUCCESS),
        Err(error) => finish(&mut io::stderr(), &error.to_string(), ExitCode::FAILURE),
    }
}

/// Writes the last line. If nobody can read it, the status still tells.
fn finish(output: &mut dyn io::Write, line: &str, status: ExitCode) -> ExitCode {
    writeln!(output, "{line}").map_or(ExitCode::FAILURE, |()| status)
}

fn run(arguments: &[String]) -> Result<String, Box<dyn Error>> {
    let out = PathBuf::from(option(arguments, "--out").ok_or(USAGE)?);
    match arguments.first().map(String::as_str) {
        Some("harbor") => write_harbor(&out),
        Some("account") => write_account(&out, arguments),
        _ => Err(USAGE.into()),
    }
}

fn option<'arguments>(arguments: &'arguments [String], name: &str) -> Option<&'arguments str> {
    let position = arguments.iter().position(|argument| argument == name)?;
    arguments.get(position + 1).map(String::as_str)
}

fn write_harbor(out: &PathBuf) -> Result<String, Box<dyn Error>> {
    let mut directory = Directory::new(out);
    harbor(&mut directory)?;
    fs::write(out.join("README.md"), readme())?;
    let mut bytes = directory.bytes();
    let model = portolan_sources::read(std::slice::from_ref(out), &mut |_| {})?;
    for (path, text) in flow_logs(&model) {
        let path = out.join(path);
        fs::create_dir_all(path.parent().unwrap_or(out))?;
        fs::write(path, &text)?;
        bytes += u64::try_from(text.len())?;
    }
    Ok(format!("wrote {bytes} bytes below {}", out.display()))
}

fn write_account(out: &PathBuf, arguments: &[String]) -> Result<String, Box<dyn Error>> {
    let interfaces = option(arguments, "--interfaces").ok_or(USAGE)?.parse()?;
    let seed = option(arguments, "--seed").map_or(Ok(1), str::parse)?;
    let mut directory = Directory::new(out);
    let counts = account(&Shape::new(interfaces), seed, &mut directory)?;
    Ok(format!("{counts}\nwrote {} bytes below {}", directory.bytes(), out.display()))
}
