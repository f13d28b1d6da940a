// The library as users have it: packed, installed beside each of the examples, and run as their readers run them: in a plain page, with
// Vite (built and from its development server), from another origin, and in Node, on the CPU and through Dawn.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { access, cp, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { promisify } from "node:util";
import { createServer } from "vite";
import { serve } from "../../scripts/serve.mjs";
import { root } from "../../scripts/tools.mjs";
import { openBlog } from "./blog.mjs";
import { launch, PATIENCE, watchedPage } from "./browser.mjs";

const run = promisify(execFile);
const MINUTES = 60_000;
const DAWN = "webgpu@0.6.2";
/** What docs/LIBRARY.md says a page must allow, also for the library from another origin. */
const POLICY = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; connect-src 'self'";
const policyFor = (origin) =>
  `default-src 'none'; script-src 'self' ${origin} 'wasm-unsafe-eval'; worker-src blob: ${origin}; style-src 'self'; img-src data:; connect-src ${origin}`;
let [home, packed, installed] = ["", "", ""];

before(async () => {
  home = await mkdtemp(join(tmpdir(), "tadpole-library-"));
  const { stdout } = await run("npm", ["pack", "--json", "--pack-destination", home], { cwd: root });
  packed = join(home, JSON.parse(stdout.slice(stdout.indexOf("[")))[0].filename);
  installed = await example("node");
});
after(() => rm(home, { recursive: true, force: true }));

/** A copy of an example with the library installed, and a checkpoint. */
async function example(name) {
  const folder = await mkdtemp(join(home, name));
  await cp(join(root, "docs", "examples", name), folder, { recursive: true });
  const models = join(root, "web", "public", "models", "tadpole-nano");
  const newest = (await readdir(models))
    .filter((file) => file.endsWith(".safetensors"))
    .sort()
    .at(-1);
  await cp(join(models, newest), join(folder, "model.safetensors"));
  if (installed) await cp(join(installed, "node_modules"), join(folder, "node_modules"), { recursive: true });
  // Without its other packages, which the checkout has.
  else await install(folder, packed);
  return folder;
}

/** In a folder whose own package file does not count. */
async function install(folder, ...packages) {
  await rm(join(folder, "package.json"), { force: true });
  const options = ["--no-audit", "--no-fund", "--no-package-lock", "--prefix", folder];
  await run("npm", ["install", ...options, ...packages], { cwd: folder });
}

async function opened(context, address) {
  const browser = await launch("");
  context.after(() => browser.close());
  const problems = [];
  const page = await watchedPage(browser, problems);
  await page.goto(address);
  return { page, problems };
}

/** The final output of each page. */
async function shows(page) {
  await page.locator("#training", { hasText: /^trained 1[05]0 steps/ }).waitFor({ timeout: PATIENCE });
  assert.match(await page.locator("#about").textContent(), /^232832 parameters, step 16000, on /);
  assert.match(await page.locator("#text").textContent(), /^The .{20,}/s);
}

/** What a Node program prints as JSON, with the library available. */
async function told(program) {
  const { stdout } = await run(process.execPath, ["--input-type=module", "-e", program], { cwd: installed });
  return JSON.parse(stdout);
}

test("a plain page has it from a folder, without a bundler, under a strict policy", { timeout: 5 * MINUTES }, async (context) => {
  const site = await serve({ folder: await example("html"), port: 0, headers: { "content-security-policy": POLICY } });
  context.after(() => site.close());
  const { page, problems } = await opened(context, site.address);
  await shows(page);
  assert.equal(await page.locator("#attention").textContent(), "4 heads, 324 weights");
  assert.deepEqual(
    problems.filter((problem) => !/favicon/.test(problem) && !/404/.test(problem)),
    [],
  );

  // And a page of another origin using it from there.
  const script = `import { open } from "${site.address}node_modules/tadpole/lib/src/library/browser.js";
    const create = URL.createObjectURL;
    URL.createObjectURL = (blob) => (globalThis.made = create.call(URL, blob));
    const tadpole = await open({ device: "cpu" });
    await tadpole.load("${site.address}model.safetensors");
    document.body.append(await tadpole.complete("The", { maxNewTokens: 9, seed: 1 }), " is all.");`;
  const body = '<script type="module" src="own.js"></script>';
  // Plus what this test itself needs at its end.
  const policy = `${policyFor(new URL(site.address).origin)} blob:`;
  const other = await openBlog(context, site.address, body, { files: { "own.js": script }, policy });
  const blog = await opened(context, other);
  await blog.page.getByText("is all.").waitFor({ timeout: PATIENCE });
  assert.deepEqual(blog.problems, []);
  // The worker's wrapper text is not kept.
  assert.equal(await blog.page.evaluate(() => fetch(globalThis.made).then(String, ({ message }) => message)), "Failed to fetch");
});

