//! From paths to answers: sets of packets with a witness, or everything that is in the way.

use portolan_model::Direction;
use portolan_net::Header;

use crate::answer::{Answer, Certainty, Flow, Verdict};
use crate::bounds::Bounds;
use crate::code::Code;
use crate::evidence::{Blocker, Component, Hop, Unknown, Witness};
use crate::line::{Spot, Spots, to_ip_set};
use crate::note::Packets;
use crate::path::{Path, Rules, Step};
use crate::pool::{TrafficId, TrafficPool};
use crate::rules::{Rulebook, reply_header};

/// What is asked about some far addresses of a path, by certainty and whether it is answered.
pub(crate) struct Part {
    pub(crate) traffic: TrafficId,
    pub(crate) certainty: Certainty,
    pub(crate) delivery: Certainty,
    pub(crate) is_answered: bool,
}

/// Returns the parts of what is delivered and answered: certain before possible, answered before not.
pub(crate) fn parts(delivered: Bounds, answered: Bounds, pool: &mut TrafficPool) -> Vec<Part> {
    let certain_one_way = pool.difference(delivered.certain(), answered.possible());
    let possible = pool.difference(answered.possible(), answered.certain());
    let possible_answer = pool.intersection(possible, delivered.certain());
    let possible_delivery = pool.difference(possible, delivered.certain());
    let not_answered = pool.difference(delivered.possible(), answered.possible());
    let possible_one_way = pool.difference(not_answered, certain_one_way);
    [
        (answered.certain(), Certainty::Certain, Certainty::Certain, true),
        (possible_answer, Certainty::Possible, Certainty::Certain, true),
        (possible_delivery, Certainty::Possible, Certainty::Possible, true),
        (certain_one_way, Certainty::Certain, Certainty::Certain, false),
        (possible_one_way, Certainty::Possible, Certainty::Possible, false),
    ]
    .into_iter()
    .filter(|(traffic, ..)| *traffic != TrafficId::NONE)
    .map(|(traffic, certainty, delivery, is_answered)| Part {
        traffic,
        certainty,
        delivery,
        is_answered,
    })
    .collect()
}

/// Returns the answer that a set of paths gives.
pub(crate) fn answer(
    rulebook: Rulebook<'_>,
    paths: &[Path],
    asked: TrafficId,
    pool: &mut TrafficPool,
) -> Answer {
    let mut flows: Vec<Flow> =
        paths.iter().flat_map(|path| flows(rulebook, path, asked, pool)).collect();
    flows.sort_by_key(|flow| (!flow.is_answered, flow.certainty));
    let verdict = verdict(&flows);
    let (blockers, blocked_path) = if verdict == Verdict::Reachable {
        (Vec::new(), Vec::new())
    } else {
        obstacles(rulebook, paths, asked, pool)
    };
    let possible = flows.iter().filter(|flow| flow.certainty == Certainty::Possible);
    let mut unknowns: Vec<Unknown> = possible.flat_map(|flow| flow.unknowns.clone()).collect();
    unknowns.sort_unstable();
    unknowns.dedup();
    Answer { verdict, flows, blockers, blocked_path, unknowns }
}

fn verdict(flows: &[Flow]) -> Verdict {
    let best = flows.iter().filter(|flow| flow.is_answered).map(|flow| flow.certainty).min();
    match best {
        Some(Certainty::Certain) => Verdict::Reachable,
        Some(Certainty::Possible) => Verdict::Unknown,
        None => Verdict::Unreachable,
    }
}

/// Returns the sets of packets that pass or may pass a path.
pub(crate) fn flows(
    rulebook: Rulebook<'_>,
    path: &Path,
    asked: TrafficId,
    pool: &mut TrafficPool,
) -> Vec<Flow> {
    let mut flows = Vec::new();
    for (far, (delivered, answered)) in path.evaluate(asked, pool).group() {
        for part in parts(delivered, answered, pool) {
            flows.extend(flow(rulebook, path, &far, &part, pool));
        }
    }
    flows
}

