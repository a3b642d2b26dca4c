//! The operator as DataFusion runs it.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use arrow::array::{ArrayRef, RecordBatch};
use arrow::buffer::NullBuffer;
use arrow::datatypes::{DataType, SchemaRef};
use datafusion::common::runtime::JoinSet;
use datafusion::common::tree_node::TreeNodeRecursion;
use datafusion::error::{DataFusionError, Result};
use datafusion::execution::memory_pool::{MemoryConsumer, MemoryReservation};
use datafusion::execution::{SendableRecordBatchStream, TaskContext};
use datafusion::physical_expr::EquivalenceProperties;
use datafusion::physical_plan::execution_plan::{Boundedness, EmissionType};
use datafusion::physical_plan::stream::RecordBatchStreamAdapter;
use datafusion::physical_plan::{
    DisplayAs, DisplayFormatType, ExecutionPlan, Partitioning, PhysicalExpr, PlanProperties,
};
use futures::future::{BoxFuture, FutureExt as _, Shared};
use futures::{StreamExt as _, stream};

use super::bucket::{BUCKETS, Bucket, lacking};
use super::lanes;
use super::state::Kind;
use super::thread::Thread;

/// How many groups are given out at once.
const GROUPS_AT_ONCE: usize = 8192;

/// An aggregate and the expression that it is of; counting rows is of none.
#[derive(Clone, Debug)]
pub(super) struct Aggregated {
    pub(super) kind: Kind,
    pub(super) of: Option<Arc<dyn PhysicalExpr>>,
}

/// What there is to compute.
#[derive(Clone, Debug)]
pub(super) struct Task {
    pub(super) keys: Vec<Arc<dyn PhysicalExpr>>,
    /// The types of the keys.
    pub(super) key_kinds: Vec<DataType>,
    pub(super) aggregates: Vec<Aggregated>,
    /// Which of the groups are wanted, if not all are.
    pub(super) top: Option<Top>,
}

/// A wish for the groups whose value of an aggregate is among the largest.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct Top {
    /// The place of the aggregate.
    pub(super) aggregate: usize,
    /// How many groups are wanted. More may be given out.
    pub(super) count: usize,
}

type Finished = std::result::Result<Arc<Groups>, Arc<DataFusionError>>;

/// Groups by one or two numbers.
pub(crate) struct GroupExec {
    input: Arc<dyn ExecutionPlan>,
    task: Arc<Task>,
    properties: Arc<PlanProperties>,
    /// The work that all output partitions wait for, once one has begun it.
    work: Mutex<Option<Shared<BoxFuture<'static, Finished>>>>,
}

impl fmt::Debug for GroupExec {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("GroupExec").field("task", &self.task).finish_non_exhaustive()
    }
}

impl GroupExec {
    pub(super) fn new(input: Arc<dyn ExecutionPlan>, task: Arc<Task>, schema: SchemaRef) -> Self {
        let partitions = input.properties().partitioning.partition_count();
        let properties = PlanProperties::new(
            EquivalenceProperties::new(schema),
            Partitioning::UnknownPartitioning(partitions),
            EmissionType::Final,
            Boundedness::Bounded,
        );
        Self { input, task, properties: Arc::new(properties), work: Mutex::new(None) }
    }

    /// Returns the same work, of which only the groups with the largest values of an aggregate are wanted.
    ///
    /// `column` is the column of the aggregate. `None` if it has values that are not whole numbers.
    pub(super) fn with_top(&self, column: usize, count: usize) -> Option<Self> {
        let aggregate = column.checked_sub(self.task.keys.len())?;
        let is_whole = self.task.aggregates.get(aggregate)?.kind != Kind::Distribution;
        let top = is_whole.then_some(Top { aggregate, count })?;
        let task = Task { top: Some(top), ..Task::clone(&self.task) };
        Some(Self::new(Arc::clone(&self.input), Arc::new(task), self.schema()))
    }

    fn work(&self, context: &Arc<TaskContext>) -> Shared<BoxFuture<'static, Finished>> {
        let mut work = lock(&self.work);
        work.get_or_insert_with(|| {
            let (input, task) = (Arc::clone(&self.input), Arc::clone(&self.task));
            let context = Arc::clone(context);
            async move { gather(input, task, context).await.map_err(Arc::new) }.boxed().shared()
        })
        .clone()
    }
}