test("a TypeScript project with Vite and no configuration checks, builds and serves it", { timeout: 5 * MINUTES }, async (context) => {
  const folder = await example("vite");
  const tool = (path) => join(root, "node_modules", path);
  // Instead of the copies that the project would install.
  for (const name of ["vite", "typescript"]) await symlink(tool(name), join(folder, "node_modules", name));
  await run(process.execPath, [tool("typescript/bin/tsc")], { cwd: folder });
  await run(process.execPath, [tool("vite/bin/vite.js"), "build"], { cwd: folder });
  const built = await serve({ folder: join(folder, "dist"), port: 0 });
  context.after(() => built.close());
  await shows((await opened(context, built.address)).page);
  const server = await createServer({ root: folder, configFile: false, server: { port: 0 }, logLevel: "error" });
  await server.listen();
  context.after(() => server.close());
  await shows((await opened(context, server.resolvedUrls.local[0])).page);
});

test("Node runs it on the CPU", { timeout: 5 * MINUTES }, async () => {
  const { stdout } = await run(process.execPath, ["main.mjs", "model.safetensors", "cpu"], { cwd: installed });
  assert.match(
    stdout,
    /^232832 parameters, step 16000, on CPU \(cpu\)\nThe .+4 heads over 9 tokens: 324 weights\n.+trained 40 steps on cpu\n$/s,
  );
});

test("a core that was closed says so", { timeout: 5 * MINUTES }, async () => {
  const script = `import { open } from "tadpole";
    const tadpole = await open({ device: "cpu" });
    const trains = tadpole.train("frog ".repeat(1000)).catch(({ core }) => core.code);
    tadpole.close();
    console.log(await trains, await tadpole.model().catch(({ core }) => core.code));`;
  const { stdout } = await run(process.execPath, ["--input-type=module", "-e", script], { cwd: installed });
  assert.equal(stdout, "closed closed\n");
});

test("the page's first example runs in Node as it is", { timeout: 5 * MINUTES }, async () => {
  const page = await readFile(join(root, "docs", "LIBRARY.md"), "utf8");
  const [, example] = /```ts\n(.*?)```/s.exec(page);
  const quick = example.replace("steps: 500", "steps: 2");
  assert.notEqual(quick, example);
  await writeFile(join(installed, "page.mjs"), `const text = "The frog jumps into the pond.\\n".repeat(900);\n${quick}`);
  const { stdout } = await run(process.execPath, ["page.mjs"], { cwd: installed });
  assert.match(stdout, /^.+ -\d.*\n1 \d\.\d+\n2 \d\.\d+\n$/s);
});

test("Node reads paths and addresses, and hears what cannot be", { timeout: 5 * MINUTES }, async () => {
  const said = await told(`import { pathToFileURL } from "node:url";
    import { resolve } from "node:path";
    import { open, TadpoleError } from "tadpole";
    const tadpole = await open({ device: "cpu" });
    const step = async (source) => (await tadpole.load(source)).step;
    const path = "model.safetensors";
    const refused = (promise) => promise.then(String, (error) => (error instanceof TadpoleError ? error.core : String(error)));
    const steps = [await step(path), await step(resolve(path)), await step(pathToFileURL(path)), await step(pathToFileURL(path).href)];
    const missing = [];
    // The last is a port that browsers never request, and so Node's fetch does not either.
    for (const source of ["none.safetensors", pathToFileURL("none.safetensors"), "http://127.0.0.1:1/"]) missing.push(await refused(tadpole.load(source)));
    const blocks = [];
    for (const block of [3, 4, -1, 0.5]) blocks.push(await refused(tadpole.attention("The frog jumps", block)));
    console.log(JSON.stringify({ steps, missing, blocks, kept: (await tadpole.model()).step }));
    tadpole.close();`);
  assert.deepEqual(said.steps, [16000, 16000, 16000, 16000]);
  assert.deepEqual(
    said.missing.map(({ code }) => code),
    ["notFetched", "notFetched", "notFetched"],
  );
  assert.match(said.missing[0].message, /^none\.safetensors was not read: ENOENT/);
  assert.match(said.missing[1].message, /^file:.*none\.safetensors was not read: ENOENT/);
  assert.match(said.missing[2].message, /^http:.* was not read: bad port/);
  assert.equal(said.blocks[0], "[object Object]", "the last block is one");
  assert.deepEqual(said.blocks[1], {
    code: "outOfRange",
    message: "There is no block 4 among 4.",
    remedy: "Choose one from 0 to 3.",
    details: { field: "block", value: "4", min: "0", max: "3" },
  });
  assert.match(said.blocks[2].message, /^There is no block -1 among 4/);
  assert.match(said.blocks[3].message, /^There is no block 0\.5 among 4/);
  assert.equal(said.kept, 16000, "what could not be read took no model's place");
});

