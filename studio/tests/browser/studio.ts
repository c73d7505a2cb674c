import AxeBuilder from "@axe-core/playwright";
import { test as base, expect, type Page } from "@playwright/test";

import { scene } from "../service/pictures";
import { PERSON } from "../service/people";
import { Service } from "../service/service";

const DIST = new URL("../../dist", import.meta.url).pathname;

/** A test with a service of its own; fails on anything that the browser complains of, and on any request to
 * somewhere else. */
export const test = base.extend<{ service: Service; studio: Page }>({
  // eslint-disable-next-line no-empty-pattern
  service: async ({}, use) => {
    const service = await Service.start(process.env["PHOTOCHROM_STUDIO_OUT"] ?? DIST);
    await use(service);
    await service.stop();
  },
  studio: async ({ page, service }, use) => {
    const origin = `http://127.0.0.1:${service.port}`;
    const faults: string[] = [];
    page.on("pageerror", (error) => faults.push(String(error)));
    page.on("console", (message) => {
      const text = message.text();
      // What did not load is looked for by the tests themselves.
      if (message.type() === "error" && !text.startsWith("Failed to load resource"))
        faults.push(text);
    });
    page.on("request", (request) => {
      const url = request.url();
      if (!url.startsWith(origin) && !/^(data|blob):/.test(url)) faults.push(`asks ${url}`);
    });
    await page.goto(origin);
    await use(page);
    expect(faults).toEqual([]);
  },
});

export { expect };

export async function signIn(page: Page): Promise<void> {
  await page.getByLabel("Email address").fill(PERSON.email);
  await page.getByLabel("Password").fill(PERSON.password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page.getByRole("navigation", { name: "Main" })).toBeVisible();
}

/** Files to be chosen or dropped. */
export const scans = (...names: string[]) =>
  names.map((name, number) => ({
    name,
    mimeType: "image/png",
    buffer: scene(number, 96, 64, false),
  }));

/** Holds a page to WCAG 2.2 AA, as far as a machine can tell. */
export async function accessible(page: Page): Promise<void> {
  const found = await new AxeBuilder({ page })
    .withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"])
    .analyze();
  const said = found.violations.map(
    (one) => `${one.id}: ${one.help}: ${one.nodes.map((node) => node.html).join(" | ")}`,
  );
  expect(said).toEqual([]);
}

/** Holds a page to WCAG, and to the width that it has. */
export async function fits(page: Page): Promise<void> {
  await accessible(page);
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  expect(wide, "nothing is wider than the page").toBeLessThanOrEqual(0);
}
