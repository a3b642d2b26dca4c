//! `portolan reach`: whether one party can reach another, and why.

use clap::{Args, ValueEnum};
use portolan_model::Model;
use portolan_net::{Set as _, Traffic};
use portolan_reach::{Answer, Chart, Party, Question, Settings, Verdict};
use portolan_report::{AnswerSet, QuestionText};

use crate::context::Context;
use crate::error::CliError;
use crate::output::OutputArguments;
use crate::source::{PartialArguments, SourceArguments, party};
use crate::status::Status;
use crate::traffic::TrafficArguments;

/// Tell whether one party can reach another, and why
///
/// The verdict is `reachable`, `unreachable` or `unknown`. With it come the packets that pass, the path they take and
/// every rule that lets them, or everything that is in their way.
///
/// A party is `internet`; an address, a CIDR or a list of them; or the id, ARN or Name tag of an interface, instance,
/// load balancer, database, function, subnet, VPC, security group, gateway or endpoint. Note that `0.0.0.0/0` means
/// every IPv4 address, private ones too, and `internet` only those that the Internet routes.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  portolan reach captured/ --from internet --to bastion --port ssh
  portolan reach captured/ --from web --to orders-db --port postgres --layers
  portolan reach captured/ --from 10.20.0.0/16 --to i-0a1b2c3d --expect unreachable")]
pub(crate) struct ReachArguments {
    #[command(flatten)]
    source: SourceArguments,

    /// Who begins
    #[arg(long, value_name = "PARTY", help_heading = "Selection")]
    from: String,

    /// Who is to answer
    #[arg(long, value_name = "PARTY", help_heading = "Selection")]
    to: String,

    #[command(flatten)]
    traffic: TrafficArguments,

    /// Also answer with network ACLs alone and with security groups alone
    #[arg(long, help_heading = "Output")]
    layers: bool,

    #[command(flatten)]
    output: OutputArguments,

    /// Take it that AWS has lifted its block of outbound port 25
    #[arg(long, help_heading = "Selection")]
    assume_port_25_open: bool,

    /// End with status 3 if the verdict is another one
    #[arg(long, value_name = "VERDICT", value_enum, help_heading = "Gate")]
    expect: Option<Expectation>,

    #[command(flatten)]
    partial: PartialArguments,
}

/// The verdict that a gate waits for.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum Expectation {
    /// Some packets certainly pass
    Reachable,
    /// No packet passes
    Unreachable,
}

impl From<Expectation> for Verdict {
    fn from(expectation: Expectation) -> Self {
        match expectation {
            Expectation::Reachable => Self::Reachable,
            Expectation::Unreachable => Self::Unreachable,
        }
    }
}

/// Answers the question, then looks at the gate.
pub(super) fn run(arguments: &ReachArguments, context: &Context) -> Result<Status, CliError> {
    let traffic = arguments.traffic.traffic()?;
    let model = arguments.source.read(context)?;
    let question = question(arguments, &model, traffic.as_ref())?;
    let status = arguments.partial.status_of(&model, context);
    let open = arguments.assume_port_25_open || context.config.assumes_port_25_open();
    let both = Settings { port_25_is_blocked: !open, ..Settings::default() };
    let (layers, chart, answer) = context.ui.during("charting the ways", || {
        let layers = arguments.layers.then(|| layers(&model, &question, both));
        let chart = Chart::new(model, both);
        let answer = chart.reach(&question);
        (layers, chart, answer)
    });
    let answers = match &layers {
        None => AnswerSet::One(&answer),
        Some((network_acls, security_groups)) => {
            AnswerSet::Layers { network_acls, security_groups, both: &answer }
        }
    };
    let text = QuestionText {
        from: arguments.from.clone(),
        to: arguments.to.clone(),
        traffic: traffic.map(|traffic| traffic.to_string()),
    };
    arguments.output.write(context, |format, style, out| {
        portolan_report::answer(&chart, &text, answers, format, style, out)
    })?;
    let verdict = answer.verdict.as_str();
    match arguments.expect.map(Verdict::from) {
        Some(expected) if expected != answer.verdict => {
            let expected = expected.as_str();
            Ok(context.ui.closed_gate(format_args!("it is {verdict}, and {expected} is expected")))
        }
        _ => Ok(status),
    }
}

fn question(
    arguments: &ReachArguments,
    model: &Model,
    traffic: Option<&Traffic>,
) -> Result<Question, CliError> {
    let from = party(model, "--from", &arguments.from)?;
    let to = party(model, "--to", &arguments.to)?;
    if is_alone(&from) && from == to {
        let (from, to) = (arguments.from.clone(), arguments.to.clone());
        return Err(CliError::SameParty { from, to });
    }
    Ok(Question { from, to, traffic: traffic.cloned().unwrap_or_else(Traffic::full) })
}

/// Returns whether a party has no packets for itself that this network sees.
fn is_alone(party: &Party) -> bool {
    match party {
        Party::Internet => true,
        Party::Interfaces(interfaces) => interfaces.len() == 1,
        _ => false,
    }
}

/// Returns the answers with network ACLs alone and with security groups alone.
fn layers(model: &Model, question: &Question, both: Settings) -> (Answer, Answer) {
    let with = |settings| Chart::new(model.clone(), settings).reach(question);
    let network_acls = with(Settings { security_groups: false, ..both });
    let security_groups = with(Settings { network_acls: false, ..both });
    (network_acls, security_groups)
}
