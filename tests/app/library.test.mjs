// The library as a stranger has it: packed, installed beside each of the examples, and run as their readers run them: in a plain page, with Vite
// (built and from its development server), from another origin, and in Node, on the CPU and through Dawn.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { access, cp, mkdtemp, readdir, rm, symlink } from "node:fs/promises";
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
  // Without its other packages: the checkout has them.
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

/** What each of the pages shows at its end. */
async function shows(page) {
  await page.locator("#training", { hasText: /^trained 1[05]0 steps/ }).waitFor({ timeout: PATIENCE });
  assert.match(await page.locator("#about").textContent(), /^232832 parameters, step 16000, on /);
  assert.match(await page.locator("#text").textContent(), /^The .{20,}/s);
}

test("a plain page has it from a folder, without a bundler", { timeout: 5 * MINUTES }, async (context) => {
  const site = await serve({ folder: await example("html"), port: 0 });
  context.after(() => site.close());
  const { page, problems } = await opened(context, site.address);
  await shows(page);
  assert.equal(await page.locator("#attention").textContent(), "4 heads, 324 weights");
  assert.deepEqual(
    problems.filter((problem) => !/favicon/.test(problem) && !/404/.test(problem)),
    [],
  );

  // And a page of another origin from there.
  const module = `${site.address}node_modules/tadpole/lib/src/library/browser.js`;
  const script = `import { open } from "${module}";
    const tadpole = await open({ device: "cpu" });
    await tadpole.load("${site.address}model.safetensors");
    document.body.append(await tadpole.complete("The", { maxNewTokens: 9, seed: 1 }), " is all.");`;
  const other = await openBlog(context, site.address, `<script type="module">${script}</script>`, { policy: "" });
  const blog = await opened(context, other);
  await blog.page.getByText("is all.").waitFor({ timeout: PATIENCE });
  assert.deepEqual(blog.problems, []);
});

test("a TypeScript project with Vite checks, builds and serves it", { timeout: 5 * MINUTES }, async (context) => {
  const folder = await example("vite");
  const tool = (path) => join(root, "node_modules", path);
  // In place of the same that the project would install.
  for (const name of ["vite", "typescript"]) await symlink(tool(name), join(folder, "node_modules", name));
  await run(process.execPath, [tool("typescript/bin/tsc")], { cwd: folder });
  await run(process.execPath, [tool("vite/bin/vite.js"), "build"], { cwd: folder });
  const built = await serve({ folder: join(folder, "dist"), port: 0 });
  context.after(() => built.close());
  await shows((await opened(context, built.address)).page);
  const server = await createServer({ root: folder, configFile: join(folder, "vite.config.ts"), server: { port: 0 }, logLevel: "error" });
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

/** Chromium's own software adapter and loader of Vulkan, where Debian puts them. */
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