fn flow(
    rulebook: Rulebook<'_>,
    path: &Path,
    far: &Spots,
    part: &Part,
    pool: &mut TrafficPool,
) -> Option<Flow> {
    let traffic = pool.traffic(part.traffic).clone();
    let (header, first) = (traffic.witness()?, far.first()?);
    let near = Spots::single(path.near);
    let (sources, destinations) = if path.starts_near { (&near, far) } else { (far, &near) };
    let hop = |step: &Step, header, on_reply| {
        let packets = Packets { far, traffic: &traffic, on_reply };
        hop(rulebook, step, (first, header), packets)
    };
    let hops = path.forward.iter().map(|step| hop(step, header, false)).collect();
    let reply_header = reply_header(header).filter(|_| part.is_answered);
    let reply =
        reply_header.map(|header| path.reply.iter().map(|step| hop(step, header, true)).collect());
    let reply_blockers = if part.is_answered {
        Vec::new()
    } else {
        let steps = path.stopping_replies(far, part.traffic, pool);
        let packets = Packets { far, traffic: &traffic, on_reply: true };
        steps.into_iter().filter_map(|step| blocker(rulebook, step, packets)).collect()
    };
    let mut unknowns: Vec<Unknown> = path.unknowns().cloned().collect();
    unknowns.sort_unstable();
    unknowns.dedup();
    Some(Flow {
        from: path.from.clone(),
        to: path.to.clone(),
        sources: to_ip_set(sources),
        destinations: to_ip_set(destinations),
        traffic: traffic.clone(),
        certainty: part.certainty,
        delivery: part.delivery,
        is_answered: part.is_answered,
        witness: Witness {
            source: sources.first()?.into(),
            destination: destinations.first()?.into(),
            header,
        },
        hops,
        reply_hops: reply.unwrap_or_default(),
        reply_blockers,
        unknowns: if part.certainty == Certainty::Possible { unknowns } else { Vec::new() },
    })
}

/// Returns what packets meet at a step: the rules that let a witness pass, and what there is to tell of all.
fn hop(
    rulebook: Rulebook<'_>,
    step: &Step,
    (far, header): (Spot, Header),
    packets: Packets<'_>,
) -> Hop {
    let rules = rulebook.passing(step, far, header);
    let notes = rulebook.notes_on_passing(step, &rules, packets);
    Hop { component: step.component.clone(), direction: step.direction, rules, notes }
}

/// Returns everything in the way on the path where the least is, and the hops of that path.
fn obstacles(
    rulebook: Rulebook<'_>,
    paths: &[Path],
    asked: TrafficId,
    pool: &mut TrafficPool,
) -> (Vec<Blocker>, Vec<Hop>) {
    let traffic = pool.traffic(asked).clone();
    let mut best: Option<(Vec<Blocker>, &Path)> = None;
    for path in paths {
        let blocking = path.blocking(asked, pool);
        let found: Vec<Blocker> = blocking
            .into_iter()
            .filter_map(|(on_reply, step)| {
                let packets = Packets { far: &path.far, traffic: &traffic, on_reply };
                blocker(rulebook, step, packets)
            })
            .collect();
        if best.as_ref().is_none_or(|(least, _)| found.len() < least.len()) {
            best = Some((found, path));
        }
    }
    let Some((blockers, path)) = best else {
        let (code, component) = (Code::NoSourceOrDestination, Component::Internet);
        let (direction, rule, on_reply, notes) = (None, None, false, Vec::new());
        let blocker = Blocker { code, component, direction, rule, on_reply, notes };
        return (vec![blocker], Vec::new());
    };
    let hops = path.forward.iter().map(|step| Hop {
        component: step.component.clone(),
        direction: step.direction,
        rules: Vec::new(),
        notes: Vec::new(),
    });
    (blockers, hops.collect())
}

fn blocker(rulebook: Rulebook<'_>, step: &Step, packets: Packets<'_>) -> Option<Blocker> {
    let header = packets.traffic.witness();
    let header = if packets.on_reply { header.and_then(reply_header) } else { header };
    let rule = header.zip(packets.far.first()).and_then(|(header, far)| match &step.rules {
        Rules::Acl { acl, address } => {
            let direction = step.direction.unwrap_or(Direction::Inbound);
            let rules = rulebook.acl_entry(*acl, direction, address.unwrap_or(far), header);
            rules.into_iter().next()
        }
        Rules::Route { .. } => rulebook.passing(step, far, header).into_iter().next(),
        Rules::Groups { .. } | Rules::None => None,
    });
    Some(Blocker {
        code: step.pass.code()?,
        component: step.component.clone(),
        direction: step.direction,
        notes: rulebook.notes_on_stopping(step, rule.as_ref(), packets),
        rule,
        on_reply: packets.on_reply,
    })
}
