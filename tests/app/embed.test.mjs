// A lab in a page of another origin: by the custom element, five of them, and by a plain iframe; beside the page's own Lit and under its
// styles and policy.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import { root } from "../../scripts/tools.mjs";
import { openBlog, ownScript } from "./blog.mjs";
import { openBrowser, watchedPage } from "./browser.mjs";
import { hurt } from "./faults.mjs";
import { frameOf, lab, openPost, PATIENCE, script, TRAIN } from "./post.mjs";

test("five labs of one page share one worker and one model, whatever the page looks like", async (context) => {
  const hostile = "* { color: rgb(255, 0, 0) !important; font-size: 40px !important; } tadpole-lab::part(button) { border-radius: 0; }";
  const five = ["tokens", "inside", "sample", "prompt", "train"].map((name) =>
    lab(`id="${name}" lab="${name}" model="tadpole-nano" lang="en" reveal="manual" class="look"`),
  );
  const { page, workers } = await openPost(
    context,
    (site) => `<h1>Post</h1><blog-box>own</blog-box>${five.join("<p>text</p>")}<script type="module" src="own.js"></script>${script(site)}`,
    {
      files: { "style.css": `${hostile} .look { --tadpole-accent: rgb(120, 0, 120); }`, "own.js": await ownScript("lit") },
    },
  );
  await page.getByText("boxed:").waitFor();
  const button = page.locator("tadpole-lab#sample").getByRole("button");
  assert.equal(await button.evaluate((element) => getComputedStyle(element).borderRadius), "0px", "a part is the page's to style");
  for (const name of ["sample", "inside", "prompt", "train", "tokens"]) {
    await page.locator(`tadpole-lab#${name}`).getByRole("button").press("Enter");
    const frame = await frameOf(page, name);
    await frame.locator("section.lab").waitFor({ timeout: PATIENCE });
    await frame.getByTestId("embed-model").filter({ hasText: "tadpole-nano" }).waitFor();
    const look = await frame.evaluate(() => {
      const style = getComputedStyle(document.querySelector("h2"));
      return { color: style.color, accent: getComputedStyle(document.documentElement).getPropertyValue("--accent") };
    });
    assert.notEqual(look.color, "rgb(255, 0, 0)", "the page's styles stay outside");
    assert.equal(look.accent, "rgb(120, 0, 120)", "its custom properties are worn");
  }
  assert.equal(workers.length, 1, `${workers}`);
});

test("what one lab trains, the others show, and any of them can pause it", async (context) => {
  const labs = [
    lab(`id="train" lab="train" state="${TRAIN}&train.steps=100000" lang="en"`),
    lab(`id="sample" lab="sample" model="tadpole-nano" lang="en"`),
    lab(`id="second" lab="train" lang="en"`),
  ];
  const { page } = await openPost(context, (site) => labs.join("") + script(site));
  await page.locator("#second").scrollIntoViewIfNeeded();
  const [train, sample, second] = [await frameOf(page, "train"), await frameOf(page, "sample"), await frameOf(page, "second")];
  // By keyboard: the pointer could miss, since labs grow as they open and train.
  await train.getByTestId("start").press("Enter");
  await second.locator('[data-testid="status"][data-status="running"]').waitFor({ timeout: PATIENCE });
  await sample.getByTestId("embed-model").filter({ hasText: "First names · step" }).waitFor({ timeout: PATIENCE });
  await second.getByTestId("pause").press("Enter");
  await train.locator('[data-testid="status"][data-status="paused"]').waitFor({ timeout: PATIENCE });
  const steps = (frame) => frame.getByTestId("embed-model").textContent();
  await second.locator('[data-testid="status"][data-status="paused"]').waitFor();
  assert.equal(await steps(train), await steps(second));
  assert.ok(await page.evaluate(() => globalThis.told.some(([name, id, { step }]) => name === "step" && id === "train" && step > 0)));
  // The Sample lab's original model is one press away, for all of them.
  await sample.getByTestId("embed-back").press("Enter");
  await sample.getByTestId("replace").press("Enter");
  await train.getByTestId("embed-model").filter({ hasText: "tadpole-nano" }).waitFor({ timeout: PATIENCE });
});