test("in Node what goes on ends when it is told to", { timeout: 5 * MINUTES }, async () => {
  const said = await told(`import { setTimeout } from "node:timers/promises";
    import { open } from "tadpole";
    const tadpole = await open({ device: "cpu" });
    const code = (promise) => promise.then(String, ({ core }) => core.code);
    const gone = { signal: AbortSignal.abort() };
    const said = { none: [await code(tadpole.train("frog ".repeat(900), gone))] };

    // Without an end token a text continues until it is stopped.
    const shape = { model: { nLayer: 1, nHead: 2, nKvHead: 2, dModel: 32, dFf: 64, contextLength: 16 }, tokenizer: { vocabSize: 270, specialTokens: [] } };
    const during = new AbortController();
    const trained = await tadpole.train("The frog jumps into the pond.\\n".repeat(300), {
      ...shape, train: { steps: 1_000_000 }, signal: during.signal, onStep: ({ step }) => step >= 3 && during.abort(),
    });
    said.none.push(trained.step >= 3 && trained.step < 1_000_000);
    const long = { maxNewTokens: 100_000 };
    said.before = await tadpole.generate("The", { ...long, ...gone }).next();
    const stop = new AbortController();
    const tokens = tadpole.generate("The", { ...long, signal: stop.signal });
    let count = 0;
    let next = await tokens.next();
    for (; !next.done; next = await tokens.next()) if (++count === 3) stop.abort();
    said.during = { ...next, some: count >= 3 };
    for await (const token of tadpole.generate("The", long)) if (token.text) break;
    said.idle = await isIdle();

    // A new run that ends before its first step leaves the live model and its run.
    said.after = [await code(tadpole.train("frog ".repeat(900), gone))];
    const merging = new AbortController();
    const words = Array.from({ length: 300_000 }, (_, at) => ((at * 2_654_435_761) >>> 0).toString(36)).join(" ");
    const onProgress = ({ stage }) => stage === "merge" && merging.abort();
    said.after.push(await code(tadpole.train(words, { ...shape, tokenizer: { vocabSize: 8000 }, signal: merging.signal, onProgress })));
    said.steps = [(await tadpole.model()).step, (await tadpole.resume(gone)).step].map((step) => step - trained.step);
    said.steps.push((await tadpole.resume({ steps: trained.step + 2 })).step - trained.step);
    console.log(JSON.stringify(said));
    tadpole.close();

    /** Whether all threads become idle: a run not ended would go on for a minute. */
    async function isIdle() {
      for (let tries = 0; tries < 50; tries++) {
        const before = process.cpuUsage();
        await setTimeout(200);
        if (process.cpuUsage(before).user < 50_000) return true;
      }
      return false;
    }`);
  assert.deepEqual(said.none, ["noModel", true]);
  assert.deepEqual(said.before, { done: true, value: null });
  assert.deepEqual(said.during, { done: true, value: null, some: true });
  assert.ok(said.idle, "what was left goes on writing");
  assert.deepEqual(said.after, ["noModel", "noModel"]);
  assert.deepEqual(said.steps, [0, 0, 2]);
});

test("in Node a call ends when the core's thread does, or its module", { timeout: 5 * MINUTES }, async () => {
  const thrown = (error) => `import workers, { Worker } from "node:worker_threads";
    import { syncBuiltinESMExports } from "node:module";
    const inside = 'new BroadcastChannel("fault").onmessage = () => { throw ${error}; }';
    workers.Worker = class extends Worker {
      constructor(script, options) {
        super(script, { ...options, execArgv: ["--import", "data:text/javascript," + encodeURIComponent(inside)] });
      }
    };
    syncBuiltinESMExports();
    const { open } = await import("tadpole");
    const tadpole = await open({ device: "cpu" });
    const fails = tadpole.train("The frog jumps into the pond.\\n".repeat(900), { train: { steps: 1_000_000 } }).then(String, ({ core }) => core);
    const channel = new BroadcastChannel("fault");
    channel.postMessage(null);
    const core = await fails;
    console.log(JSON.stringify([core.code, core.message, await tadpole.model().then(String, ({ core }) => core.code)]));
    channel.close();
    tadpole.close();`;
  assert.deepEqual(await told(thrown('new Error("stray")')), ["panic", "stray", "panic"]);
  assert.deepEqual(await told(thrown('new WebAssembly.RuntimeError("trap")')), ["panic", "The core stopped: trap", "panic"]);
});

/** Chromium's own software adapter and Vulkan loader, where Debian puts them. */
const CHROMIUM = "/usr/lib/chromium";
const ADAPTER = join(CHROMIUM, "vk_swiftshader_icd.json");

test("Node runs it on a graphics adapter, through Dawn", { timeout: 10 * MINUTES }, async (context) => {
  if (
    await access(ADAPTER).then(
      () => false,
      () => true,
    )
  )
    return context.skip(`there is no ${ADAPTER}`);
  const folder = await example("node");
  await install(folder, packed, DAWN);
  const env = { ...process.env, VK_ICD_FILENAMES: ADAPTER, LD_LIBRARY_PATH: CHROMIUM };
  const { stdout } = await run(process.execPath, ["main.mjs", "model.safetensors", "webgpu"], { cwd: folder, env });
  assert.match(stdout, /on SwiftShader.*\(webgpu\)\nThe .+4 heads over 9 tokens: 324 weights\n.+trained 40 steps on webgpu\n$/s);
});
