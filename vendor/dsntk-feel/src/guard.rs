//! Limits on what an evaluation may use: stack, steps, size of values.
//!
//! Added by Qingchuang. Outside `limited` nothing is limited. Past a limit the evaluation unwinds
//! with an `Exhausted`, without a message of the panic hook; `catch_unwind` around `limited`
//! receives it.

use crate::values::Value;
use std::cell::Cell;
use std::hint::black_box;
use std::panic::resume_unwind;

/// What an evaluation may use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Allowance {
  /// Bytes of stack beneath the call of `limited`.
  pub stack_bytes: usize,
  /// Steps: calls, scopes, and values kept or fetched, by their size.
  pub steps: u64,
}

/// Which limit an evaluation met.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exhausted {
  /// Calls in calls, too deep.
  Stack,
  /// Too many steps, or values too large.
  Steps,
}

#[derive(Clone, Copy)]
struct Left {
  /// Where the stack was when the evaluation began; nought outside any evaluation.
  base: usize,
  stack_bytes: usize,
  steps: u64,
}

const UNLIMITED: Left = Left { base: 0, stack_bytes: 0, steps: 0 };

thread_local! {
  static LEFT: Cell<Left> = const { Cell::new(UNLIMITED) };
}

/// Puts back what was allowed before, also when the evaluation unwinds.
struct Restore(Left);

impl Drop for Restore {
  fn drop(&mut self) {
    LEFT.set(self.0);
  }
}

/// Evaluates within an allowance, on this thread.
pub fn limited<T>(allowance: Allowance, evaluation: impl FnOnce() -> T) -> T {
  let _restore = Restore(LEFT.get());
  LEFT.set(Left {
    base: stack(),
    stack_bytes: allowance.stack_bytes,
    steps: allowance.steps,
  });
  evaluation()
}

/// One step, and a look at the stack. Names are looked for scope by scope, so a scope on top of
/// many others is more than one step.
pub(crate) fn step(scopes: usize) {
  let left = LEFT.get();
  if left.base != 0 {
    if left.base.abs_diff(stack()) > left.stack_bytes {
      resume_unwind(Box::new(Exhausted::Stack));
    }
    spend(left, 1 + scopes as u64 / 8);
  }
}

/// A value is kept or fetched: as many steps as it is large.
pub(crate) fn weigh(value: &Value) {
  let left = LEFT.get();
  if left.base != 0 {
    spend(left, weight(value, left.steps));
  }
}

fn spend(mut left: Left, steps: u64) {
  let Some(rest) = left.steps.checked_sub(steps) else {
    resume_unwind(Box::new(Exhausted::Steps));
  };
  left.steps = rest;
  LEFT.set(left);
}

/// How large a value is; looking ends soon after the limit. Values nest as deep as contexts and
/// lists were built, which steps and stack have limited before.
fn weight(value: &Value, limit: u64) -> u64 {
  let mut sum = 1;
  match value {
    Value::String(text) => sum += text.len() as u64 / 16,
    Value::List(items) | Value::ExpressionList(items) => {
      for item in items {
        sum += weight(item, limit);
        if sum > limit {
          break;
        }
      }
    }
    Value::FunctionDefinition(_, _, _, _, context, _) | Value::Context(context) => {
      for item in context.values() {
        sum += weight(item, limit);
        if sum > limit {
          break;
        }
      }
    }
    _ => {}
  }
  sum
}

/// About where the stack is now.
#[inline(never)]
fn stack() -> usize {
  let here = 0_u8;
  std::ptr::from_ref(black_box(&here)) as usize
}