test("two labs with two models keep their figures, whatever is trained in one of them", { timeout: 4 * PATIENCE }, async (context) => {
  const labs = [
    lab(`id="sample" lab="sample" model="tadpole-base" state="prompt=One+day" lang="en" height="300"`),
    lab(`id="train" lab="train" model="tadpole-nano" state="${TRAIN}&train.steps=100000" lang="en" height="300"`),
    lab(`id="late" lab="sample" model="tadpole-nano" lang="en" height="300"`),
    lab(`id="any" lab="train" lang="en" reveal="manual"`),
  ];
  const { page, workers } = await openPost(context, (site) => labs.join("") + script(site));
  const sample = await frameOf(page, "sample");
  await page.locator("#train").scrollIntoViewIfNeeded();
  const train = await frameOf(page, "train");
  const about = (frame, text) => frame.getByTestId("embed-model").filter({ hasText: text }).waitFor({ timeout: PATIENCE });
  await about(sample, "tadpole-base");
  await about(train, "tadpole-nano");
  const bars = () => sample.locator('[data-testid="bars"] li').allTextContents();
  await sample.locator('[data-testid="bars"] li').first().waitFor({ timeout: PATIENCE });
  const before = await bars();
  // The page says who shares the model, and who does not, before anything changes.
  await train.getByTestId("embed-sharers").filter({ hasText: "another lab of this page" }).waitFor();
  await sample.getByTestId("embed-sharers").filter({ hasText: "another lab of this page" }).waitFor();
  await train.getByTestId("start").press("Enter");
  await about(train, "First names · step");
  await page.locator("#late").scrollIntoViewIfNeeded();
  const late = await frameOf(page, "late");
  await about(late, "First names · step");
  await about(sample, "tadpole-base");
  assert.deepEqual(await bars(), before);
  assert.equal(await sample.getByTestId("embed-back").count(), 0);
  assert.equal(workers.length, 2, `${workers}`);
  // A changed attribute moves a lab to that model's core, and affects no other lab.
  await page.evaluate(() => Object.assign(document.getElementById("late"), { model: "tadpole-base" }));
  await about(late, "tadpole-base");
  await late.getByTestId("embed-sharers").filter({ hasText: "2 other labs" }).waitFor();
  await train.getByTestId("embed-sharers").waitFor({ state: "detached" });
  assert.ok(await page.evaluate(() => document.getElementById("late").generate("One day", { maxNewTokens: 5, seed: 5 })));
  await train.locator('[data-testid="status"][data-status="running"]').waitFor();
  await page.evaluate(() => Object.assign(document.getElementById("late"), { model: "tadpole-nano@1000" }));
  await about(late, "tadpole-nano · step 1,000");
  assert.equal(workers.length, 3, `${workers}`);
  await train.locator('[data-testid="status"][data-status="running"]').waitFor();
  await about(sample, "tadpole-base");
});

test("the page's own script writes and trains, and hears every token and step", async (context) => {
  const labs = [
    lab(`id="sample" lab="sample" model="tadpole-nano" lang="en"`),
    lab(`id="train" lab="train" state="${TRAIN}" lang="en" reveal="manual"`),
  ];
  const { page } = await openPost(context, (site) => labs.join("") + script(site));
  const sample = await frameOf(page, "sample");
  const [tokens, text] = await page.evaluate(async () => {
    const element = document.getElementById("sample");
    const tokens = [];
    for await (const token of element.generate("One day", { maxNewTokens: 10, seed: 5 })) tokens.push(token.text);
    return [tokens, await element.generate("One day", { maxNewTokens: 10, seed: 5 })];
  });
  assert.equal(tokens.length, 10);
  assert.equal(tokens.join(""), text, "the same seed writes the same");
  assert.equal(await sample.getByTestId("written").textContent(), `One day${text}`, "the reader sees it");
  const seen = await page.evaluate(() => globalThis.told.filter(([name]) => name === "token").length);
  assert.equal(seen, 20);

  const [ended, steps, stopped] = await page.evaluate(async () => {
    const element = document.getElementById("train");
    const corpus = "the frog jumps over the log\n".repeat(200);
    const ended = await element.train({ corpus, corpusName: "frogs", steps: 30 });
    const steps = globalThis.told.filter(([name, id]) => name === "step" && id === "train").map(([, , { step }]) => step);
    let stopped = 0;
    for await (const { step } of element.train({ corpus, steps: 100_000 })) {
      stopped = step;
      if (step > 5) break;
    }
    return [ended, steps, stopped];
  });
  assert.equal(ended, "done");
  assert.deepEqual([steps[0], steps.at(-1), steps.length], [1, 30, 30]);
  assert.ok(stopped > 5);
  const train = await frameOf(page, "train");
  await train.locator('[data-testid="status"][data-status="stopped"]').waitFor({ timeout: PATIENCE });
  const refused = await page.evaluate(() =>
    document
      .getElementById("train")
      .train({ corpus: "a" })
      .then(null, ({ code, remedy }) => ({ code, remedy })),
  );
  assert.ok(refused.code && refused.remedy, JSON.stringify(refused));
});

