//! What must hold of every plan, judged by the oracle, which shares no code with the engine that proves plans.

use portolan_model::Model;
use portolan_net::Header;
use portolan_reach::{Chart, Settings};
use portolan_respond::{Fate, Plan, Policy, tighten};
use portolan_testkit::network::{probes, random};
use portolan_testkit::oracle::{self, Probe, send};
use portolan_testkit::random::SplitMix64;

use crate::recorder::{Recorder, silence, with_coverage};

/// Returns the model after all changes of a plan.
fn changed(model: &Model, plan: &Plan) -> Model {
    let mut model = model.clone();
    for (id, group) in plan.changed() {
        let rules = group.rules.iter().filter(|rule| rule.fate != Fate::Removed);
        model.security_groups.get_mut(id).unwrap().rules =
            rules.map(|planned| planned.rule.clone()).collect();
    }
    model
}

/// What happened over all seeds, so that the test cannot pass by doing nothing.
#[derive(Debug, Default)]
struct Counts {
    delivered: usize,
    groups_changed: usize,
    rules_added: usize,
    rules_removed: usize,
    not_proved: usize,
}

/// Gives each packet a source port of its own, from the range that clients use.
fn like_a_client(number: usize, mut probe: Probe) -> Probe {
    if let Header::Ports { source, .. } = &mut probe.header {
        *source = 49152 + u16::try_from(number).unwrap();
    }
    probe
}

/// Makes plans from what random networks let pass. If ports are trusted, clients use the ports that clients do.
fn check(seeds: std::ops::Range<u64>, has_flags: bool, trusts_ports: bool) -> Counts {
    let policy = Policy { trusts_ports, ..Policy::default() };
    let settings = oracle::Settings::default();
    let mut counts = Counts::default();
    for seed in seeds {
        let model = with_coverage(random(seed));
        let mut log = silence(&model);
        let mut seen: Vec<Probe> = probes(&model, &mut SplitMix64::new(seed));
        if trusts_ports {
            seen = seen.into_iter().enumerate().map(|(n, probe)| like_a_client(n, probe)).collect();
        }
        let before: Vec<_> = seen.iter().map(|probe| send(&model, &settings, probe)).collect();
        for (probe, outcome) in seen.iter().zip(&before) {
            Recorder { has_flags }.record(&model, probe, outcome, &mut log);
            counts.delivered += usize::from(outcome.delivered == oracle::Certainty::Yes);
        }
        let chart = Chart::new(model.clone(), Settings::default());
        let plan = tighten(&chart, &log, &policy);
        counts.add(&plan);
        let after = changed(&model, &plan);
        for (probe, before) in seen.iter().zip(&before) {
            if before.delivered == oracle::Certainty::Yes {
                let now = send(&after, &settings, probe);
                assert_eq!(now.fate(), before.fate(), "seed {seed}: {probe:?} breaks: {now:#?}");
            }
        }
        for probe in probes(&model, &mut SplitMix64::new(seed + 1_000_000)) {
            let (before, now) = (send(&model, &settings, &probe), send(&after, &settings, &probe));
            assert!(
                now.delivered <= before.delivered && now.answered <= before.answered,
                "seed {seed}: {probe:?} opens: {now:#?}"
            );
        }
    }
    counts
}

impl Counts {
    fn add(&mut self, plan: &Plan) {
        self.groups_changed += plan.changed().count();
        for group in plan.groups.values() {
            self.rules_added += group.with(Fate::Added).count();
            self.rules_removed += group.with(Fate::Removed).count();
            let failed = |it: &&portolan_respond::Doubt| {
                matches!(
                    it,
                    portolan_respond::Doubt::NotProved(_) | portolan_respond::Doubt::Widened
                )
            };
            self.not_proved += group.doubts.iter().filter(failed).count();
        }
    }
}

#[test]
fn nothing_that_was_seen_breaks_and_nothing_opens() {
    for (has_flags, trusts_ports) in [(true, true), (false, true), (false, false)] {
        let counts = check(0..150, has_flags, trusts_ports);
        assert!(counts.delivered > 400, "{counts:?}");
        assert!(counts.groups_changed > 150, "{counts:?}");
        assert!(counts.rules_added > 80, "{counts:?}");
        assert!(counts.rules_removed > 400, "{counts:?}");
        assert!(counts.not_proved * 20 < counts.groups_changed, "{counts:?}");
    }
}
