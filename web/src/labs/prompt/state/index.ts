// The Prompt lab's state, by subject. Answers and scores stand in asking.ts.
export * from "./cells.ts";
export * from "./columns.ts";
export * from "./core.ts";
export * from "./questions.ts";
export * from "./settings.ts";
export * from "./snapshot.ts";
export * from "./task.ts";
