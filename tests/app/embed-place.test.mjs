// The place that a lab has in another site's page: kept before it loads, never moved in view, with a picture of its figure until it opens.
import assert from "node:assert/strict";
import { test } from "node:test";
import { openBlog } from "./blog.mjs";
import { openBrowser, watchedPage } from "./browser.mjs";
import { frameOf, lab, openPost, PATIENCE, script } from "./post.mjs";

const TEXT = "<p>Some words of the post, which nothing should move while somebody reads them.</p>".repeat(6);

/** Opens a post and watches what moves in it. */
async function watched(context, width, body, settings = {}) {
  const browser = await openBrowser(context, { width, height: 800 });
  const address = await openBlog(context, browser.site.address, body(browser.site.address), settings);
  const page = await watchedPage(browser.context, browser.problems);
  const asked = [];
  page.on(
    "request",
    (request) => request.url().startsWith(browser.site.address) && asked.push(request.url().slice(browser.site.address.length)),
  );
  await page.addInitScript(() => {
    if (top !== window) return;
    Object.assign(globalThis, { told: [], moved: [] });
    addEventListener("ready", ({ target, detail }) => globalThis.told.push(["ready", target.id, detail]), true);
    new PerformanceObserver((list) => {
      for (const { value, sources } of list.getEntries()) globalThis.moved.push([value, sources.map(({ node }) => node?.nodeName).join()]);
    }).observe({ type: "layout-shift", buffered: true });
  });
  await page.goto(address);
  return { page, asked };
}

const moved = (page) => page.evaluate(() => globalThis.moved);

for (const width of [360, 760])
  test(`nothing moves while labs load and the page is scrolled through, ${width} px`, { timeout: 3 * PATIENCE }, async (context) => {
    const labs = [
      lab(`id="sample" lab="sample" model="tadpole-nano" lang="en"`),
      lab(`id="tokens" lab="tokens" lang="zh"`),
      lab(`id="low" lab="bench" lang="en" height="300"`),
    ];
    const { page } = await watched(context, width, (site) => TEXT + labs.join(TEXT) + TEXT + script(site), {
      files: { "style.css": "tadpole-lab:not(:defined) { display: block; min-height: 100vh; }" },
    });
    await frameOf(page, "sample");
    await page.waitForTimeout(1_500);
    for (const id of ["tokens", "low"]) {
      await page.locator(`#${id}`).evaluate((element) => element.scrollIntoView({ block: "start" }));
      await frameOf(page, id);
      await page.waitForTimeout(1_000);
    }
    await page.evaluate(() => scrollTo(0, 0));
    await page.waitForTimeout(500);
    assert.deepEqual(await moved(page), []);
    // Where its end was out of view, each lab has its own height.
    const frame = await frameOf(page, "sample");
    const inner = await frame.evaluate(() => Math.ceil(document.getElementById("app").getBoundingClientRect().height));
    await page.waitForFunction((inner) => Math.abs(document.getElementById("sample").offsetHeight - inner) < 3, inner);
  });

test("the place that is kept is about the lab's own height, in a narrow column and a wide one", {
  timeout: 4 * PATIENCE,
}, async (context) => {
  for (const width of [380, 800]) {
    const names = ["tokens", "inside", "sample", "train"];
    const body = (site) =>
      names.map((name) => lab(`id="${name}" lab="${name}" model="tadpole-nano" lang="en" reveal="manual"`)).join("") + script(site);
    const { page } = await openPost(context, body);
    await page.setViewportSize({ width, height: 800 });
    await page.evaluate(() => customElements.whenDefined("tadpole-lab"));
    for (const name of names) {
      const place = page.locator(`#${name}`);
      const kept = await place.evaluate((element) => element.cloneNode() && element.offsetHeight);
      await place.evaluate((element) => element.open());
      const frame = await frameOf(page, name);
      await page.waitForTimeout(1_000);
      const own = await frame.evaluate(() => document.getElementById("app").getBoundingClientRect().height);
      context.diagnostic(`${name} at ${width}: ${kept} kept, ${Math.round(own)} needed`);
      assert.ok(kept > 0.6 * own && kept < 1.7 * own, `${name} at ${width}: ${kept} kept, ${own} needed; run node scripts/posters.mjs`);
    }
    await page.close();
  }
});

test("a waiting lab shows a picture of its figure, which a strict page allows, and opens over it without a blank", async (context) => {
  const body = (site) => lab('id="lab" lab="sample" model="tadpole-nano" lang="en" reveal="manual"') + TEXT + script(site);
  const { page, asked } = await watched(context, 800, body, { files: { "style.css": ".dark { color-scheme: dark; }" } });
  const picture = page.locator('#lab iframe[part="picture"]');
  await picture.waitFor();
  const frame = await (await picture.elementHandle()).contentFrame();
  await frame.locator("svg.light text").first().waitFor({ state: "attached" });
  assert.match(await frame.locator("svg.light").textContent(), /tadpole-nano.*step 16,000/);
  assert.ok(await frame.locator("svg.light").isVisible());
  assert.deepEqual(asked, ["tadpole-lab.js", "posters/sample.svg"], "nothing else was fetched");
  assert.equal(await picture.getAttribute("aria-hidden"), "true");
  await page.emulateMedia({ colorScheme: "dark" });
  await page.evaluate(() => document.documentElement.classList.add("dark"));
  await frame.locator("svg.dark").waitFor();
  await page.locator("#lab").getByRole("button").press("Enter");
  assert.ok(await picture.isVisible(), "it stays while the lab loads");
  await frameOf(page, "lab");
  await picture.waitFor({ state: "detached" });
  assert.equal(await page.evaluate(() => document.activeElement.id), "lab", "the focus goes into the lab");
});

test("every lab but the lessons has its picture, well-formed and without anything from elsewhere", async (context) => {
  const browser = await openBrowser(context);
  const page = await watchedPage(browser.context, browser.problems);
  await page.goto("about:blank");
  for (const name of ["tokens", "train", "inside", "sample", "prompt"]) {
    const text = await (await fetch(`${browser.site.address}posters/${name}.svg`)).text();
    const found = await page.evaluate((svg) => {
      const { documentElement: root } = new DOMParser().parseFromString(svg, "image/svg+xml");
      return { name: root.nodeName, parts: root.querySelectorAll("svg").length, titles: root.querySelectorAll("title").length };
    }, text);
    assert.deepEqual(found, { name: "svg", parts: 2, titles: 2 }, name);
    assert.doesNotMatch(text, /https?:\/\/(?!www\.w3\.org)|localhost|<script/, name);
  }
});
