// Which stages and test files of `npm test` a change can affect, by the paths of its files. An unknown path affects everything.
import { Failure, read } from "./tools.mjs";

/** Files that differ from a commit, including untracked ones. */
export async function changedFiles(since) {
  const changed = await read("git", ["diff", "--name-only", "-z", since]);
  const fresh = await read("git", ["ls-files", "--others", "--exclude-standard", "-z"]);
  if (changed === null || fresh === null)
    throw new Failure(`git knows no commit ${since}`, "name one: npm test -- --changed COMMIT; HEAD is what is not committed yet");
  return [...changed.split("\0"), ...fresh.split("\0")].filter((path) => path !== "");
}

/** Tests that cover every lab. */
const ALL_LABS = ["page", "languages", "embed", "figures", "lessons", "site", "settled"];

const PAGE = ["build", "lint", "browser"];

/** The first rule that matches a path gives the affected stages, and the test files: none, some by part of their name, or all. */
const RULES = [
  { path: /^tests\/app\/(.+)\.test\.mjs$/, stages: ["lint", "browser"], tests: ([, name]) => [`app/${name}.test.mjs`] },
  { path: /^tests\/engines\//, stages: ["lint", "engines"], tests: () => [] },
  { path: /^tests\/commands\//, stages: ["lint", "commands"], tests: () => [] },
  { path: /^tests\/([\w-]+)\.test\.mjs$/, stages: ["lint", "browser"], tests: ([, name]) => [`tests/${name}.test.mjs`] },
  { path: /^(?:docs\/|fuzz\/|bench\/)?\w+\.md$/, stages: ["lint", "browser", "commands"], tests: () => ["tests/docs.test.mjs"] },
  { path: /^bench\//, stages: ["lint", "browser", "commands"], tests: () => ["tests/bench.test.mjs"] },
  {
    path: /^web\/src\/labs\/(\w+)\//,
    stages: [...PAGE, "engines"],
    tests: ([, lab]) => [lab, ...ALL_LABS].flatMap((name) => [`app/${name}`, `app/timed/${name}`]),
  },
  { path: /^web\/|^(?:index|embed)\.html$|^vite\.config\.ts$/, stages: [...PAGE, "engines"], tests: null },
  { path: /^fuzz\/(?!targets|Cargo)/, stages: ["lint", "browser"], tests: () => ["app/hostile"] },
  // The page does not use the terminal program: native tests and the documented commands cover it.
  { path: /^crates\/cli\//, stages: ["format", "clippy", "native", "commands"], tests: () => [] },
];

/** `files` are those of the browser stage; null means all. */
export function reached(paths, allFiles) {
  const stages = new Set();
  let files = new Set();
  for (const path of paths) {
    const rule = RULES.find((each) => each.path.test(path));
    if (!rule) return { stages: null, files: null };
    for (const stage of rule.stages) stages.add(stage);
    if (rule.tests === null) files = null;
    else if (files !== null) {
      const parts = rule.tests(path.match(rule.path));
      for (const file of allFiles) if (parts.some((part) => file.replaceAll("\\", "/").includes(part))) files.add(file);
    }
  }
  return { stages: [...stages], files: files && [...files] };
}
