// How every room looks, at three widths, by day and by night: written to looks/ to be looked at,
// and held to WCAG. Nothing is compared with older pictures.
import { INVITED, RESET_TOKEN } from "../service/people";
import { expect, fits, signIn, test } from "./studio";

const WIDTHS = [
  { width: 1440, height: 900 },
  { width: 820, height: 1100 },
  { width: 390, height: 800 },
];

for (const viewport of WIDTHS)
  for (const colorScheme of ["light", "dark"] as const)
    test(`rooms at ${viewport.width}, ${colorScheme}`, async ({ studio: page, service }) => {
      const shot = async (name: string) => {
        await fits(page);
        await page.screenshot({ path: `looks/${name}-${viewport.width}-${colorScheme}.png` });
      };
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize(viewport);
      await expect(page.getByRole("heading", { name: "Sign in" })).toBeVisible();
      await shot("1-sign-in");
      await signIn(page);
      await expect(page.getByRole("heading", { name: "Bring your photographs" })).toBeVisible();
      await shot("2-empty");

      const names = Array.from({ length: 14 }, (_, number) => `Mill-${1890 + number * 3}.tif`);
      const made = [...names, "broken.tif"].map((name) => service.world.receive(name, 48_000_000));
      const ids = made.map((one) => one.id);
      service.world.pace = 5;
      service.world.failing.add("Mill-1893.tif");
      service.world.restore(ids.slice(0, 9), "faithful");
      const job = () => [...service.world.jobs.values()][0]?.state;
      await expect.poll(job).toBe("succeeded");
      await expect(page.getByText("5 photographs are not restored yet")).toBeVisible();
      await shot("3-grid");
      await page.mouse.move(viewport.width / 2, viewport.height / 2);
      // Rows that are out of sight are not there.
      if (viewport.width < 500) await page.mouse.wheel(0, 500);

      await page.getByLabel("Choose Mill-1914.tif").check();
      await page.getByLabel("Choose Mill-1911.tif").check();
      await page.getByLabel("Choose Mill-1908.tif").check();
      const bar = page.getByRole("region", { name: "What to do with the chosen photographs" });
      expect(await bar.evaluate((one) => one.scrollWidth - one.clientWidth)).toBe(0);
      await shot("4-chosen");
      await page.getByRole("button", { name: "Make a film" }).click();
      await shot("5-film-dialog");
      await page.getByLabel("Title").fill("The mill on the river");
      service.world.held = true;
      await page.getByRole("button", { name: "Make the film" }).click();
      await expect(page.getByText("The film is being made")).toBeVisible();
      await shot("6-film-making");
      service.world.held = false;
      await expect(page.getByLabel("Film: The mill on the river")).toBeVisible();
      await shot("7-film");
      await page.getByRole("button", { name: "Activity" }).click();
      await shot("8-activity");
      await page.keyboard.press("Escape");
      await page.getByRole("navigation").getByRole("link", { name: "Films" }).click();
      await expect(page.getByText("The mill on the river")).toBeVisible();
      await shot("9-films");

      await page.getByRole("navigation").getByRole("link", { name: "Photographs" }).click();
      await page.getByLabel("Choose Mill-1911.tif").check();
      await page.getByRole("button", { name: "Report", exact: true }).click();
      await expect(page.getByRole("link", { name: /^Read the report/ })).toBeVisible();
      await shot("16-reports");

      await page.getByRole("navigation").getByRole("link", { name: "Photographs" }).click();
      await page.getByRole("link", { name: "Mill-1914.tif" }).click();
      await expect(page.getByText("Colors are estimated, but for 1")).toBeVisible();
      await expect(page.getByRole("button", { name: "Zoom in" })).toBeVisible();
      await shot("10-photograph");
      await page.getByRole("button", { name: "Account" }).click();
      await shot("12-account");
      await page.getByRole("link", { name: "Members" }).click();
      await page.getByLabel("Email address").fill("mary.kenneth.keller@archive.example");
      await page.getByRole("button", { name: "Invite" }).click();
      await expect(page.getByLabel("The link for")).toBeVisible();
      await shot("13-members");
      await page.getByRole("button", { name: "Remove Grace Hopper" }).click();
      await shot("14-remove-member");
      await page.keyboard.press("Escape");
      const [film] = service.world.films.keys();
      await page.goto(`http://127.0.0.1:${service.port}/films/${film}`);
      await page.getByRole("button", { name: "Delete the film" }).click();
      await shot("15-delete-film");
      await page.goto(`http://127.0.0.1:${service.port}/photographs/${ids[1]}`);
      await expect(page.getByText("ran out of memory")).toBeVisible();
      await shot("11-failed");
    });

for (const viewport of WIDTHS)
  test(`ways in at ${viewport.width}`, async ({ studio: page, service }) => {
    const origin = `http://127.0.0.1:${service.port}`;
    const shot = async (name: string) => {
      await fits(page);
      await page.screenshot({ path: `looks/${name}-${viewport.width}.png` });
    };
    await page.setViewportSize(viewport);
    service.people.ways.oidc = true;
    await page.reload();
    await expect(page.getByRole("link", { name: "Sign in with your organization" })).toBeVisible();
    await shot("16-provider");
    for (const [name, hash] of [
      ["17-reset", `reset=${RESET_TOKEN}`],
      ["18-invited", `invitation=${INVITED.anew}`],
      ["19-known", `invitation=${INVITED.known}`],
    ] as const) {
      await page.goto(`${origin}/#${hash}`);
      await expect(page.getByLabel("Password")).toBeVisible();
      await shot(name);
    }
    service.people.join("Lakeside museum", "viewer");
    await page.goto(origin);
    await page.reload();
    await signIn(page);
    await page.getByRole("button", { name: "Account" }).click();
    await expect(page.getByLabel("Organization")).toBeVisible();
    await shot("20-organizations");
  });
