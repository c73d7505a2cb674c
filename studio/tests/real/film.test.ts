// A browser and `photochrom serve`, from the first start to the finished film.
import { readdirSync, renameSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { expect, type Page, test as base } from "@playwright/test";

import { fits } from "../browser/studio";
import { PERSON } from "../service/people";
import { folderOf } from "./scans";
import { Serving } from "./serving";

const LOOKS = process.env["LOOKS"];
const WIDTHS = [
  { width: 390, height: 800 },
  { width: 820, height: 1100 },
  { width: 1440, height: 900 },
];

const test = base.extend<{ serving: Serving }>({
  // eslint-disable-next-line no-empty-pattern
  serving: async ({}, use, info) => {
    const serving = await Serving.make();
    await use(serving);
    if (info.status !== info.expectedStatus)
      await info.attach("service", { body: serving.said, contentType: "text/plain" });
    await serving.end();
  },
});

/** Holds a view to WCAG at three widths; for people to look at, with LOOKS, writes pictures of it. */
async function look(page: Page, name: string): Promise<void> {
  for (const size of WIDTHS) {
    await page.setViewportSize(size);
    // What has been scrolled half under the bar would be taken for too small to be pressed.
    await page.evaluate(() => scrollTo(0, 0));
    await fits(page);
    if (LOOKS) await page.screenshot({ path: join(LOOKS, `${name}-${size.width}.png`) });
  }
}

async function begin(page: Page, link: string | null): Promise<void> {
  if (!link) throw new Error("the service has printed no link");
  await page.goto(link);
  await expect(page.getByRole("heading", { name: "Welcome" })).toBeVisible();
  expect(page.url(), "the secret has left the address").not.toContain("setup");
  await page.getByLabel("Archive, museum or family").fill("Town archive");
  await page.getByLabel("Your name").fill("Ada");
  await page.getByLabel("Email address").fill(PERSON.email);
  await page.getByLabel("Password").fill(PERSON.password);
}

async function create(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Create account" }).click();
  await expect(page.getByRole("heading", { name: "Bring your photographs" })).toBeVisible();
}

async function restoreAll(page: Page, count: number, recipe: string): Promise<void> {
  await page.getByRole("button", { name: `Restore ${count} photographs` }).click();
  await page.getByRole("dialog").getByLabel(recipe).check();
  await page.getByRole("dialog").getByRole("button", { name: "Restore", exact: true }).click();
}

const restored = (page: Page) => page.getByRole("grid").getByText("Restored", { exact: true });

async function orderFilm(page: Page, title: string, names: string[]): Promise<void> {
  for (const name of names) await page.getByLabel(`Choose ${name}`, { exact: true }).check();
  await page.getByRole("button", { name: "Make a film" }).click();
  await page.getByLabel("Title").fill(title);
  await page.getByLabel("Length").press("Home");
  await expect(page.getByText("28 s", { exact: true })).toBeVisible();
}

async function plays(page: Page, title: string, seconds: number): Promise<void> {
  const video = page.locator("video");
  await expect(video).toBeVisible();
  await expect(video).toHaveAttribute("aria-label", `Film: ${title}`);
  const state = () =>
    video.evaluate((one: HTMLVideoElement) => ({
      ready: one.readyState >= HTMLMediaElement.HAVE_METADATA,
      seconds: Math.round(one.duration),
    }));
  await expect.poll(state).toEqual({ ready: true, seconds });
  await video.evaluate(async (one: HTMLVideoElement) => {
    one.muted = true;
    await one.play();
  });
  await expect
    .poll(() => video.evaluate((one: HTMLVideoElement) => one.currentTime))
    .toBeGreaterThan(0.5);
  const cues = () =>
    video.evaluate((one: HTMLVideoElement) => one.textTracks[0]?.cues?.length ?? 0);
  await expect.poll(cues).toBeGreaterThan(0);
}

/** Clicks a link for a download; returns how large the file is. */
async function download(page: Page, name: RegExp): Promise<{ name: string; size: number }> {
  const begun = page.waitForEvent("download");
  await page.getByRole("link", { name }).first().click();
  const file = await begun;
  return { name: file.suggestedFilename(), size: statSync(await file.path()).size };
}

/** Makes a report of photographs, and reads it: its page has no origin, and still moves. */
async function reports(page: Page, names: string[]): Promise<void> {
  for (const name of names) await page.getByLabel(`Choose ${name}.png`, { exact: true }).check();
  await page.getByRole("button", { name: "Report", exact: true }).click();
  const link = page.getByRole("link", { name: /^Read the report/ });
  await expect(link).toBeVisible();
  await look(page, "16-reports");
  const opened = page.context().waitForEvent("page");
  await link.click();
  const report = await opened;
  await expect(report.getByRole("heading", { name: `${names[0]} and` })).toBeVisible();
  await expect(report.locator("html.scripted")).toHaveCount(1);
  await report.getByLabel("Order").selectOption("By name");
  await expect(report.getByRole("article").getByRole("heading", { level: 2 })).toHaveText(names);
  await look(report, "17-report");
  await report.close();
  expect((await download(page, /Table of figures, report\.csv/)).size).toBeGreaterThan(500);
}

/** The original of a photograph where the service keeps it. */
function original(data: string, name: string): string {
  const blobs = join(data, "blobs");
  const found = readdirSync(blobs, { recursive: true, encoding: "utf8" }).find(
    (one) => one.endsWith(name) && statSync(join(blobs, one)).isFile(),
  );
  if (!found) throw new Error(`there is no original ${name}`);
  return join(blobs, found);
}

test("from the link in the terminal to a film", async ({ page, serving }, info) => {
  const faults: string[] = [];
  page.on("pageerror", (error) => faults.push(String(error)));
  page.on("request", (request) => {
    const isOurs = request.url().startsWith(serving.url) || /^(data|blob):/.test(request.url());
    if (!isOurs) faults.push(`asks ${request.url()}`);
  });
  await begin(page, await serving.start());
  await look(page, "1-setup");
  await create(page);
  await look(page, "2-empty");

  const folder = folderOf(
    info.outputPath("scans"),
    { name: "Lake-1899.png" },
    { name: "Mill-1905.png" },
    { name: "deep/Square-1931.png" },
  );
  writeFileSync(join(folder, "Torn-1920.tif"), "This is no picture.");
  writeFileSync(join(folder, "Thumbs.db"), "x");
  await page.getByTestId("folder").setInputFiles(folder);
  await expect(page.getByRole("gridcell")).toHaveCount(4);
  await expect(page.getByText("1 file left out: not a photograph.")).toBeVisible();
  await expect(page.getByRole("grid").getByText("Cannot be read")).toBeVisible();
  await expect(page.getByRole("button", { name: "Restore 3 photographs" })).toBeVisible();
  await look(page, "3-grid");

  await page.getByRole("link", { name: /Torn-1920/ }).click();
  await expect(page.getByRole("alert").getByText("The file is not an image")).toBeVisible();
  await look(page, "4-refused");
  await page.getByRole("link", { name: "All photographs" }).click();

  // One fails, for a reason that goes away again.
  const mill = original(serving.data, "Mill-1905.png");
  renameSync(mill, `${mill}.away`);
  await restoreAll(page, 3, "Scan clean");
  await expect(restored(page)).toHaveCount(2);
  await expect(page.getByRole("grid").getByText("Did not work")).toBeVisible();
  await look(page, "5-restored");
  await page.getByRole("link", { name: /Mill-1905/ }).click();
  await expect(
    page.getByRole("complementary").getByRole("button", { name: "Try again" }),
  ).toBeVisible();
  await look(page, "6-failed");
  renameSync(`${mill}.away`, mill);
  await page.getByRole("complementary").getByRole("button", { name: "Try again" }).click();
  await expect(
    page.getByRole("complementary").getByText("Restored", { exact: true }),
  ).toBeVisible();

  const divider = page.getByLabel("Before and after");
  await divider.focus();
  await divider.press("ArrowRight");
  await expect(divider).toHaveAttribute("aria-valuetext", "51 % before");
  await page.getByRole("button", { name: "Zoom in" }).click();
  await expect(page.getByText(/^Restored by photochrom/)).toBeVisible();
  await page.getByText("Digests").click();
  await expect(page.getByText("Scan: Mill-1905.png")).toBeVisible();
  await look(page, "7-photograph");
  expect((await download(page, /Original, Mill/)).size).toBe(statSync(mill).size);
  expect((await download(page, /Picture, Mill-1905\.tif/)).name).toBe("Mill-1905.tif");
  // Another recipe, without the scan being sent again.
  await page.getByLabel("Faithful").check();
  await page.getByRole("button", { name: "Restore again" }).click();
  await expect(page.getByLabel("Version").locator("option")).toHaveCount(2);
  await expect(page.getByText("How sure the colors are")).toBeVisible();
  await look(page, "8-colored");
  await page.getByRole("link", { name: "All photographs" }).click();

  await reports(page, ["Lake-1899", "Mill-1905"]);
  await page.getByRole("navigation").getByRole("link", { name: "Photographs" }).click();
  await orderFilm(page, "Lake and mill", ["Lake-1899.png", "Mill-1905.png"]);
  await look(page, "9-film-dialog");
  await page.getByRole("button", { name: "Make the film" }).click();
  await expect(page.getByText("The film is being made")).toBeVisible();
  await look(page, "10-film-making");
  await plays(page, "Lake and mill", 28);
  await look(page, "11-film");
  const film = await download(page, /^Download: Film, .*\.mp4/);
  expect(film.size).toBeGreaterThan(10_000);
  expect((await download(page, /^Download: Cue sheet, .*\.csv/)).name).toMatch(/\.cues\.csv$/);
  await page.getByRole("button", { name: "Activity" }).click();
  await look(page, "12-activity");
  await page.keyboard.press("Escape");
  await page.getByRole("navigation").getByRole("link", { name: "Films" }).click();
  await expect(page.getByRole("link", { name: "Lake and mill" })).toBeVisible();
  await look(page, "13-films");
  await page.getByRole("link", { name: "Lake and mill" }).click();
  await page.getByRole("button", { name: "Delete the film" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Delete the film" }).click();
  await expect(page.getByRole("heading", { name: "No film yet" })).toBeVisible();

  await page.getByRole("button", { name: "Account" }).click();
  await page.getByRole("link", { name: "Members" }).click();
  await page.getByLabel("Email address").fill("grace@archive.example");
  await page.getByRole("button", { name: "Invite" }).click();
  await expect(page.getByLabel(/^The link for grace/)).toHaveValue(/#invitation=.{20}/);
  await look(page, "15-members");
  await page.getByRole("button", { name: "Account" }).click();
  await page.getByRole("button", { name: "Sign out" }).click();
  await expect(page.getByRole("heading", { name: "Sign in" })).toBeVisible();
  await look(page, "14-sign-in");
  expect(faults).toEqual([]);
});

test("the same with the line cut and the service killed in between", async ({
  page,
  serving,
}, info) => {
  const padding = 12_000_000;
  await begin(page, await serving.start());
  await create(page);
  const folder = folderOf(
    info.outputPath("scans"),
    { name: "Lake-1899.png", padding },
    { name: "Mill-1905.png", padding },
    { name: "Square-1931.png", padding },
  );
  serving.line.cutAfter(6_000_000);
  await page.getByTestId("folder").setInputFiles(folder);
  await expect.poll(() => serving.line.isCut).toBe(true);
  await expect(page.getByText("Waiting for the line …").first()).toBeVisible();
  await look(page, "20-line-cut");
  // It is back, and the service goes down with the next bytes.
  serving.line.mend();
  serving.line.cutAfter(9_000_000);
  await expect.poll(() => serving.line.isCut).toBe(true);
  await serving.kill();
  serving.line.mend();
  expect(await serving.start(), "there is an account").toBeNull();
  await expect(page.getByRole("gridcell")).toHaveCount(3);
  await expect(page.getByRole("button", { name: "Restore 3 photographs" })).toBeVisible();
  // What was safe was not sent again; what the system had not got on the disk was.
  expect(serving.line.sent).toBeLessThan(3 * padding + 18_000_000);

  await restoreAll(page, 3, "Scan clean");
  await expect(restored(page).first()).toBeVisible();
  await serving.kill();
  await serving.start();
  await expect(restored(page)).toHaveCount(3);

  await orderFilm(page, "Lake and mill", ["Lake-1899.png", "Mill-1905.png"]);
  await page.getByRole("button", { name: "Make the film" }).click();
  await expect(page.getByRole("main").getByText("In work")).toBeVisible();
  await serving.kill();
  await serving.start();
  await plays(page, "Lake and mill", 28);
  const film = await download(page, /^Download: Film, .*\.mp4/);
  expect(film.size).toBeGreaterThan(10_000);
});
