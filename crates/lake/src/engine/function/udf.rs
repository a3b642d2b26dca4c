//! A function of the table as a function of DataFusion.

use std::fmt::Debug;
use std::hash::{Hash, Hasher};
use std::sync::{Arc, LazyLock};

use arrow::array::{Array as _, AsArray as _, Int64Array};
use arrow::compute::take;
use arrow::datatypes::{DataType, Int64Type};
use datafusion::common::ScalarValue;
use datafusion::error::{DataFusionError, Result};
use datafusion::execution::FunctionRegistry;
use datafusion::logical_expr::{
    ColumnarValue, Expr, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature, Volatility,
};
use rustc_hash::FxHashMap;

use super::{ALL, Body, Function, Prepared, seconds};
use crate::engine::value::{Cells, Value, column};

/// All functions by name, made once: a plan that is read back finds them here.
static FUNCTIONS: LazyLock<FxHashMap<&'static str, Arc<ScalarUDF>>> = LazyLock::new(|| {
    ALL.iter()
        .copied()
        .flatten()
        .map(|function| (function.name, Arc::new(ScalarUDF::from(RowFunction::new(function)))))
        .collect()
});

/// Makes every function known to a session, scheduler or executor.
///
/// # Errors
///
/// Fails if the registry takes no functions.
pub(crate) fn register(registry: &mut dyn FunctionRegistry) -> Result<()> {
    for function in ALL.iter().copied().flatten() {
        if let Some(udf) = FUNCTIONS.get(function.name) {
            registry.register_udf(Arc::clone(udf))?;
        }
    }
    registry.register_udf(seconds::udf())?;
    Ok(())
}

/// Returns every function, in the order of the table.
#[cfg(feature = "cluster")]
pub(crate) fn all() -> impl Iterator<Item = Arc<ScalarUDF>> {
    let names = ALL.iter().copied().flatten().map(|function| function.name);
    names.filter_map(|name| FUNCTIONS.get(name).map(Arc::clone)).chain([seconds::udf()])
}

/// Returns a call of the function `name`.
///
/// # Errors
///
/// Fails if there is no function of that name.
pub(crate) fn call(name: &str, arguments: Vec<Expr>) -> Result<Expr> {
    let udf = FUNCTIONS
        .get(name)
        .ok_or_else(|| DataFusionError::Plan(format!("there is no function `{name}`")))?;
    Ok(udf.call(arguments))
}

#[derive(Debug)]
struct RowFunction {
    function: &'static Function,
    /// What DataFusion knows it by; prefixed, because `log` and `substr` of SQL are others.
    name: String,
    signature: Signature,
}

impl RowFunction {
    fn new(function: &'static Function) -> Self {
        Self {
            function,
            name: format!("insights_{}", function.name),
            signature: Signature::variadic_any(Volatility::Immutable),
        }
    }
}

impl PartialEq for RowFunction {
    fn eq(&self, other: &Self) -> bool {
        self.function.name == other.function.name
    }
}

impl Eq for RowFunction {}

impl Hash for RowFunction {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.function.name.hash(state);
    }
}

