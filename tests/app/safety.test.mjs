// The page refuses what it did not bring: inline scripts and styles, text as HTML or as a script's address, other hosts.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { root } from "../../scripts/tools.mjs";
import { openBlog } from "./blog.mjs";
import { openBrowser } from "./browser.mjs";

const LABS = ["lessons", "tokens", "train", "inside", "sample", "prompt", "bench"];

test("the policy of every built page allows no inline code and no other host", async () => {
  for (const name of ["index.html", "embed.html"]) {
    const page = await readFile(join(root, "dist", name), "utf8");
    const [, policy] = /http-equiv="Content-Security-Policy"\s+content="([^"]*)"/.exec(page) ?? [];
    assert.ok(policy, name);
    assert.doesNotMatch(policy, /unsafe-inline|unsafe-eval(?!')|https?:|\*/);
    assert.match(policy, /default-src 'self'/);
    assert.match(policy, /require-trusted-types-for 'script'/);
    assert.doesNotMatch(page, /\sstyle=|\son\w+=|<style|<script(?![^>]*\ssrc=)/, `${name} has inline code`);
  }
});

test("what is planted in the page does not run", async (context) => {
  const browser = await openBrowser(context);
  const page = await browser.open();
  const tried = await page.evaluate(async () => {
    const refused = {};
    const attempt = (name, work) => {
      try {
        work();
        refused[name] = false;
      } catch (error) {
        refused[name] = error instanceof TypeError;
      }
    };
    attempt("HTML", () => {
      document.body.insertAdjacentHTML("beforeend", "<img src=x onerror='globalThis.planted = 1'>");
    });
    attempt("a worker", () => new Worker("data:text/javascript,0"));
    attempt("a policy", () => trustedTypes.createPolicy("theirs", {}));
    const script = document.createElement("script");
    attempt("a script's text", () => {
      script.text = "globalThis.planted = 1";
    });
    const style = document.createElement("p");
    style.setAttribute("style", "color: rgb(1, 2, 3)");
    document.body.append(script, style);
    refused["a style"] = getComputedStyle(style).color !== "rgb(1, 2, 3)";
    refused["a request"] = await fetch("https://example.invalid/").then(
      () => false,
      (error) => error instanceof TypeError,
    );
    return { refused, planted: globalThis.planted };
  });
  assert.deepEqual([...new Set(Object.values(tried.refused))], [true], JSON.stringify(tried.refused));
  assert.equal(tried.planted, undefined);
  const refusals = browser.problems.splice(0);
  assert.ok(
    refusals.length > 0 && refusals.every((each) => /Content Security|requires.*Trusted|example\.invalid/.test(each)),
    refusals.join("\n"),
  );
});

test("workers reach no host but the site's, whatever runs in them", async (context) => {
  const browser = await openBrowser(context);
  const page = await browser.open({ device: "cpu" });
  const [worker] = page.workers();
  const other = await openBlog(context, browser.site.address, "");
  const ask = (url) => fetch(url, { mode: "no-cors" }).then(() => "came", String);
  assert.equal(await worker.evaluate(ask, page.url()), "came");
  assert.match(await worker.evaluate(ask, other), /^TypeError/);
  assert.ok(browser.problems.splice(0).every((each) => /Content Security|127\.0\.0\.1/.test(each)));
});

test("no lab sends a request to another host", async (context) => {
  const browser = await openBrowser(context);
  const page = await browser.open({ device: "cpu" });
  const hosts = new Set();
  page.on("request", (request) => {
    const { protocol, host } = new URL(request.url());
    if (protocol !== "data:" && protocol !== "blob:") hosts.add(host);
  });
  for (const lab of LABS) {
    await page.getByTestId(`lab-${lab}`).click();
    await page.locator("section.lab").waitFor();
    await page.waitForTimeout(300);
  }
  assert.deepEqual([...hosts], [new URL(page.url()).host]);
});
