//! A write on its way: the closure, its cause, and whoever waits for the answer.

use std::panic::{AssertUnwindSafe, catch_unwind};

use kernel::Fault;
use tokio::sync::oneshot;

use crate::Cause;
use crate::tx::Tx;

/// How many writes may wait; more are turned away at once (the caller says when to come back).
pub(crate) const QUEUE_MAX: usize = 8192;
/// How many writes share one commit at most.
pub(crate) const GROUP_MAX: usize = 256;

/// A write of any answer type.
pub(crate) trait Job: Send {
    /// Who asked for it.
    fn cause(&self) -> &Cause;
    /// Runs the closure and follows its news; true when it may be committed. May be run again.
    fn run(&mut self, tx: &mut Tx<'_>) -> bool;
    /// Replaces whatever the closure answered.
    fn fail(&mut self, fault: Fault);
    /// Sends the answer.
    fn answer(self: Box<Self>);
}

struct Work<T, F> {
    cause: Cause,
    work: F,
    result: Option<Result<T, Fault>>,
    reply: oneshot::Sender<Result<T, Fault>>,
}

/// Packs a closure and gives the end of the line where its answer arrives.
pub(crate) fn job<T, F>(
    cause: Cause,
    work: F,
) -> (Box<dyn Job>, oneshot::Receiver<Result<T, Fault>>)
where
    T: Send + 'static,
    F: Fn(&mut Tx<'_>) -> Result<T, Fault> + Send + 'static,
{
    let (reply, answer) = oneshot::channel();
    (
        Box::new(Work {
            cause,
            work,
            result: None,
            reply,
        }),
        answer,
    )
}

impl<T, F> Job for Work<T, F>
where
    T: Send + 'static,
    F: Fn(&mut Tx<'_>) -> Result<T, Fault> + Send + 'static,
{
    fn cause(&self) -> &Cause {
        &self.cause
    }

    fn run(&mut self, tx: &mut Tx<'_>) -> bool {
        let attempt = catch_unwind(AssertUnwindSafe(|| {
            let value = (self.work)(tx)?;
            tx.follow_news()?;
            Ok(value)
        }));
        let result = attempt.unwrap_or_else(|panic| {
            let said = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
            let said = said.or_else(|| panic.downcast_ref::<String>().cloned());
            Err(Fault::broken(format!(
                "a write panicked: {}",
                said.unwrap_or_default()
            )))
        });
        let good = result.is_ok();
        self.result = Some(result);
        good
    }

    fn fail(&mut self, fault: Fault) {
        self.result = Some(Err(fault));
    }

    fn answer(self: Box<Self>) {
        let result = self.result.unwrap_or_else(|| Err(crate::stopped()));
        // Whoever asked may have gone away; the commit stands all the same.
        let _nobody_waits = self.reply.send(result);
    }
}
