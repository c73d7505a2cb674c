// What people do in the studio, from the first visit to the finished film.
import { writeFileSync } from "node:fs";

import { SETUP_TOKEN } from "../service/people";
import { accessible, expect, scans, signIn, test } from "./studio";

test("the first owner comes by a one-time link, which leaves the address at once", async ({
  studio: page,
  service,
}) => {
  const origin = `http://127.0.0.1:${service.port}`;
  await page.goto(`${origin}/#setup`);
  await expect(page.getByText("This link is not complete.")).toBeVisible();
  // A link in a page that is open already.
  await page.goto(`${origin}/#setup=${SETUP_TOKEN}`);
  await expect(page.getByRole("heading", { name: "Welcome" })).toBeVisible();
  expect(page.url()).toBe(`${origin}/`);
  await accessible(page);
  await page.getByLabel("Archive, museum or family").fill("Town archive");
  await page.getByLabel("Your name").fill("Ada");
  await page.getByLabel("Email address").fill("ada@archive.example");
  await page.getByLabel("Password").fill("correct horse battery");
  await page.getByRole("button", { name: "Create account" }).click();
  await expect(page.getByRole("heading", { name: "Bring your photographs" })).toBeVisible();
});

test("a wrong password is said kindly; signing out leaves nothing", async ({ studio: page }) => {
  await page.getByLabel("Email address").fill("ada@archive.example");
  await page.getByLabel("Password").fill("wrong");
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page.getByText("do not belong together")).toBeVisible();
  await expect(page.getByLabel("Password")).toBeFocused();
  await signIn(page);
  await page.getByRole("button", { name: "Account" }).click();
  await page.getByRole("button", { name: "Sign out" }).click();
  await expect(page.getByRole("heading", { name: "Sign in" })).toBeVisible();
});

test("from dropped scans to a film, with everything live", async ({ studio: page, service }) => {
  await signIn(page);
  service.world.failing.add("2.png");
  // A drop, as a browser makes it.
  const files = scans("1.png", "2.png", "3.png").map(({ name, buffer }) => [
    name,
    buffer.toString("base64"),
  ]);
  await page.evaluate((files) => {
    const transfer = new DataTransfer();
    for (const [name, coded] of files) {
      const bytes = Uint8Array.from(atob(coded ?? ""), (one) => one.charCodeAt(0));
      transfer.items.add(new File([bytes], name ?? "", { type: "image/png" }));
    }
    transfer.items.add(new File(["x"], "Thumbs.db"));
    for (const kind of ["dragenter", "dragover", "drop"])
      document.body.dispatchEvent(
        new DragEvent(kind, { dataTransfer: transfer, bubbles: true, cancelable: true }),
      );
  }, files);
  const grid = page.getByRole("grid");
  await expect(grid.getByRole("gridcell")).toHaveCount(3);
  await expect(page.getByText("1 file left out: not a photograph.")).toBeVisible();

  await page.getByRole("button", { name: "Restore 3 photographs" }).click();
  await page.getByLabel("Cinema").check();
  await page.getByLabel("Emulsion").selectOption("orthochromatic");
  await page.getByRole("dialog").getByRole("button", { name: "Restore", exact: true }).click();
  await expect(grid.getByText("Restored", { exact: true })).toHaveCount(2);
  await expect(grid.getByText("Did not work")).toHaveCount(1);

  await page.getByRole("button", { name: "Activity" }).click();
  await page.getByRole("button", { name: "Try again" }).click();
  await page.keyboard.press("Escape");
  await expect(grid.getByText("Restored", { exact: true })).toHaveCount(3);

  // By keys alone.
  await grid.getByRole("link").first().focus();
  await page.keyboard.press("Space");
  await page.keyboard.press("Shift+ArrowRight");
  await expect(page.getByText("2 chosen")).toBeVisible();
  await page.getByRole("button", { name: "Make a film" }).press("Enter");
  await page.getByRole("button", { name: "Make the film" }).press("Enter");
  await expect(page.getByText("Give it a title first.")).toBeVisible();
  await page.getByLabel("Title").fill("The mill");
  await page.getByLabel("Length").press("ArrowRight");
  await expect(page.getByText("39 s", { exact: true })).toBeVisible();
  service.world.failing.add("film");
  await page.getByRole("button", { name: "Make the film" }).press("Enter");
  const main = page.getByRole("main");
  await expect(main.getByText("The disk was full while the film was written.")).toBeVisible();
  await main.getByRole("button", { name: "Try again" }).press("Enter");
  const film = page.getByLabel("Film: The mill");
  await expect(film).toBeVisible();
  await expect(film.locator("track[kind=captions]")).toHaveAttribute("src", /captions/);
  const sheet = page.getByRole("link", { name: /Cue sheet/ });
  await expect(sheet).toHaveAttribute("download", "film.cues.csv");
});

