//! A function of the table as a function of DataFusion.

use std::fmt::Debug;
use std::hash::{Hash, Hasher};
use std::sync::{Arc, LazyLock};

use arrow::datatypes::DataType;
use datafusion::error::{DataFusionError, Result};
use datafusion::execution::FunctionRegistry;
use datafusion::logical_expr::{
    ColumnarValue, Expr, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature, Volatility,
};
use rustc_hash::FxHashMap;

use super::{ALL, Body, Function, Prepared};
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
    Ok(())
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
            let scalar = datafusion::common::ScalarValue::try_from_array(&result, 0)?;
            return Ok(ColumnarValue::Scalar(scalar));
        }
        Ok(ColumnarValue::Array(result))
    }
}

fn literal(argument: &ColumnarValue) -> Result<Option<Value<'static>>> {
    let ColumnarValue::Scalar(scalar) = argument else {
        return Ok(None);
    };
    let array = scalar.to_array_of_size(1)?;
    Ok(Some(Cells::of(array.as_ref())?.value(0).into_owned()))
}