impl DisplayAs for GroupExec {
    fn fmt_as(&self, _: DisplayFormatType, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let keys: Vec<String> = self.task.keys.iter().map(ToString::to_string).collect();
        let kinds: Vec<Kind> = self.task.aggregates.iter().map(|it| it.kind).collect();
        write!(f, "GroupExec: keys=[{}], aggregates={kinds:?}", keys.join(", "))?;
        match self.task.top {
            Some(Top { aggregate, count }) => write!(f, ", top {count} by a{aggregate}"),
            None => Ok(()),
        }
    }
}

impl ExecutionPlan for GroupExec {
    fn name(&self) -> &'static str {
        "GroupExec"
    }

    fn properties(&self) -> &Arc<PlanProperties> {
        &self.properties
    }

    fn children(&self) -> Vec<&Arc<dyn ExecutionPlan>> {
        vec![&self.input]
    }

    fn apply_expressions(
        &self,
        f: &mut dyn FnMut(&Arc<dyn PhysicalExpr>) -> Result<TreeNodeRecursion>,
    ) -> Result<TreeNodeRecursion> {
        let values = self.task.aggregates.iter().filter_map(|it| it.of.as_ref());
        for expr in self.task.keys.iter().chain(values) {
            if f(expr)? == TreeNodeRecursion::Stop {
                return Ok(TreeNodeRecursion::Stop);
            }
        }
        Ok(TreeNodeRecursion::Continue)
    }

    fn with_new_children(
        self: Arc<Self>,
        mut children: Vec<Arc<dyn ExecutionPlan>>,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        let input = children.pop().unwrap_or_else(|| Arc::clone(&self.input));
        Ok(Arc::new(Self::new(input, Arc::clone(&self.task), self.schema())))
    }

    fn execute(
        &self,
        partition: usize,
        context: Arc<TaskContext>,
    ) -> Result<SendableRecordBatchStream> {
        let work = self.work(&context);
        let (task, schema) = (Arc::clone(&self.task), self.schema());
        let partitions = self.properties.partitioning.partition_count();
        let out = Arc::clone(&schema);
        let batches = stream::once(work).flat_map(move |finished| {
            let (task, schema) = (Arc::clone(&task), Arc::clone(&schema));
            match finished {
                Err(error) => stream::iter(vec![Err(DataFusionError::Shared(error))]).boxed(),
                Ok(groups) => stream::iter((partition..groups.count()).step_by(partitions))
                    .flat_map(move |bucket| stream::iter(batches(&groups, bucket, &task, &schema)))
                    .boxed(),
            }
        });
        Ok(Box::pin(RecordBatchStreamAdapter::new(out, batches)))
    }
}

/// The buckets, which all threads share.
#[derive(Debug)]
pub(super) struct Groups {
    buckets: Vec<Mutex<Bucket>>,
    /// The memory that they take, given back with them.
    reservation: Mutex<MemoryReservation>,
}

impl Groups {
    fn new(task: &Task, reservation: MemoryReservation) -> Self {
        let bucket = || Mutex::new(Bucket::new(task.aggregates.iter().map(|it| it.kind)));
        let buckets = std::iter::repeat_with(bucket).take(bucket_count(task)).collect();
        Self { buckets, reservation: Mutex::new(reservation) }
    }

    /// Returns how many buckets there are.
    pub(super) fn count(&self) -> usize {
        self.buckets.len()
    }

    /// Lets a thread fold rows into a bucket.
    pub(super) fn with(&self, bucket: usize, fold: impl FnOnce(&mut Bucket)) {
        if let Some(bucket) = self.buckets.get(bucket) {
            fold(&mut lock(bucket));
        }
    }

    /// Takes the groups of a bucket.
    fn take(&self, bucket: usize) -> Option<Bucket> {
        let nothing = Bucket::new(std::iter::empty());
        let taken = std::mem::replace(&mut *lock(self.buckets.get(bucket)?), nothing);
        (!taken.keys().is_empty()).then_some(taken)
    }

    /// Reserves the memory that is taken. What waits in threads is little beside it.
    ///
    /// # Errors
    ///
    /// Fails if there is not so much.
    pub(super) fn account(&self) -> Result<()> {
        let size = self.buckets.iter().map(|bucket| lock(bucket).size()).sum();
        lock(&self.reservation).try_resize(size)
    }
}

fn bucket_count(task: &Task) -> usize {
    BUCKETS + (1 << task.keys.len()) - 1
}