test("a lab that is moved follows its current attributes, and answers", async (context) => {
  const { page } = await openPost(context, (site) => lab(`id="sample" lab="sample" model="tadpole-nano" lang="en"`) + script(site));
  await frameOf(page, "sample");
  const [gone, text] = await page.evaluate(async () => {
    const element = document.getElementById("sample");
    const under = element.generate("One day", { maxNewTokens: 400 }).then(null, ({ code }) => code);
    element.remove();
    element.lang = "zh";
    document.body.append(element);
    return [await under, await element.generate("One day", { maxNewTokens: 5, seed: 5 })];
  });
  assert.equal(gone, "gone");
  assert.ok(text.length > 0);
  const sample = await frameOf(page, "sample");
  await sample.locator("h2").filter({ hasText: "采样" }).waitFor();
});

test("a lab that waits for a press fetches nothing but the element", async (context) => {
  const browser = await openBrowser(context);
  const body = (site) =>
    lab('id="lab" lab="sample" model="tadpole-nano" reveal="manual" height="700"', '<p slot="poster">Mine</p>') + script(site);
  const address = await openBlog(context, browser.site.address, body(browser.site.address));
  const page = await watchedPage(browser.context, browser.problems);
  const asked = [];
  page.on(
    "request",
    (request) => request.url().startsWith(browser.site.address) && asked.push(request.url().slice(browser.site.address.length)),
  );
  await page.goto(address);
  await page.getByText("Mine").waitFor();
  assert.deepEqual(asked, ["tadpole-lab.js"]);
  const heights = () => page.locator("#lab").evaluate((element) => element.offsetHeight);
  assert.ok(Math.abs((await heights()) - 700) < 4, "its place is kept");
  await page.evaluate(() => {
    const element = document.getElementById("lab");
    const seen = [];
    new ResizeObserver(() => seen.push(element.offsetHeight)).observe(element);
    element.addEventListener("ready", () => Object.assign(globalThis, { lowest: Math.min(...seen) }));
  });
  await page.locator("#lab").getByRole("button").click();
  await page.waitForFunction(() => globalThis.lowest, null, { timeout: PATIENCE });
  assert.ok((await page.evaluate(() => globalThis.lowest)) > 696, "also while the lab comes");
  await page.waitForFunction(() => document.getElementById("lab").offsetHeight !== 700, null, { timeout: PATIENCE });
  const frame = page.frames().find((each) => each.name() === "tadpole-shared");
  await frame.locator("section.lab").waitFor({ timeout: PATIENCE });
  // The lab goes on growing for a while, and its place with it.
  const inner = () => frame.evaluate(() => Math.ceil(document.getElementById("app").getBoundingClientRect().height));
  let both = [];
  for (const end = Date.now() + 30_000; Date.now() < end; await page.waitForTimeout(100)) {
    both = [await heights(), await inner()];
    if (Math.abs(both[0] - both[1]) < 3) break;
  }
  assert.ok(Math.abs(both[0] - both[1]) < 3, `${both}`);
});