impl ScalarUDFImpl for RowFunction {
    fn name(&self) -> &str {
        &self.name
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, kinds: &[DataType]) -> Result<DataType> {
        Ok((self.function.kind)(kinds))
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        if let Some(whole) = self.function.whole
            && let Some(result) = on_whole_numbers(whole, &args.args)
        {
            return Ok(result);
        }
        if let Some(result) = self.on_distinct(&args)? {
            return Ok(result);
        }
        let literals = args.args.iter().map(literal).collect::<Result<Vec<_>>>()?;
        let constant = literals.iter().all(Option::is_some);
        let rows = if constant { 1 } else { args.number_rows };
        let body = match self.function.body {
            Body::Row(body) => Box::new(body) as Prepared,
            Body::Prepared(prepare) => prepare(&literals),
        };
        let arrays = args
            .args
            .iter()
            .map(|argument| match argument {
                ColumnarValue::Array(array) => Ok(Arc::clone(array)),
                ColumnarValue::Scalar(scalar) => scalar.to_array_of_size(1),
            })
            .collect::<Result<Vec<_>>>()?;
        let cells =
            arrays.iter().map(|array| Cells::of(array.as_ref())).collect::<Result<Vec<_>>>()?;
        let mut values: Vec<Value<'_>> = vec![Value::Missing; cells.len()];
        let results = (0..rows).map(|row| {
            for ((value, cells), literal) in values.iter_mut().zip(&cells).zip(&literals) {
                *value = cells.value(if literal.is_some() { 0 } else { row });
            }
            body(&values)
        });
        let result = column(args.return_field.data_type(), results)?;
        if constant {
            let scalar = ScalarValue::try_from_array(&result, 0)?;
            return Ok(ColumnarValue::Scalar(scalar));
        }
        Ok(ColumnarValue::Array(result))
    }
}

impl RowFunction {
    /// Computes once for each distinct text, if all that varies is one column of texts.
    fn on_distinct(&self, args: &ScalarFunctionArgs) -> Result<Option<ColumnarValue>> {
        let mut arrays = args.args.iter().enumerate().filter_map(|(place, it)| match it {
            ColumnarValue::Array(array) => Some((place, array)),
            ColumnarValue::Scalar(_) => None,
        });
        let (Some((place, array)), None) = (arrays.next(), arrays.next()) else {
            return Ok(None);
        };
        // A missing row has no place among the distinct texts, and some functions have a result for it.
        if !matches!(array.data_type(), DataType::Dictionary(_, _)) || array.null_count() > 0 {
            return Ok(None);
        }
        let dictionary = array.as_any_dictionary();
        let mut distinct = args.clone();
        distinct.number_rows = dictionary.values().len();
        if let Some(argument) = distinct.args.get_mut(place) {
            *argument = ColumnarValue::Array(Arc::clone(dictionary.values()));
        }
        let results = self.invoke_with_args(distinct)?.into_array(dictionary.values().len())?;
        Ok(Some(ColumnarValue::Array(take(&results, dictionary.keys(), None)?)))
    }
}

/// Computes on two columns of whole numbers at once; what overflows is missing.
fn on_whole_numbers(
    whole: fn(i64, i64) -> Option<i64>,
    args: &[ColumnarValue],
) -> Option<ColumnarValue> {
    let is_whole = |it: &ColumnarValue| it.data_type() == DataType::Int64;
    let [left, right] = args else {
        return None;
    };
    if !is_whole(left) || !is_whole(right) {
        return None;
    }
    let result: Int64Array = match (left, right) {
        (ColumnarValue::Array(left), ColumnarValue::Scalar(ScalarValue::Int64(Some(right)))) => {
            left.as_primitive::<Int64Type>().unary_opt(|left| whole(left, *right))
        }
        (ColumnarValue::Scalar(ScalarValue::Int64(Some(left))), ColumnarValue::Array(right)) => {
            right.as_primitive::<Int64Type>().unary_opt(|right| whole(*left, right))
        }
        (ColumnarValue::Array(left), ColumnarValue::Array(right)) => {
            let pairs =
                left.as_primitive::<Int64Type>().iter().zip(right.as_primitive::<Int64Type>());
            pairs.map(|(left, right)| whole(left?, right?)).collect()
        }
        _ => return None,
    };
    Some(ColumnarValue::Array(Arc::new(result)))
}

fn literal(argument: &ColumnarValue) -> Result<Option<Value<'static>>> {
    let ColumnarValue::Scalar(scalar) = argument else {
        return Ok(None);
    };
    let array = scalar.to_array_of_size(1)?;
    Ok(Some(Cells::of(array.as_ref())?.value(0).into_owned()))
}
