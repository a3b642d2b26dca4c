//! The chart: a model compiled for questions.

use std::sync::{Mutex, MutexGuard, PoisonError};

use portolan_model::{InternetGatewayId, Model, SecurityGroup};
use portolan_net::Set as _;

use crate::answer::{Answer, End};
use crate::balancer::paths_behind;
use crate::code::Code;
use crate::evidence::Component;
use crate::exposure::{Exposure, ExposureMemory};
use crate::filters::Filters;
use crate::flow;
use crate::index::{Index, NodeAddress};
use crate::line::{Spots, from_ip_set};
use crate::matrix::Matrix;
use crate::path::{Path, Step};
use crate::pool::TrafficPool;
use crate::question::{Party, Question, Settings};
use crate::rules::Rulebook;
use crate::shadow::{ShadowedEntry, shadowed_entries};
use crate::walk::{Start, Walk};

/// A model, compiled for questions.
#[derive(Debug)]
pub struct Chart {
    pub(crate) model: Model,
    pub(crate) settings: Settings,
    pub(crate) index: Index,
    pub(crate) filters: Filters,
    memory: Mutex<Memory>,
}

/// What the chart remembers between questions; none of it changes an answer.
#[derive(Debug)]
pub(crate) struct Memory {
    pub(crate) pool: TrafficPool,
    pub(crate) exposure: ExposureMemory,
}

impl Chart {
    /// Compiles a model. Takes time in proportion to its rules and interfaces.
    pub fn new(model: Model, settings: Settings) -> Self {
        let mut pool = TrafficPool::new();
        let index = Index::new(&model);
        let filters = Filters::new(&model, &index, settings, &mut pool);
        let memory = Memory { pool, exposure: ExposureMemory::default() };
        Self { model, settings, index, filters, memory: Mutex::new(memory) }
    }

    /// Returns the model.
    pub fn model(&self) -> &Model {
        &self.model
    }

    /// Returns what is taken for granted.
    pub fn settings(&self) -> Settings {
        self.settings
    }

    /// Returns what of the account can be reached from outside.
    pub fn exposure(&self) -> Exposure {
        Exposure::compute(self, &mut self.memory())
    }