test("an upload goes on when the line was cut, and after a reload", async ({
  studio: page,
  service,
}, info) => {
  const length = 24_000_000;
  const disk = (name: string) => {
    const path = info.outputPath(name);
    writeFileSync(path, Buffer.alloc(length, name));
    return path;
  };
  await signIn(page);
  service.cutAfter = 6_000_000;
  await page.getByTestId("files").setInputFiles(disk("first.tif"));
  await expect(page.getByRole("gridcell")).toHaveCount(1);
  expect(service.cutAfter, "the line was cut").toBeNull();
  expect(service.received, "nothing was sent twice").toBeLessThan(length + 2_000_000);

  const second = disk("second.tif");
  service.received = 0;
  service.stall = 8_000_000;
  await page.getByTestId("files").setInputFiles(second);
  await expect.poll(() => service.received).toBeGreaterThanOrEqual(8_000_000);
  await page.reload();
  await expect(page.getByText("1 upload was not finished")).toBeVisible();
  await accessible(page);
  service.stall = null;
  await page.getByTestId("unfinished").setInputFiles(second);
  await expect(page.getByRole("gridcell")).toHaveCount(2);
  await expect(page.getByText("was not finished")).toHaveCount(0);
  expect(service.received, "nothing was sent twice").toBeLessThan(length + 2_000_000);
});

test("one picture large: the divider by keys, zoom, the record, another recipe, downloads", async ({
  studio: page,
  service,
}) => {
  const made = service.world.receive("Mill.tif", 4_000_000);
  service.world.restore([made.id], "faithful");
  await signIn(page);
  await page.getByRole("grid").getByRole("link").press("Enter");
  const divider = page.getByLabel("Before and after");
  await divider.focus();
  await divider.press("ArrowRight");
  await expect(divider).toHaveAttribute("aria-valuetext", "51 % before");
  await page.getByRole("button", { name: "Zoom in" }).click();
  await expect(page.getByRole("application", { name: /^The picture/ })).toBeVisible();
  await expect(page.getByText("Roof tiles, building survey of 1908")).toBeVisible();
  await page.getByText("Digests").click();
  await expect(page.getByText("b".repeat(64))).toBeVisible();
  await expect(page.getByRole("link", { name: /Original, Mill.tif/ })).toHaveAttribute(
    "href",
    `/v1/photographs/${made.id}/original`,
  );
  await page.getByLabel("Scan clean").check();
  await page.getByRole("button", { name: "Restore again" }).click();
  await expect(page.getByLabel("Version").locator("option")).toHaveCount(2);
  // Pause and go on.
  service.world.held = true;
  await page.getByRole("button", { name: "Restore again" }).click();
  await page.getByRole("complementary").getByRole("button", { name: "Pause" }).click();
  await page.getByRole("complementary").getByRole("button", { name: "Go on" }).click();
  service.world.held = false;
  await expect(page.getByLabel("Version").locator("option")).toHaveCount(3);
});

