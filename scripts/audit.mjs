// npm run audit: checks our dependencies: licences, sources and known vulnerabilities of the crates (cargo deny, deny.toml), and known
// vulnerabilities of the npm packages. An unreachable advisory list is reported, and the rest still counts.
import { join } from "node:path";
import { Failure, main, output, read, root, run } from "./tools.mjs";

const DENY = "0.20.2";
/** Milliseconds to fetch an advisory list. */
const PATIENCE = 120_000;
/** Beside the build's output: nothing goes into the person's own folders. */
const TOOLS = join(root, "target", "tools");

export async function audit() {
  const deny = join(TOOLS, "bin", process.platform === "win32" ? "cargo-deny.exe" : "cargo-deny");
  await install(deny);
  const remedy = "the message above names the crate; deny.toml says what is allowed";
  await run(deny, ["check", "bans", "licenses", "sources"], { remedy });
  await crateFaults(deny, remedy);
  await packageFaults();
}

async function install(deny) {
  if ((await read(deny, ["--version"])) === `cargo-deny ${DENY}`) return;
  console.log(`installing cargo-deny ${DENY} into target/tools (a few minutes, once)`);
  // Unoptimized: that saves more time in the build than it costs when it runs.
  const args = ["install", `cargo-deny@${DENY}`, "--debug", "--locked", "--force", "--root", TOOLS];
  await run("cargo", args, { remedy: "cargo's message above says what is missing" });
}

async function crateFaults(deny, remedy) {
  const { text, end } = await output(deny, ["check", "advisories"], { timeout: PATIENCE });
  if (end === "SIGTERM" || /failed to fetch advisory database/.test(text)) {
    console.log("crates: the list of known faults could not be reached, so they are NOT checked for them");
    return;
  }
  console.log(text.trim());
  if (end !== 0) throw new Failure("a crate has a known fault", remedy);
}

async function packageFaults() {
  const { text, end } = await output("npm", ["audit", "--json"], { stdio: ["ignore", "pipe", "ignore"], timeout: PATIENCE });
  const answer = parsed(text);
  if (answer?.auditReportVersion === undefined) {
    console.log("npm packages: the list of known faults could not be reached, so they are NOT checked for them");
    return;
  }
  const { total } = answer.metadata.vulnerabilities;
  console.log(`npm packages: ${total} known faults`);
  if (end !== 0) throw new Failure(`npm packages have ${total} known faults`, "npm audit names them");
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

await main(import.meta.url, audit);
