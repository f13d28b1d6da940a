//! Streams by handle: open one, ask it for events until it is over, close it at will.

use crate::devices::Work;
use crate::generation::Generation;
use crate::grading::Grading;
use crate::measure::Measurement;
use crate::run::Run;
use crate::streams::Stream;
use crate::{Error, Event, GenerateRequest, GradeRequest, MeasureRequest, Result, Session, TrainRequest};
use tadpole_workbench::Corpus;

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
        Ok(self.streams.add_run(run))
    }

    /// Reopens the live model's run where it stopped; `steps` is a new total.
    ///
    /// # Errors
    /// [`Error::NoModel`], [`Error::NotResumable`], [`Error::CorpusMissing`].
    pub async fn open_resume(&mut self, steps: Option<usize>) -> Result<u32> {
        self.move_to_train().await?;
        let live = self.live()?;
        let (Some(_), Some(request), Some(info)) = (&live.optimizer, &live.run.request, &live.run.corpus)
        else {
            return Err(Error::NotResumable);
        };
        let corpus = live.corpus.clone().ok_or_else(|| Error::CorpusMissing { name: info.name.clone() })?;
        let mut request = request.clone();
        request.train.steps = steps.unwrap_or(request.train.steps);
        let run = Run::resume(corpus, request, live.clone(), self.devices.here().clone())?;
        Ok(self.streams.add_run(run))
    }

    /// Opens a generation with the current live model.
    ///
    /// # Errors
    /// [`Error::NoModel`], a prompt that is empty or too long, or a sampler outside its range.
    pub fn open_generate(&mut self, request: GenerateRequest) -> Result<u32> {
        let live = self.live()?;
        let generation = Generation::new(live.model.clone(), &live.tokenizer, request)?;
        Ok(self.streams.add(Stream::Generate(Box::new(generation))))
    }

    /// Opens a test of the current live model.
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

    /// Works on a stream for about a tenth of a second and returns its events, maybe none; `None` when it is
    /// over. `one` makes exactly one step: an update or a token.
    ///
    /// # Errors
    /// [`WorkbenchError::StreamOver`](tadpole_workbench::Error::StreamOver) for an unknown handle, and any error of the work, which closes the stream.
    pub async fn next(&mut self, handle: u32, one: bool) -> Result<Option<Vec<Event>>> {
        self.streams.next(handle, &mut self.live, one).await
    }

    /// Drops a stream. What a run has learnt stays in the live model.
    pub fn close(&mut self, handle: u32) {
        self.streams.close(handle);
    }
}