test("a lab called before it is in the page opens there", async (context) => {
  const { page } = await openPost(context, (site) => script(site));
  const text = await page.evaluate(async () => {
    await customElements.whenDefined("tadpole-lab");
    const element = document.createElement("tadpole-lab");
    for (const [name, value] of Object.entries({ lab: "sample", model: "tadpole-nano", reveal: "manual" }))
      element.setAttribute(name, value);
    const text = element.generate("One day", { maxNewTokens: 5, seed: 5 });
    document.body.append(element);
    return await text;
  });
  assert.ok(text.length > 0);
});

test("a lab whose page does not answer says so, and can be retried", { timeout: 3 * PATIENCE }, async (context) => {
  const browser = await openBrowser(context);
  await browser.context.route("**/embed.html", (route) => route.fulfill({ contentType: "text/html", body: "" }));
  const body = (site) => lab('id="lab" lab="sample" model="tadpole-nano"') + script(site);
  const page = await watchedPage(browser.context, browser.problems);
  await page.goto(await openBlog(context, browser.site.address, body(browser.site.address)));
  const code = await page.evaluate(async () => {
    await customElements.whenDefined("tadpole-lab");
    const generate = () => document.getElementById("lab").generate("One day", { maxNewTokens: 5 });
    return generate().then(null, ({ code }) => code);
  });
  assert.equal(code, "labSilent");
  await page.getByText("The lab could not be reached.").waitFor();
  await browser.context.unroute("**/embed.html");
  await page.locator("#lab").getByRole("button").press("Enter");
  assert.ok(await page.evaluate(() => document.getElementById("lab").generate("One day", { maxNewTokens: 5 })));
});

test("the Tokens lab alone takes 250 KB, without a model", async (context) => {
  const browser = await openBrowser(context);
  const address = await openBlog(context, browser.site.address, lab('id="lab" lab="tokens" lang="zh"') + script(browser.site.address));
  const page = await watchedPage(browser.context, browser.problems);
  const asked = new Set();
  browser.context.on("request", (request) => asked.add(request.url().split("#")[0]));
  await page.goto(address);
  const frame = () => page.frames().find((each) => each.name() === "tadpole-shared");
  while (!frame()) await page.waitForTimeout(50);
  await frame().locator('tp-token-strip [data-i="3"]').first().waitFor({ timeout: PATIENCE });
  const names = [...asked].filter((url) => url.startsWith(browser.site.address)).map((url) => url.slice(browser.site.address.length));
  const dist = process.env.TADPOLE_DIST ?? join(root, "dist");
  const files = await Promise.all(names.map(async (name) => [name, gzipSync(await readFile(join(dist, name)), { level: 9 }).length]));
  const total = files.reduce((sum, [, size]) => sum + size, 0);
  context.diagnostic(`${total} bytes gzip in ${files.length} files`);
  assert.ok(total <= 250_000, `${total}: ${JSON.stringify(files)}`);
  assert.ok(!files.some(([name]) => /tadpole_.*wasm|safetensors/.test(name)));
});

