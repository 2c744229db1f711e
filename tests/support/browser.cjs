// Opens pages in a headless Chromium and says what is wrong with them: requests, scripts that run, what axe-core finds.
// Argument: a JSON file {chromium, pages: [{file, shot}]}. Prints a JSON list with an answer for each page.
const fs = require("fs");
const { chromium } = require("playwright-core");
const axe = fs.readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");

async function look(browser, page, scheme) {
  const context = await browser.newContext({ colorScheme: scheme, offline: true, viewport: { width: 1100, height: 900 } });
  const tab = await context.newPage();
  const seen = { scheme, requests: [], dialogs: 0, errors: [] };
  tab.on("request", (request) => seen.requests.push(request.url()));
  tab.on("dialog", (dialog) => { seen.dialogs += 1; dialog.dismiss(); });
  tab.on("pageerror", (error) => seen.errors.push(String(error)));
  await tab.goto("file://" + page.file);
  seen.title = await tab.title();
  seen.scripts = await tab.evaluate(() => document.scripts.length);
  seen.odd = await tab.evaluate(() => [...document.querySelectorAll("*")].flatMap((one) =>
    [...one.attributes].filter((it) => it.name.startsWith("on") || ["src", "srcset", "action", "style"].includes(it.name))
      .map((it) => one.tagName + " " + it.name)));
  await tab.keyboard.press("Tab");
  seen.first = await tab.evaluate(() => document.activeElement.textContent);
  seen.wide = await tab.evaluate(() => document.documentElement.scrollWidth > window.innerWidth + 1);
  if (page.shot) await tab.screenshot({ path: page.shot.replace(".png", "-" + scheme + ".png"), fullPage: true });
  await tab.evaluate(axe);
  const found = await tab.evaluate(() => axe.run(document, { resultTypes: ["violations"] }));
  seen.violations = found.violations.map((one) => one.id + ": " + one.nodes.slice(0, 3).map((node) => node.html.slice(0, 200)).join(" | "));
  await context.close();
  return seen;
}

(async () => {
  const asked = JSON.parse(fs.readFileSync(process.argv[2], "utf8"));
  const browser = await chromium.launch({ executablePath: asked.chromium, args: ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"] });
  const answers = [];
  for (const page of asked.pages) {
    for (const scheme of ["light", "dark"]) answers.push({ file: page.file, ...(await look(browser, page, scheme)) });
  }
  await browser.close();
  process.stdout.write(JSON.stringify(answers));
})().catch((error) => { console.error(error); process.exit(1); });