    /// Returns who inside can talk to whom.
    pub fn matrix(&self) -> Matrix<'_> {
        Matrix::new(self)
    }

    /// Answers one question.
    pub fn reach(&self, question: &Question) -> Answer {
        let mut memory = self.memory();
        let asked = memory.pool.intern(question.traffic.clone());
        let paths = self.paths(question, &mut memory.pool);
        flow::answer(self.rulebook(), &paths, asked, &mut memory.pool)
    }

    /// Returns the entries of network ACLs that come too late for packets that they match, by network ACL,
    /// direction and number.
    pub fn shadowed_entries(&self) -> Vec<ShadowedEntry> {
        self.model.network_acls.values().flat_map(shadowed_entries).collect()
    }

    /// Puts a security group in the place of the one with its id, and forgets what depended on it.
    pub fn replace_security_group(&mut self, group: SecurityGroup) {
        let id = group.id.clone();
        self.model.security_groups.insert(id.clone(), group);
        let memory = self.memory.get_mut().unwrap_or_else(PoisonError::into_inner);
        let (model, index, pool) = (&self.model, &self.index, &mut memory.pool);
        let changed = self.filters.replace_group(model, index, self.settings, &id, pool);
        memory.exposure.forget(&changed);
    }

    /// A panic while the memory was in use cannot have left it wrong: each operation adds whole entries.
    pub(crate) fn memory(&self) -> MutexGuard<'_, Memory> {
        self.memory.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Returns a pool that knows the sets of the filters.
    pub(crate) fn fork_pool(&self) -> TrafficPool {
        self.memory().pool.fork()
    }

    pub(crate) fn rulebook(&self) -> Rulebook<'_> {
        Rulebook { model: &self.model, index: &self.index, filters: &self.filters }
    }

    /// Returns an address of an interface as an end of a flow.
    pub(crate) fn end(&self, start: Start) -> End {
        let node = self.index.interfaces.get(start.interface);
        let interface = node.map_or_else(|| "".into(), |node| node.id.clone());
        End::Interface { interface, address: start.address.inside.into() }
    }

    pub(crate) fn walk<'c>(&'c self, pool: &'c mut TrafficPool) -> Walk<'c> {
        let (model, index, filters) = (&self.model, &self.index, &self.filters);
        Walk { model, index, filters, settings: self.settings, pool }
    }

    /// Returns, by number of the VPC, whether its Internet gateway has a route table of its own.
    pub(crate) fn vpcs_with_edge_routes(&self) -> Vec<bool> {
        let tables = self.model.route_tables.values();
        let edges: Vec<&str> = tables.flat_map(|t| &t.gateways).map(AsRef::as_ref).collect();
        let has_edge = |gateway: &InternetGatewayId| edges.contains(&gateway.as_str());
        self.index
            .vpcs
            .iter()
            .map(|vpc| vpc.internet_gateway.as_ref().is_some_and(has_edge))
            .collect()
    }

    fn paths(&self, question: &Question, pool: &mut TrafficPool) -> Vec<Path> {
        let mut walk = self.walk(pool);
        let mut paths = Vec::new();
        for start in self.starts(&question.from) {
            paths.extend(self.paths_from(&mut walk, start, &question.to));
        }
        let outside = self.outside(&question.from);
        if !outside.is_empty() {
            let behind = paths_behind(self, &outside, walk.pool);
            for target in self.targets_from_outside(&question.to) {
                paths.push(walk.path_from_internet(&outside, target));
                let behind = behind.get(&(target.interface, target.address.inside));
                paths.extend(behind.into_iter().flatten().cloned());
            }
        }
        let elsewhere = self.elsewhere(&question.from);
        if !elsewhere.is_empty() {
            for target in self.targets_from_elsewhere(&question.to) {
                paths.extend(walk.paths_from_beyond(target, &elsewhere));
            }
        }
        paths
    }

    /// Returns the paths from an interface to a party.
    fn paths_from(&self, walk: &mut Walk<'_>, start: Start, to: &Party) -> Vec<Path> {
        match to {
            Party::Internet => walk.paths_from_interface(start, &self.index.internet, false),
            Party::Addresses(set) => walk.paths_from_interface(start, &from_ip_set(set), true),
            Party::Interfaces(_) => {
                let targets = self.starts(to).into_iter();
                let others = targets.filter(|target| target.interface != start.interface);
                others.flat_map(|target| Self::paths_to(walk, start, target)).collect()
            }
            Party::Service(endpoint) => {
                let paths = walk.paths_from_interface(start, &Spots::full(), false);
                let wanted = |path: &Path| path.to == End::Service(endpoint.clone());
                paths.into_iter().filter(wanted).collect()
            }
        }
    }

    /// Returns the paths from one address of an interface to one of another. A packet that would end
    /// elsewhere, because address ranges overlap, is stopped there.
    fn paths_to(walk: &mut Walk<'_>, start: Start, target: Start) -> Vec<Path> {
        let wanted = walk.end(target);
        let mut paths =
            walk.paths_from_interface(start, &Spots::single(target.address.inside), false);
        for path in &mut paths {
            if let End::Interface { interface, .. } = &path.to
                && path.to != wanted
            {
                let component = Component::Interface(interface.clone());
                path.forward.push(Step::stop(Code::NoPath, component));
            }
        }
        paths
    }

    /// Returns the addresses of interfaces that a party has; of a delegated prefix, the first.
    fn starts(&self, party: &Party) -> Vec<Start> {
        match party {
            Party::Interfaces(ids) => ids
                .iter()
                .filter_map(|id| self.index.interface(id))
                .flat_map(|interface| self.addresses(interface, &Spots::full()))
                .collect(),
            Party::Addresses(set) => {
                let wanted = from_ip_set(set);
                let interfaces = 0..self.index.interfaces.len();
                interfaces.flat_map(|interface| self.addresses(interface, &wanted)).collect()
            }
            Party::Internet | Party::Service(_) => Vec::new(),
        }
    }

    /// Returns the addresses of an interface that are in a set, inside or outside.
    pub(crate) fn addresses(&self, interface: usize, wanted: &Spots) -> Vec<Start> {
        let Some(node) = self.index.interfaces.get(interface) else { return Vec::new() };
        let is_wanted = |address: &NodeAddress| {
            wanted.contains(address.inside) || address.outside.is_some_and(|o| wanted.contains(o))
        };
        let exact = node.addresses.iter().copied().filter(is_wanted);
        let delegated = node.delegated.iter().filter_map(|prefix| {
            let inside = prefix.intersection(wanted).first()?;
            let is_public = !inside.is_ipv4() && self.index.internet.contains(inside);
            Some(NodeAddress { inside, outside: is_public.then_some(inside) })
        });
        exact.chain(delegated).map(|address| Start { interface, address }).collect()
    }

    /// Returns the addresses outside the model that a party has.
    fn outside(&self, party: &Party) -> Spots {
        match party {
            Party::Internet => self.index.internet.clone(),
            Party::Addresses(set) => {
                let exact: Spots = self.index.public.keys().copied().collect();
                let prefixes = self.index.public_prefixes();
                let owned = prefixes.fold(exact, |sum, (prefix, _)| sum.union(prefix));
                from_ip_set(set).intersection(&self.index.internet).difference(&owned)
            }
            Party::Interfaces(_) | Party::Service(_) => Spots::empty(),
        }
    }

    /// Returns the addresses of a party that no interface has. Networks that were not read may have them, behind
    /// whatever leads out of the model.
    fn elsewhere(&self, party: &Party) -> Spots {
        match party {
            Party::Internet => self.index.internet.clone(),
            Party::Addresses(set) => {
                let nodes = self.index.interfaces.iter();
                let addresses = nodes.clone().flat_map(|node| &node.addresses);
                let owned = addresses.flat_map(|address| [Some(address.inside), address.outside]);
                let wanted = from_ip_set(set);
                let owned = owned.flatten().filter(|address| wanted.contains(*address)).collect();
                let delegated = nodes.flat_map(|node| &node.delegated);
                delegated.fold(wanted.difference(&owned), |rest, prefix| rest.difference(prefix))
            }
            Party::Interfaces(_) | Party::Service(_) => Spots::empty(),
        }
    }

    /// Returns the addresses of interfaces that somebody beyond a way out of the model may mean: those on the
    /// interface, which no Internet gateway maps there.
    fn targets_from_elsewhere(&self, to: &Party) -> Vec<Start> {
        let mut targets = self.starts(to);
        if let Party::Addresses(set) = to {
            let wanted = from_ip_set(set);
            targets.retain(|target| wanted.contains(target.address.inside));
        }
        targets
    }

    /// Returns the addresses of interfaces that somebody outside may mean.
    fn targets_from_outside(&self, to: &Party) -> Vec<Start> {
        match to {
            Party::Addresses(set) => {
                // Outside, a private address is nobody's; the answer then names what is missing.
                let wanted = from_ip_set(set);
                let mut starts = self.starts(to);
                for start in &mut starts {
                    let outside = start.address.outside;
                    start.address.outside = outside.filter(|outside| wanted.contains(*outside));
                }
                starts
            }
            _ => self.starts(to),
        }
    }
}