test("the same as an iframe reports its height, and ignores malformed messages", async (context) => {
  const body = (site) => `<iframe id="lab" src="${site}embed.html#lab=tokens&model=none&lang=en"></iframe>`;
  const browser = await openBrowser(context);
  const address = await openBlog(context, browser.site.address, body(browser.site.address));
  const page = await watchedPage(browser.context, browser.problems);
  await page.addInitScript(() => {
    if (top !== window) return;
    globalThis.heard = [];
    addEventListener("message", ({ data }) => globalThis.heard.push(data));
  });
  await page.goto(address);
  const frame = await (await page.locator("#lab").elementHandle()).contentFrame();
  await frame.locator('tp-token-strip [data-i="3"]').first().waitFor({ timeout: PATIENCE });
  const heights = await page.evaluate(() => globalThis.heard.filter(({ tadpole, type }) => tadpole === 1 && type === "height"));
  assert.ok(heights.at(-1).pixels > 200, JSON.stringify(heights));
  const before = await frame.locator("h2").textContent();
  await page.evaluate(() => {
    const to = document.getElementById("lab").contentWindow;
    const deep = JSON.parse(`${"[".repeat(500)}${"]".repeat(500)}`);
    const look = { accent: "url(https://example.invalid/)", font: "x;}*{display:none", paper: "red;}" };
    for (const data of [
      null,
      1,
      "settings",
      [],
      deep,
      { type: "settings", hash: "#lab=train", only: null },
      { tadpole: 2, type: "settings", hash: "#lab=train", only: null },
      { tadpole: 1, type: "settings", hash: 7, only: null },
      { tadpole: 1, type: "settings", hash: `#lab=train&x=${"y".repeat(60_000)}`, only: null },
      { tadpole: 1, type: "settings", hash: "#lab=train" },
      { tadpole: 1, type: "settings", hash: "#lab=train", only: "lab" },
      { tadpole: 1, type: "__proto__" },
      { tadpole: 1, type: "constructor", hash: "#lab=train", only: null },
      { tadpole: 1, type: "generate", call: 1, options: { prompt: {} } },
      { tadpole: 1, type: "generate", call: "1", options: {} },
      { tadpole: 1, type: "train", call: 1, options: { steps: Number.NaN } },
      { tadpole: 1, type: "look", look: { ...look, other: "x" } },
      { tadpole: 1, type: "look", look },
      { tadpole: 1, type: "core" },
    ])
      to.postMessage(data, "*");
  });
  await page.waitForTimeout(300);
  assert.equal(await frame.locator("h2").textContent(), before);
  assert.equal(await frame.evaluate(() => document.documentElement.getAttribute("style") ?? ""), "", "no look that is none is worn");
  await page.evaluate(() =>
    document
      .getElementById("lab")
      .contentWindow.postMessage({ tadpole: 1, type: "settings", hash: "#lab=tokens&model=none&lang=zh", only: null }, "*"),
  );
  await frame.locator("h2").filter({ hasText: "分词" }).waitFor();
});

test("attributes change an open lab; a core that stops is restarted for all labs", async (context) => {
  const labs = [
    lab(`id="sample" lab="sample" model="tadpole-nano" lang="en"`),
    lab(`id="inside" lab="inside" model="tadpole-nano" lang="en"`),
  ];
  const { page, browser } = await openPost(context, (site) => labs.join("") + script(site), { faults: true });
  const sample = await frameOf(page, "sample");
  await page.locator("#inside").scrollIntoViewIfNeeded();
  const inside = await frameOf(page, "inside");
  await page.evaluate(() => {
    const element = document.getElementById("sample");
    Object.assign(element, { lang: "zh", theme: "dark", hide: "footer,temperature", state: "prompt=The+frog" });
  });
  await sample.locator("h2").filter({ hasText: "采样" }).waitFor();
  await sample.locator('html[data-theme="dark"]').waitFor();
  assert.equal(await sample.getByTestId("prompt").inputValue(), "The frog");
  // The reader's input stays, whatever the page does to its looks.
  await sample.getByTestId("prompt").fill("My own");
  await page.evaluate(() => {
    document.getElementById("sample").removeAttribute("theme");
    document.documentElement.setAttribute("style", "color-scheme: light");
  });
  await sample.locator('html[data-theme="light"]').waitFor();
  assert.equal(await sample.getByTestId("prompt").inputValue(), "My own");
  assert.equal(await sample.getByTestId("temperature-slider").count(), 0);
  const core = page.frames().find((each) => each.name() === "tadpole-core");
  await hurt(core, { fault: "trap" });
  for (const frame of [sample, inside]) await frame.getByRole("alert").waitFor();
  assert.ok(await page.evaluate(() => globalThis.told.some(([name, , { code }]) => name === "error" && code === "panic")));
  browser.problems.splice(0);
  await inside.getByRole("alert").getByRole("button", { name: "Restart the core" }).click();
  for (const frame of [sample, inside]) await frame.getByRole("alert").waitFor({ state: "detached", timeout: PATIENCE });
  const text = await page.evaluate(() => document.getElementById("sample").generate("One", { maxNewTokens: 3 }));
  assert.ok(text.length > 0);
});
