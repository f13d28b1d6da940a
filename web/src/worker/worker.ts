// The worker's door: hears who speaks with it and hands each command to the core, the workbench, the pump or the keeper of runs.

import { callCore, dead, deviceOfCore, fail, session, startCore } from "./core.ts";
import { mergeColumns } from "./merges.ts";
import { type Asker, listen, type Port, post, tell } from "./ports.ts";
import type { CallName, Calls, ModelInfo, Upkeep, UpkeepCommand, UpkeepName } from "./protocol.ts";
import { attempt, control, enqueue, keeper, live, openStream, runState, stopFor } from "./pump.ts";
import { isForWorkbench, workbenchOf } from "./workbench.ts";

listen(self as unknown as Port, {
  hear(port, command) {
    const by = { port, id: command.id };
    try {
      if (dead) fail(by, dead);
      else if (command.type === "control") control(by, command.action);
      else if (command.type === "stream") openStream(by, command);
      else if (command.type === "call") enqueue(() => answer(by, () => run(port, command.name, command.request)));
      // Between commands may be too late: the browser stops this worker after the messages it has.
      else if (command.type === "away") void answer(by, () => keep(port, command));
      else enqueue(() => answer(by, () => keep(port, command)));
    } catch (thrown) {
      // A request without the shape of its command.
      fail(by, thrown);
    }
  },
  left: stopFor,
});

function answer(by: Asker, work: () => Promise<unknown>): Promise<void> {
  return attempt(by, async () => post(by.port, { id: by.id, type: "answer", value: await work() }));
}

async function run(port: Port, name: CallName, request: Calls[CallName]["request"]): Promise<unknown> {
  if (name === "mergeColumns") return mergeColumns((await run(port, "merges", request)) as Calls["merges"]["answer"]);
  if (isForWorkbench(name, request)) return (await workbenchOf(port)).call(name, request);
  if (name === "model" && !session) return null;
  if (name === "init") return session ? joined() : start(request as Calls["init"]["request"]);
  // Replacing the live model must not lose its last steps.
  if (name === "load" || name === "importHuggingFace") await keeper.save();
  const value = await callCore(name, request);
  if (name === "setLearningRate") await keepChange();
  if (name !== "attachCorpus" && name !== "load" && name !== "importHuggingFace") return value;
  const model = value as Calls["load"]["answer"];
  const { keep, as } = request as Partial<Calls["load"]["request"]>;
  if (name === "attachCorpus") await keeper.completed(model, (request as Calls["attachCorpus"]["request"]).corpus);
  else if (keep === false) keeper.leave();
  else await keeper.opened(model, (request as Calls["load"]["request"]).file);
  isNow(port, model, as ?? null);
  await keeper.save();
  return value;
}

/** A change made while the run is paused is on disk at once; a working run is written with its next steps. */
async function keepChange(): Promise<void> {
  keeper.touch();
  await keeper.save();
}

/** The others hear which model is live. */
function isNow(port: Port, model: ModelInfo, as: string | null): void {
  live.as = as;
  tell({ id: 0, type: "model", model, as }, port);
}

async function keep(port: Port, command: UpkeepCommand): Promise<Upkeep[UpkeepName]["answer"]> {
  if (command.type === "away") keeper.away();
  else if (command.type === "runs") return keeper.runs();
  else if (command.type === "corpus") return keeper.corpus();
  else if (command.type === "keepEvery") keeper.every(command.request.seconds);
  else if (command.type === "forgetRun") await keeper.forget(command.request.run);
  else if (command.type === "takeRuns") return keeper.takeOver();
  else if (command.type === "back") return keeper.back();
  else await keeper.save();
  if (command.type !== "openRun") return null;
  const model = await keeper.open(command.request.run);
  isNow(port, model, null);
  return model;
}

/** Another page started the core before. */
async function joined(): Promise<Calls["init"]["answer"]> {
  return { device: deviceOfCore(), model: await callCore("model", {}), as: live.as, run: runState() };
}

async function start({ device, keep, restore, run }: Calls["init"]["request"]): Promise<Calls["init"]["answer"]> {
  await startCore(device);
  const model = keep ? await keeper.restore(restore, run) : null;
  return { device: deviceOfCore(), model, as: null, run: null };
}
