//! The operator as DataFusion runs it.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use arrow::array::{Array as _, ArrayRef, RecordBatch};
use arrow::buffer::{BooleanBuffer, NullBuffer};
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

use super::bucket::{BUCKETS, Bucket, Waiting, bucket_of, lacking};
use super::lanes;
use super::scatter::Scatter;
use super::state::Kind;

/// How many groups are given out at once.
const GROUPS_AT_ONCE: usize = 8192;

/// An aggregate and the expression that it is of; counting rows is of none.
#[derive(Clone, Debug)]
pub(super) struct Aggregated {
    pub(super) kind: Kind,
    pub(super) of: Option<Arc<dyn PhysicalExpr>>,
}

/// What there is to compute.
#[derive(Debug)]
pub(super) struct Task {
    pub(super) keys: Vec<Arc<dyn PhysicalExpr>>,
    /// The types of the keys.
    pub(super) key_kinds: Vec<DataType>,
    pub(super) aggregates: Vec<Aggregated>,
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
        write!(f, "GroupExec: keys=[{}], aggregates={kinds:?}", keys.join(", "))
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
struct Groups {
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

    fn count(&self) -> usize {
        self.buckets.len()
    }

    /// Folds the rows of a thread into a bucket.
    fn fold(&self, bucket: usize, waiting: &mut Waiting) {
        if let Some(bucket) = self.buckets.get(bucket) {
            lock(bucket).fold(waiting);
        }
    }

    /// Takes the groups of a bucket.
    fn take(&self, bucket: usize) -> Option<Bucket> {
        let nothing = Bucket::new(std::iter::empty());
        let taken = std::mem::replace(&mut *lock(self.buckets.get(bucket)?), nothing);
        (!taken.keys().is_empty()).then_some(taken)
    }

    /// Reserves the memory that is taken. What waits in threads is little beside it.
    fn account(&self) -> Result<()> {
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

/// What one thread works with.
struct Thread {
    task: Arc<Task>,
    groups: Arc<Groups>,
    /// For each bucket.
    waiting: Vec<Waiting>,
    keys: Vec<u64>,
    lane: Vec<u64>,
    scatter: Scatter,
    /// For values on their way to buckets.
    room: Vec<u64>,
}

impl Thread {
    fn new(task: Arc<Task>, groups: Arc<Groups>) -> Self {
        let waiting = std::iter::repeat_with(|| Waiting::new(task.aggregates.len()));
        let waiting = waiting.take(groups.count()).collect();
        let (keys, lane, room) = (Vec::new(), Vec::new(), Vec::new());
        Self { task, groups, waiting, keys, lane, scatter: Scatter::default(), room }
    }

    async fn run(mut self, mut stream: SendableRecordBatchStream) -> Result<()> {
        let mut rows_since = 0;
        while let Some(batch) = stream.next().await.transpose()? {
            self.add(&batch)?;
            rows_since += batch.num_rows();
            // Weighing what is kept costs more than a batch does.
            if rows_since > 1 << 17 {
                rows_since = 0;
                self.groups.account()?;
            }
        }
        for (bucket, waiting) in self.waiting.iter_mut().enumerate() {
            if !waiting.is_empty() {
                self.groups.fold(bucket, waiting);
            }
        }
        Ok(())
    }

    fn add(&mut self, batch: &RecordBatch) -> Result<()> {
        let rows = batch.num_rows();
        let task = Arc::clone(&self.task);
        let lacking = self.read_keys(batch, &task)?;
        let keys = self.keys.iter().zip(&lacking);
        self.scatter.plan(keys.map(|(key, lacking)| bucket_of(*key, *lacking)));
        let Self { scatter, waiting, keys, lane, room, groups, .. } = self;
        scatter.spread(keys, room, waiting, Waiting::push_keys);
        let mut present = vec![u8::MAX; rows];
        for (place, aggregated) in task.aggregates.iter().enumerate() {
            let Some(of) = &aggregated.of else {
                continue;
            };
            let array = of.evaluate(batch)?.into_array(rows)?;
            if let Some(nulls) = array.logical_nulls() {
                for row in absent(&nulls).set_indices() {
                    if let Some(present) = present.get_mut(row) {
                        *present &= u8::MAX ^ (1 << place);
                    }
                }
            }
            if aggregated.kind == Kind::Count {
                continue;
            }
            lanes::read(array.as_ref(), lane)?;
            scatter
                .spread(lane, room, waiting, |waiting, values| waiting.push_values(place, values));
        }
        scatter.spread(&present, &mut Vec::new(), waiting, Waiting::push_present);
        for bucket in scatter.buckets() {
            if let Some(waiting) = waiting.get_mut(bucket).filter(|waiting| waiting.are_many()) {
                groups.fold(bucket, waiting);
            }
        }
        Ok(())
    }

    /// Packs the keys of each row into 64 bits; returns which of them each row lacks.
    fn read_keys(&mut self, batch: &RecordBatch, task: &Task) -> Result<Vec<u8>> {
        let rows = batch.num_rows();
        let mut lacking = vec![0_u8; rows];
        self.keys.clear();
        self.keys.resize(rows, 0);
        let mut shift = 0;
        for (place, (expr, kind)) in task.keys.iter().zip(&task.key_kinds).enumerate() {
            let array = expr.evaluate(batch)?.into_array(rows)?;
            lanes::read(array.as_ref(), &mut self.lane)?;
            if let Some(nulls) = array.logical_nulls() {
                for row in absent(&nulls).set_indices() {
                    if let (Some(value), Some(lacking)) =
                        (self.lane.get_mut(row), lacking.get_mut(row))
                    {
                        *value = 0;
                        *lacking |= 1 << place;
                    }
                }
            }
            for (key, value) in self.keys.iter_mut().zip(&self.lane) {
                *key |= value << shift;
            }
            shift += lanes::bits(kind).unwrap_or_default();
        }
        Ok(lacking)
    }
}

/// Returns the rows without value: few, so that it is faster to go from one to the next than to look at all.
fn absent(nulls: &NullBuffer) -> BooleanBuffer {
    !nulls.inner()
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
    let count = done.keys().len();
    (0..count)
        .step_by(GROUPS_AT_ONCE)
        .map(|from| {
            let to = count.min(from + GROUPS_AT_ONCE);
            batch(&done, (from, to), lacking(bucket), task, schema)
        })
        .collect()
}

fn batch(
    bucket: &Bucket,
    (from, to): (usize, usize),
    lacking: u8,
    task: &Task,
    schema: &SchemaRef,
) -> Result<RecordBatch> {
    let keys = bucket.keys().get(from..to).unwrap_or_default();
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
        columns.push(state.results(from, to, field.data_type())?);
    }
    Ok(RecordBatch::try_new(Arc::clone(schema), columns)?)
}