test("what is restored is not said to be in work while others of its order are", async ({
  studio: page,
  service,
}) => {
  const { world } = service;
  const made = ["1.png", "2.png", "3.png"].map((name) => world.receive(name, 4_000_000).id);
  const stop = world.listen(({ kind, data }) => {
    if (kind === "restored" && "state" in data && data.state === "done") world.held = true;
  });
  world.restore(made, "faithful");
  await expect.poll(() => world.held).toBe(true);
  await signIn(page);
  const aside = page.getByRole("complementary");
  await page.getByRole("link", { name: "1.png" }).click();
  await expect(aside.getByText("Restored", { exact: true })).toBeVisible();
  await expect(aside.getByRole("heading", { name: "Record" })).toBeVisible();
  await expect(aside.getByText("In work")).toHaveCount(0);
  const all = page.getByRole("link", { name: "All photographs" });
  await all.click();
  await page.getByRole("link", { name: "3.png" }).click();
  await expect(aside.getByText("It waits for its turn.")).toBeVisible();
  // The next one is begun, and no other.
  stop();
  const begun = world.listen(({ kind }) => {
    if (kind === "restored") world.held = true;
  });
  world.held = false;
  await all.click();
  const grid = page.getByRole("grid");
  await expect(grid.getByText("In work", { exact: true })).toHaveCount(1);
  await expect(grid.getByText("Waiting", { exact: true })).toHaveCount(1);
  await page.getByRole("link", { name: "2.png" }).click();
  await expect(aside.getByText("In work. The result appears here")).toBeVisible();
  begun();
  world.held = false;
  await expect(aside.getByRole("heading", { name: "Record" })).toBeVisible();
});

test("a photograph is deleted by whoever says so twice, and is chosen no more", async ({
  studio: page,
  service,
}) => {
  const { world } = service;
  const [mill, lake] = ["Mill.tif", "Lake.tif"].map((name) => world.receive(name, 4_000_000).id);
  world.restore([mill ?? "", lake ?? ""], "faithful");
  await signIn(page);
  await page.getByLabel("Choose Mill.tif").check();
  await page.getByLabel("Choose Lake.tif").check();
  await page.getByRole("link", { name: "Mill.tif" }).click();
  await page.getByRole("button", { name: "Delete the photograph" }).click();
  const dialog = page.getByRole("dialog", { name: "Delete Mill.tif?" });
  await accessible(page);
  await dialog.getByRole("button", { name: "Close" }).click();
  expect(world.photographs.has(mill ?? "")).toBe(true);
  await page.getByRole("button", { name: "Delete the photograph" }).click();
  await dialog.getByRole("button", { name: "Delete the photograph" }).click();
  await expect(page.getByRole("gridcell")).toHaveCount(1);
  await expect(page.getByText("1 chosen")).toBeVisible();
  expect([...world.photographs.keys()]).toEqual([lake]);
  // Somebody has changed it since it was read: it is not deleted unseen.
  await page.getByRole("link", { name: "Lake.tif" }).click();
  await page.getByRole("button", { name: "Delete the photograph" }).click();
  const known = world.photographs.get(lake ?? "");
  if (known) Object.assign(known, { caption: "The lake in 1912", revision: 2 });
  await page.getByRole("dialog").getByRole("button", { name: "Delete the photograph" }).click();
  await expect(page.getByText("Somebody has changed it meanwhile")).toBeVisible();
  await expect(page.getByRole("gridcell")).toHaveCount(1);
  // By somebody else.
  world.remove(lake ?? "");
  await expect(page.getByRole("heading", { name: "Bring your photographs" })).toBeVisible();
});

