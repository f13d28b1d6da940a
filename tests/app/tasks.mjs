// How long the page's own work keeps the main thread: from a trace, by the thread's own time, so that other load does not count.
import assert from "node:assert/strict";

/** What the browser tells the input method of the text field that has the focus, in every frame: all of its text. */
const TELLING = "WidgetBase::UpdateTextInputStateInternal";

/**
 * What the main thread works on longest from now until `act` is done, in milliseconds of its own time, without what the browser does for
 * a textarea's input itself.
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
  // Ours: tasks that run the page's scripts, but for those in which the browser puts what was pasted into the textarea.
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
