//! Streams by handle: open one, ask it for events until it is over, close it at will.

use crate::devices::Work;
use crate::generation::Generation;
use crate::grading::Grading;
use crate::measure::Measurement;
use crate::run::{Carry, Run};
use crate::updates::Updates;
use crate::{Error, Event, GenerateRequest, GradeRequest, MeasureRequest, Result, Session, TrainRequest};
use std::collections::BTreeMap;
use tadpole_workbench::BUDGET;
use tadpole_workbench::Corpus;
use web_time::Instant;

/// The streams that are open.
#[derive(Default)]
pub(crate) struct Streams {
    open: BTreeMap<u32, Stream>,
    last: u32,
}

enum Stream {
    Train(Box<Run>),
    Generate(Box<Generation>),
    Grade(Box<Grading>),
    Measure(Box<Measurement>),
}

impl Streams {
    fn add(&mut self, stream: Stream) -> u32 {
        self.last += 1;
        self.open.insert(self.last, stream);
        self.last
    }

    /// The run that makes updates, if one is open.
    pub fn updates(&mut self) -> Option<&mut Updates> {
        self.open
            .values_mut()
            .find_map(|stream| if let Stream::Train(run) = stream { run.updates() } else { None })
    }

    /// Whether a run is open.
    pub fn train(&self) -> bool {
        self.open.values().any(|stream| matches!(stream, Stream::Train(_)))
    }

    /// Drops every run, because another model takes the live one's place.
    pub fn drop_runs(&mut self) {
        self.open.retain(|_, stream| !matches!(stream, Stream::Train(_)));
    }
}

impl Session {
    /// Opens a run from the beginning. The live model stays until the new one can make its first update.
    ///
    /// # Errors
    /// A text that is not UTF-8, a configuration that cannot work, or one that would not fit in memory.
    pub fn open_train(&mut self, corpus: Vec<u8>, request: TrainRequest) -> Result<u32> {
        let corpus = Corpus::from_file(&request.corpus_name, corpus)?;
        let place = self.devices.place_for(&request.model, Work::Train(request.train.batch_size));
        let run = Run::new(corpus, request, place.clone())?;
        self.devices.settle_at(place);
        self.streams.drop_runs();
        Ok(self.streams.add(Stream::Train(Box::new(run))))
    }

    /// Opens the live model's run again where it stopped; `steps` is a new total.
    ///
    /// # Errors
    /// [`Error::NoModel`], [`Error::NotResumable`], [`Error::CorpusMissing`].
    pub async fn open_resume(&mut self, steps: Option<usize>) -> Result<u32> {
        self.move_to_train().await?;
        let live = self.live()?;
        let (Some(optimizer), Some(mut request), Some((info, corpus))) =
            (live.optimizer.clone(), live.request.clone(), live.corpus.clone())
        else {
            return Err(Error::NotResumable);
        };
        let corpus = corpus.ok_or(Error::CorpusMissing { name: info.name })?;
        request.train.steps = steps.unwrap_or(request.train.steps);
        let carry = Carry {
            model: live.model.clone(),
            optimizer,
            step: live.step,
            history: live.history.clone(),
            learning_rate: live.learning_rate,
        };
        let run = Run::resume(corpus, request, live.tokenizer.clone(), carry, self.devices.here().clone())?;
        self.streams.drop_runs();
        Ok(self.streams.add(Stream::Train(Box::new(run))))
    }

    /// Opens a generation by the live model as it is now.
    ///
    /// # Errors
    /// [`Error::NoModel`], a prompt that is empty or too long, or a sampler outside its range.
    pub fn open_generate(&mut self, request: GenerateRequest) -> Result<u32> {
        let live = self.live()?;
        let generation = Generation::new(live.model.clone(), &live.tokenizer, request)?;
        Ok(self.streams.add(Stream::Generate(Box::new(generation))))
    }

    /// Opens a test of the live model as it is now.
    ///
    /// # Errors
    /// [`Error::NoModel`], a number of tokens outside its range.
    pub fn open_grade(&mut self, request: GradeRequest) -> Result<u32> {
        let live = self.live()?;
        let grading = Grading::new(live.model.clone(), live.tokenizer.clone(), request)?;
        Ok(self.streams.add(Stream::Grade(Box::new(grading))))
    }

    /// Opens a measurement of the device, on a model of its own.
    ///
    /// # Errors
    /// A configuration that cannot work, or one that would not fit in memory.
    pub fn open_measure(&mut self, request: MeasureRequest) -> Result<u32> {
        let measurement = Measurement::new(request, self.devices.here())?;
        Ok(self.streams.add(Stream::Measure(Box::new(measurement))))
    }

    /// Works on a stream for about a tenth of a second and returns the events it made, maybe none; `None` when it is
    /// over. `one` makes exactly one step: an update or a token.
    ///
    /// # Errors
    /// [`Error::StreamOver`] for an unknown handle, and whatever the work meets; the stream is closed then.
    pub async fn next(&mut self, handle: u32, one: bool) -> Result<Option<Vec<Event>>> {
        let mut stream = self.streams.open.remove(&handle).ok_or(Error::StreamOver { handle })?;
        let events = match &mut stream {
            Stream::Train(run) => run.next(&mut self.live, one).await?,
            Stream::Generate(generation) => write(generation, one).await?,
            Stream::Grade(grading) => grading.next(one).await?,
            Stream::Measure(measurement) => measurement.next().await?,
        };
        if events.is_some() {
            self.streams.open.insert(handle, stream);
        }
        Ok(events)
    }

    /// Drops a stream. What a run has learnt stays in the live model.
    pub fn close(&mut self, handle: u32) {
        self.streams.open.remove(&handle);
    }
}

/// Writes one token, or for about [`BUDGET`]; none when the text was finished before. An error waits until what was written
/// before it has been told.
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
