// How long the page's own work blocks the main thread: from a trace, in thread time, so that other load does not count.
import assert from "node:assert/strict";

/** The browser sends the input method the whole text of the focused field, in every frame. */
const TELLING = "WidgetBase::UpdateTextInputStateInternal";

/**
 * The longest task of the main thread from now until `act` is done, in milliseconds of thread time, without the browser's own handling of
 * textarea input.
 */
export async function longestTask(page, act) {
  const session = await page.context().newCDPSession(page);
  const events = [];
  session.on("Tracing.dataCollected", ({ value }) => events.push(...value));
  await session.send("Tracing.start", {
    transferMode: "ReportEvents",
    traceConfig: { includedCategories: ["toplevel", "renderer", "devtools.timeline", "disabled-by-default-devtools.timeline"] },
  });
  await act();
  const complete = new Promise((resolve) => session.once("Tracing.tracingComplete", resolve));
  await session.send("Tracing.end");
  await complete;
  const threads = new Set(events.filter(({ name, args }) => name === "thread_name" && args.name === "CrRendererMain").map(thread));
  const spans = events.filter((event) => event.ph === "X" && threads.has(thread(event)) && event.tdur > 0);
  const within =
    (task) =>
    ({ ts, dur, pid, tid }) =>
      pid === task.pid && tid === task.tid && ts >= task.ts && ts + dur <= task.ts + task.dur;
  // Ours: tasks that run the page's scripts, except those in which the browser inserts pasted text into the textarea.
  const script = spans.filter(({ name }) => name === "FunctionCall" || name === "RunMicrotasks");
  const editing = spans.filter(
    ({ name, args }) => name === "EventDispatch" && ["paste", "textInput", "input", "keydown"].includes(args.data?.type),
  );
  const tasks = spans.filter(({ name }) => name === "RunTask");
  const ours = tasks.filter((task) => script.some(within(task)) && !editing.some(within(task)));
  assert.ok(ours.length > 0);
  const telling = spans.filter(({ name }) => name === TELLING);
  const taken = (task) => telling.filter(within(task)).reduce((rest, { tdur }) => rest - tdur, task.tdur);
  return Math.max(...ours.map(taken)) / 1000;
}

const thread = ({ pid, tid }) => `${pid} ${tid}`;