test("a film is deleted, once it is over; without captions none are offered", async ({
  studio: page,
  service,
}) => {
  const { world } = service;
  const mill = world.receive("Mill.tif", 4_000_000).id;
  world.captioned = false;
  world.held = true;
  world.productions.set("pr_1", { id: "pr_1", title: "The mill", photographs: [mill] });
  const made = world.film("pr_1");
  await signIn(page);
  await page.getByRole("navigation").getByRole("link", { name: "Films" }).click();
  await page.getByRole("link", { name: "The mill" }).press("Enter");
  await expect(page.getByText("The film is being made")).toBeVisible();
  const button = page.getByRole("button", { name: "Delete the film" });
  await expect(button).toHaveCount(0);
  world.held = false;
  await expect(page.getByLabel("Film: The mill")).toBeVisible();
  await expect(page.locator("track")).toHaveCount(0);
  await expect(page.getByRole("link", { name: /Captions/ })).toHaveCount(0);
  await button.press("Enter");
  const dialog = page.getByRole("dialog", { name: "Delete The mill?" });
  await expect(dialog.getByText("Its photographs stay")).toBeVisible();
  await accessible(page);
  await page.keyboard.press("Escape");
  expect(world.films.has(made.id)).toBe(true);
  await button.press("Enter");
  await dialog.getByRole("button", { name: "Delete the film" }).press("Enter");
  await expect(page.getByRole("heading", { name: "No film yet" })).toBeVisible();
  await expect(page.getByText("The film was deleted.")).toBeVisible();
  expect([world.films.size, world.photographs.size]).toEqual([0, 1]);
  // By somebody else, while one looks on.
  const other = world.film("pr_1");
  await expect.poll(() => world.jobs.get(other.job.id)?.state).toBe("succeeded");
  await page.reload();
  await expect(page.getByRole("link", { name: "The mill" })).toBeVisible();
  world.forget("film", other.id);
  await expect(page.getByRole("heading", { name: "No film yet" })).toBeVisible();
});

test("one picture fills the window, and the window does not scroll", async ({
  studio: page,
  service,
}) => {
  service.world.receive("Mill.tif", 4_000_000);
  await page.setViewportSize({ width: 1440, height: 900 });
  await signIn(page);
  await page.getByRole("grid").getByRole("link").press("Enter");
  await expect(page.getByLabel("Emulsion")).toBeVisible();
  const over = () =>
    page.evaluate(() => document.documentElement.scrollHeight - window.innerHeight);
  expect(await over()).toBe(0);
});

test("events that are missed while the service is away are read when it is back", async ({
  studio: page,
  service,
}) => {
  await signIn(page);
  await expect(page.getByRole("heading", { name: "Bring your photographs" })).toBeVisible();
  const { port } = service;
  await service.stop();
  service.world.receive("While-away.tif", 1_000);
  await service.listen(port);
  await expect(page.getByRole("gridcell")).toHaveCount(1);
});

test("a report of what is restored is made, read and deleted", async ({
  studio: page,
  service,
  context,
}) => {
  const { world } = service;
  const [mill] = ["Mill.tif", "Lake.tif"].map((name) => world.receive(name, 4_000_000).id);
  world.restore([mill ?? ""], "faithful");
  await signIn(page);
  await page.getByRole("navigation").getByRole("link", { name: "Reports" }).click();
  await expect(page.getByRole("heading", { name: "No report yet" })).toBeVisible();
  await accessible(page);
  await page.getByRole("link", { name: "Choose photographs" }).click();
  const button = page.getByRole("button", { name: "Report", exact: true });
  await page.getByLabel("Choose Lake.tif").check();
  await expect(button).toBeDisabled();
  await page.getByLabel("Choose Mill.tif").check();
  world.held = true;
  await button.press("Enter");
  await expect(page.getByText("The report is being made.")).toBeVisible();
  await expect(page.getByText("Waiting for its turn")).toBeVisible();
  expect([...world.reports.values()].map((one) => one.photographs)).toEqual([[mill]]);
  world.held = false;
  const link = page.getByRole("link", { name: /^Read the report/ });
  const opened = context.waitForEvent("page");
  await link.press("Enter");
  await expect((await opened).getByRole("heading", { name: "What was done" })).toBeVisible();
  await expect(page.getByRole("link", { name: /Table of figures/ })).toHaveAttribute(
    "download",
    "report.csv",
  );
  await accessible(page);
  await page.getByRole("button", { name: /^Delete the report/ }).press("Enter");
  await expect(page.getByText("The report was deleted.")).toBeVisible();
  expect(world.reports.size).toBe(0);
  // By somebody else, while one looks on.
  const other = world.report([mill ?? ""]);
  await page.reload();
  await expect(link).toBeVisible();
  world.forget("report", other.id);
  await expect(page.getByRole("heading", { name: "No report yet" })).toBeVisible();
});