/// A panic of another thread while it held the lock ends the query anyway.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Reads all input partitions at once.
async fn gather(
    input: Arc<dyn ExecutionPlan>,
    task: Arc<Task>,
    context: Arc<TaskContext>,
) -> Result<Arc<Groups>> {
    let reservation = MemoryConsumer::new("groups").register(context.memory_pool());
    let groups = Arc::new(Groups::new(&task, reservation));
    let mut threads = JoinSet::new();
    for partition in 0..input.properties().partitioning.partition_count() {
        let stream = input.execute(partition, Arc::clone(&context))?;
        let thread = Thread::new(Arc::clone(&task), Arc::clone(&groups));
        threads.spawn(thread.run(stream));
    }
    while let Some(thread) = threads.join_next().await {
        thread.map_err(|error| DataFusionError::External(Box::new(error)))??;
    }
    groups.account()?;
    Ok(groups)
}

/// Returns the groups of a bucket as batches.
fn batches(
    groups: &Groups,
    bucket: usize,
    task: &Task,
    schema: &SchemaRef,
) -> Vec<Result<RecordBatch>> {
    let Some(done) = groups.take(bucket) else {
        return Vec::new();
    };
    let wanted = wanted(&done, task.top);
    let parts = wanted.chunks(GROUPS_AT_ONCE);
    parts.map(|groups| batch(&done, groups, lacking(bucket), task, schema)).collect()
}

/// Returns the groups of a bucket that can be among the largest.
///
/// What is left out need not be made into columns: of a percentile for each port, that is most of the work.
fn wanted(bucket: &Bucket, top: Option<Top>) -> Vec<usize> {
    let all = 0..bucket.keys().len();
    let state = top.and_then(|top| Some((bucket.states().get(top.aggregate)?, top.count)));
    let Some((state, count)) = state.filter(|(_, count)| (1..all.len()).contains(count)) else {
        return all.collect();
    };
    let mut values: Vec<Option<i64>> = all.clone().map(|group| state.whole(group)).collect();
    let (_, least, _) = values.select_nth_unstable_by(count - 1, |a, b| b.cmp(a));
    let least = *least;
    all.filter(|group| state.whole(*group) >= least).collect()
}

fn batch(
    bucket: &Bucket,
    groups: &[usize],
    lacking: u8,
    task: &Task,
    schema: &SchemaRef,
) -> Result<RecordBatch> {
    let keys: Vec<u64> = groups.iter().filter_map(|it| bucket.keys().get(*it)).copied().collect();
    let mut columns: Vec<ArrayRef> = Vec::new();
    let mut shift = 0;
    for (place, kind) in task.key_kinds.iter().enumerate() {
        let bits = lanes::bits(kind).unwrap_or(64);
        let mask = u64::MAX >> (64 - bits);
        let nulls = (lacking & (1 << place) != 0).then(|| NullBuffer::new_null(keys.len()));
        columns.push(lanes::write(kind, keys.iter().map(|key| (key >> shift) & mask), nulls)?);
        shift += bits;
    }
    for (state, field) in bucket.states().iter().zip(schema.fields().iter().skip(columns.len())) {
        columns.push(state.results(groups, field.data_type())?);
    }
    Ok(RecordBatch::try_new(Arc::clone(schema), columns)?)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::bucket::Waiting;
    use super::*;

    proptest! {
        #[test]
        fn no_group_is_left_out_that_can_be_among_the_largest(
            rows in prop::collection::vec((0..20_u64, prop::option::of(-3..9_i64)), 0..60),
            count in 0..25_usize,
        ) {
            let mut bucket = Bucket::new([Kind::Sum].into_iter());
            let mut waiting = Waiting::new(1);
            for (key, value) in &rows {
                waiting.push_keys(&[*key]);
                waiting.push_values(0, &[value.unwrap_or(99).cast_unsigned()]);
                waiting.push_present(&[u8::from(value.is_some())]);
            }
            bucket.fold(&mut waiting);
            let sum = |key: &u64| {
                let values = rows.iter().filter(|row| row.0 == *key).filter_map(|row| row.1);
                values.reduce(|sum, value| sum + value)
            };
            let mut sums: Vec<_> = bucket.keys().iter().map(sum).collect();
            let wanted = wanted(&bucket, Some(Top { aggregate: 0, count }));
            let found: Vec<_> = wanted.iter().map(|group| sums[*group]).collect();
            sums.sort_by(|a, b| b.cmp(a));
            let least = count.checked_sub(1).and_then(|last| sums.get(last));
            let expected = sums.iter().filter(|sum| least.is_none_or(|least| *sum >= least));
            prop_assert_eq!(found.len(), expected.count());
            prop_assert!(found.iter().all(|sum| least.is_none_or(|least| sum >= least)));
        }
    }
}
