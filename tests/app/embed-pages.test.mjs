// A lab in the pages of others: what the Embed dialog gives for them, a page that is isolated, pages made with React and with Vue.
import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import { marked } from "marked";
import { root } from "../../scripts/tools.mjs";
import { openBlog, ownScript, policyFor } from "./blog.mjs";
import { giveFile, openBrowser, textFile, watchedPage } from "./browser.mjs";
import { frameOf, lab, openPost, PATIENCE, script } from "./post.mjs";

test("the Embed dialog's code shows the same lab in another page, as an element and as an iframe", async (context) => {
  const browser = await openBrowser(context);
  const own = {
    model: "tadpole-nano@1000",
    lab: "sample",
    lang: "zh",
    prompt: 'One "day" & <b>',
    "sampling.temperature": "1.3",
    hide: "tree,seed",
  };
  const page = await browser.open({ ...own, device: "cpu" });
  await page.getByTestId("embed").click();
  await page.getByTestId("embed-waits").check();
  const snippets = [await page.getByTestId("embed-element").inputValue(), await page.getByTestId("embed-frame").inputValue()];
  assert.match(snippets[0], /integrity="sha384-[\w+/=]{64}" crossorigin/);
  assert.match(snippets[0], /reveal="manual"/);
  // As the author of a Markdown blog pastes it.
  const post = `# One day\n\nA lab:\n\n${snippets[0]}\n\nAnd *as a frame*:\n\n${snippets[1]}\n`;
  const address = await openBlog(context, browser.site.address, await marked.parse(post));
  const blog = await watchedPage(browser.context, browser.problems);
  await blog.goto(address);
  await blog.locator("tadpole-lab").getByRole("button").press("Enter");
  const element = await (await blog.locator("tadpole-lab iframe[part=frame]").elementHandle()).contentFrame();
  const frame = await (await blog.locator("body > iframe:not([hidden])").elementHandle()).contentFrame();
  for (const each of [element, frame]) {
    await each.getByTestId("embed-model").filter({ hasText: "tadpole-nano · 第 1,000 步" }).waitFor({ timeout: PATIENCE });
    assert.equal(await each.getByTestId("prompt").inputValue(), own.prompt);
    assert.equal(await each.getByTestId("temperature-number").inputValue(), "1.3");
    assert.equal(await each.getByTestId("seed").count(), 0);
    assert.equal(await each.getByTestId("tree").count(), 0);
    assert.equal(await each.getByTestId("embed").count(), 0, "what is embedded offers no embedding");
  }
});

test("the Embed dialog says what it cannot include", async (context) => {
  const browser = await openBrowser(context);
  const page = await browser.open({ lab: "train", device: "cpu" });
  const outgrown = page.getByText("does not fit in a link");
  await page.getByTestId("embed").click();
  await page.getByTestId("embed-element").waitFor();
  assert.equal(await outgrown.count(), 0);
  await page.getByTestId("close").click();
  await giveFile(page, "corpus-file", textFile("frogs.txt", "the frog jumps over the log\n"));
  await page.getByTestId("embed").click();
  await outgrown.waitFor();
  assert.match(await page.getByTestId("embed-frame").inputValue(), /model=none/);
});

test("a snippet has what its lab needs, and nothing of other labs", async (context) => {
  const browser = await openBrowser(context);
  const page = await browser.open({ device: "cpu", model: "tadpole-nano", corpus: "first-names", "inside.view": "map", text: "frogs" });
  await page.getByTestId("checkpoint").filter({ hasText: "tadpole-nano" }).waitFor({ timeout: PATIENCE });
  const snippetOf = async (lab) => {
    await page.getByTestId(`lab-${lab}`).click();
    await page.getByTestId("embed").click();
    const snippet = await page.getByTestId("embed-element").inputValue();
    await page.getByTestId("close").click();
    return snippet;
  };
  const attributes = (snippet) => ["model", "state"].map((name) => new RegExp(` ${name}="([^"]*)"`).exec(snippet)?.[1]);
  assert.deepEqual(attributes(await snippetOf("tokens")), [undefined, "text=frogs"]);
  assert.deepEqual(attributes(await snippetOf("train")), [undefined, "corpus=first-names"]);
  assert.deepEqual(attributes(await snippetOf("inside")), ["tadpole-nano", "inside.view=map"]);
});

test("labs work in a page that is cross-origin isolated", async (context) => {
  const headers = { "cross-origin-opener-policy": "same-origin", "cross-origin-embedder-policy": "require-corp" };
  const labs = `${lab('id="lab" lab="sample" model="tadpole-nano"')}<iframe id="plain" src="SITEembed.html#lab=sample&model=tadpole-nano"></iframe>`;
  const { page } = await openPost(context, (site) => labs.replace("SITE", site) + script(site), { headers });
  assert.equal(await page.evaluate(() => crossOriginIsolated), true);
  await frameOf(page, "lab");
  assert.ok(await page.evaluate(() => document.getElementById("lab").generate("One day", { maxNewTokens: 5 })));
  await page.frameLocator("#plain").getByTestId("embed-model").filter({ hasText: "tadpole-nano" }).waitFor({ timeout: PATIENCE });
});

for (const [name, policy] of [
  ["react", ""],
  ["vue", " vue"],
]) {
  test(`a page made with ${name} needs no adapter`, { timeout: 4 * PATIENCE }, async (context) => {
    const browser = await openBrowser(context);
    const { origin } = new URL(browser.site.address);
    const address = await openBlog(
      context,
      browser.site.address,
      `<div id="root"></div><script type="module" src="own.js"></script>${script(browser.site.address)}`,
      { files: { "own.js": await ownScript(name) }, policy: policyFor(origin) + policy },
    );
    const page = await watchedPage(browser.context, browser.problems);
    await page.goto(address);
    const frame = page.frameLocator("tadpole-lab iframe[part=frame]");
    await frame.getByTestId("generate").press("Enter", { timeout: PATIENCE });
    await page
      .locator("#count")
      .filter({ hasText: /^[1-9]\d* tokens$/ })
      .waitFor({ timeout: PATIENCE });
    await page.getByRole("button", { name: "inside" }).click();
    await frame.getByTestId("way").waitFor({ timeout: PATIENCE });
    // Out of the page, and in again.
    await page.getByRole("button", { name: "toggle" }).click();
    await page.locator("tadpole-lab").waitFor({ state: "detached" });
    await page.getByRole("button", { name: "toggle" }).click();
    await frame.getByTestId("way").waitFor({ timeout: PATIENCE });
  });
}

test("the element's file can be imported where there is no page", async () => {
  await import(pathToFileURL(join(process.env.TADPOLE_DIST ?? join(root, "dist"), "tadpole-lab.js")).href);
});
