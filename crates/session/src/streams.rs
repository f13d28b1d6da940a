//! The open streams, by handle, and how each is asked for its next events.

use crate::generation::Generation;
use crate::grading::Grading;
use crate::live::Live;
use crate::measure::Measurement;
use crate::run::Run;
use crate::updates::Updates;
use crate::{Event, Result};
use std::collections::BTreeMap;
use tadpole_workbench::{BUDGET, Error as WorkbenchError};
use web_time::Instant;

/// The open streams.
#[derive(Default)]
pub(crate) struct Streams {
    open: BTreeMap<u32, Stream>,
    last: u32,
}

pub(crate) enum Stream {
    Train(Box<Run>),
    Generate(Box<Generation>),
    Grade(Box<Grading>),
    Measure(Box<Measurement>),
}

impl Streams {
    /// Opens a stream; returns its handle.
    pub fn add(&mut self, stream: Stream) -> u32 {
        self.last += 1;
        self.open.insert(self.last, stream);
        self.last
    }

    /// Opens a run in place of any other, because there is only one live model.
    pub fn add_run(&mut self, run: Run) -> u32 {
        self.drop_runs();
        self.add(Stream::Train(Box::new(run)))
    }

    /// The run that makes updates, if one is open.
    pub fn updates(&mut self) -> Option<&mut Updates> {
        self.open
            .values_mut()
            .find_map(|stream| if let Stream::Train(run) = stream { run.updates() } else { None })
    }

    /// Whether a run is open.
    pub fn has_run(&self) -> bool {
        self.open.values().any(|stream| matches!(stream, Stream::Train(_)))
    }

    /// Drops every run, because another model replaces the live one.
    pub fn drop_runs(&mut self) {
        self.open.retain(|_, stream| !matches!(stream, Stream::Train(_)));
    }

    /// A stream's events from about a tenth of a second; one that is over or fails is closed.
    pub async fn next(
        &mut self,
        handle: u32,
        live: &mut Option<Live>,
        one: bool,
    ) -> Result<Option<Vec<Event>>> {
        let mut stream = self.open.remove(&handle).ok_or(WorkbenchError::StreamOver { handle })?;
        let events = stream.next(live, one).await?;
        if events.is_some() {
            self.open.insert(handle, stream);
        }
        Ok(events)
    }

    pub fn close(&mut self, handle: u32) {
        self.open.remove(&handle);
    }
}

impl Stream {
    async fn next(&mut self, live: &mut Option<Live>, one: bool) -> Result<Option<Vec<Event>>> {
        match self {
            Self::Train(run) => run.next(live, one).await,
            Self::Generate(generation) => write(generation, one).await,
            Self::Grade(grading) => grading.next(one).await,
            Self::Measure(measurement) => measurement.next().await,
        }
    }
}

/// Writes one token, or for about [`BUDGET`]; none if the text was already finished. An error waits until the
/// text before it has been reported.
async fn write(generation: &mut Generation, one: bool) -> Result<Option<Vec<Event>>> {
    let (mut events, start) = (vec![], Instant::now());
    while events.is_empty() || (!one && start.elapsed() < BUDGET) {
        match generation.next(one).await {
            Ok(Some(event)) => events.push(event),
            Ok(None) => return Ok((!events.is_empty()).then_some(events)),
            Err(error) if events.is_empty() => return Err(error),
            Err(error) => {
                generation.fail_later(error);
                break;
            }
        }
    }
    Ok(Some(events))
}
