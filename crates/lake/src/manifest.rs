//! What is in a lake: a log of commits, each an object that is created once and never changed.
//!
//! A commit names the files that come and go and the sources that were read for them, so that both happen or neither does.
//! Its number is the next free one, and it is written with “create, unless it is there”, which folders and S3 both do
//! atomically: of two writers one is refused, reads what the other did, checks that its own commit still makes sense, and
//! tries the next number. Nobody holds a lock, so nobody can die with one.
//!
//! Reading every commit there ever was would grow slow. Every [`CHECKPOINT_EVERY`] commits a writer leaves a checkpoint: the
//! state that they sum up to. Checkpoints are derived; a lake that lost them all is whole.

mod checkpoint;
mod commit;
mod entry;
mod ledger;
mod log;
mod snapshot;

pub use commit::{Commit, Operation, Rejects, Source};
pub use entry::FileEntry;
pub use ledger::{Known, Ledger};
pub use log::{Draft, Outcome};
pub(crate) use log::{Log, State};
pub(crate) use snapshot::total;
pub use snapshot::{Snapshot, Totals};

/// The format of manifests that this program writes, and the last that it reads.
pub const FORMAT: u32 = 1;

/// After how many commits a checkpoint is left.
pub const CHECKPOINT_EVERY: u64 = 32;
