// Opens every page of a written report in headless Chromium, from file:// and without scripts of its
// own, and holds it to WCAG 2.1 A and AA with axe: on a wide and a narrow screen, light and dark.
//
//   npm install && npm run axe -- ../../reports/faellesoffentlig-2016-2020
//
// CHROMIUM names the browser (default /usr/bin/chromium). Exit code 1 when any rule is broken.
import { chromium } from "playwright-core";
import axe from "axe-core";
import { readdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";

const report = resolve(process.argv[2] ?? "../../reports/faellesoffentlig-2016-2020");
const pages = readdirSync(report, { recursive: true }).filter((name) => name.endsWith(".html")).sort();
const rules = { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"] };
const settings = [
  { name: "wide", viewport: { width: 1280, height: 900 }, colorScheme: "light" },
  { name: "narrow", viewport: { width: 390, height: 844 }, colorScheme: "light" },
  { name: "dark", viewport: { width: 1280, height: 900 }, colorScheme: "dark" },
];

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
});
let broken = 0;
for (const { name: setting, ...options } of settings) {
  // The page's own policy forbids every script; the one that looks is let past it.
  const context = await browser.newContext({ ...options, bypassCSP: true });
  for (const name of pages) {
    const page = await context.newPage();
    const requests = [];
    page.on("request", (request) => requests.push(request.url()));
    await page.goto(pathToFileURL(join(report, name)).href);
    const reach = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    await page.evaluate(axe.source);
    const found = await page.evaluate((rules) => globalThis.axe.run(document, rules), rules);
    const outside = requests.filter((url) => !url.startsWith("file:"));
    for (const { id, help, nodes } of found.violations) {
      broken += 1;
      console.log(`${name} (${setting}): ${id}: ${help}: ${nodes.map((node) => node.target).join(", ")}`);
    }
    if (reach > 0) {
      broken += 1;
      console.log(`${name} (${setting}): the page is ${reach} px wider than the screen`);
    }
    if (outside.length > 0) {
      broken += 1;
      console.log(`${name} (${setting}): asks the network for ${outside.join(", ")}`);
    }
    await page.close();
  }
}
await browser.close();
console.log(`${pages.length} pages in ${settings.length} settings: ${broken} broken rules`);
process.exit(broken === 0 ? 0 : 1);
