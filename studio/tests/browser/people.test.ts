// How people come in, and how those who manage an organization see to them.
import { INVITED, PERSON, RESET_TOKEN } from "../service/people";
import { accessible, expect, fits, signIn, test } from "./studio";

const PHONE = { width: 390, height: 800 };

test("a forgotten password is set anew by a one-time link", async ({ studio: page, service }) => {
  const origin = `http://127.0.0.1:${service.port}`;
  await page.goto(`${origin}/#reset=used`);
  await expect(page.getByRole("heading", { name: "A new password" })).toBeVisible();
  expect(page.url()).toBe(`${origin}/`);
  await page.getByLabel("Password").fill("correct horse battery");
  await page.getByRole("button", { name: "Set password" }).press("Enter");
  await expect(page.getByText("has been used or is too old")).toBeVisible();
  await accessible(page);
  await page.goto(`${origin}/#reset=${RESET_TOKEN}`);
  await page.setViewportSize(PHONE);
  await fits(page);
  await page.getByLabel("Password").fill("correct horse battery");
  await page.getByRole("button", { name: "Set password" }).press("Enter");
  await expect(page.getByRole("heading", { name: "Bring your photographs" })).toBeVisible();
});

test("whoever is invited makes an account, and is told when the link is spent", async ({
  studio: page,
  service,
}) => {
  const origin = `http://127.0.0.1:${service.port}`;
  await page.goto(`${origin}/#invitation=spent`);
  await expect(page.getByText("has been used, taken back or is too old")).toBeVisible();
  await page.goto(`${origin}/#invitation=${INVITED.anew}`);
  await expect(page.getByText("Lakeside museum works on its photographs here")).toBeVisible();
  await expect(page.getByLabel("Email address")).toHaveValue("grace@archive.example");
  await page.setViewportSize(PHONE);
  await fits(page);
  await page.getByLabel("Your name").fill("Grace");
  await page.getByLabel("Password").fill("correct horse battery");
  await page.getByRole("button", { name: "Create account" }).press("Enter");
  await expect(page.getByRole("heading", { name: "Bring your photographs" })).toBeVisible();
});

test("whoever is invited and has an account signs in, and joins", async ({
  studio: page,
  service,
}) => {
  await page.goto(`http://127.0.0.1:${service.port}/#invitation=${INVITED.known}`);
  await expect(page.getByText("Sign in with it to join Lakeside museum.")).toBeVisible();
  await expect(page.getByLabel("Email address")).toHaveValue(PERSON.email);
  await page.getByLabel("Password").fill(PERSON.password);
  await page.getByRole("button", { name: "Sign in" }).press("Enter");
  await accessible(page);
  await page.getByRole("button", { name: "Join" }).press("Enter");
  await expect(page.getByRole("navigation", { name: "Main" })).toBeVisible();
  await page.getByRole("button", { name: "Account" }).click();
  await expect(page.getByLabel("Organization").locator("option")).toHaveText([
    "Town archive",
    "Lakeside museum",
  ]);
});

test("where there is a provider, its button signs in", async ({ studio: page, service }) => {
  await expect(page.getByRole("link", { name: "Sign in with your organization" })).toHaveCount(0);
  service.people.ways.oidc = true;
  await page.reload();
  const button = page.getByRole("link", { name: "Sign in with your organization" });
  await expect(button).toBeVisible();
  await accessible(page);
  await button.press("Enter");
  await expect(page.getByRole("navigation", { name: "Main" })).toBeVisible();
});

test("who belongs to several organizations chooses one", async ({ studio: page, service }) => {
  const { people, organizations } = service;
  people.join("Lakeside museum", "viewer");
  await signIn(page);
  // Pictures name no organization: the service is told one before the first of them is asked for.
  await expect.poll(() => people.chosen).toBe("or_1");
  await expect(page.getByRole("button", { name: "Add photographs" }).first()).toBeVisible();
  await page.getByRole("button", { name: "Account" }).press("Enter");
  await accessible(page);
  await page.getByLabel("Organization").selectOption("Lakeside museum");
  await expect.poll(() => people.chosen).toBe("or_2");
  await expect(page.getByRole("heading", { name: "Bring your photographs" })).toBeVisible();
  await expect(page.getByRole("button", { name: "Add photographs" })).toHaveCount(0);
  await expect.poll(() => organizations.has("or_2")).toBe(true);
});

test("members are invited, get other roles and are removed, by keys", async ({
  studio: page,
  service,
}) => {
  const { people } = service;
  await signIn(page);
  await page.getByRole("button", { name: "Account" }).press("Enter");
  await page.getByRole("link", { name: "Members" }).press("Enter");
  await expect(page.getByRole("heading", { name: "Members 3" })).toBeVisible();
  await accessible(page);

  await page.getByLabel("Email address").fill("jean@archive.example");
  await page.getByRole("button", { name: "Invite" }).press("Enter");
  await expect(page.getByText("They are a member already.")).toBeVisible();
  await page.getByLabel("Email address").fill("mary@archive.example");
  await page.getByLabel("Role", { exact: true }).selectOption("Reviewer");
  await expect(page.getByText("accepts results or sends them back")).toBeVisible();
  await page.getByRole("button", { name: "Invite" }).press("Enter");
  const link = page.getByLabel("The link for mary@archive.example");
  await expect(link).toHaveValue(/#invitation=token-1$/);
  await page.getByRole("button", { name: "Copy the link" }).press("Enter");
  await expect(page.getByText(/The link is (copied|selected)/)).toBeVisible();
  await expect(page.getByRole("heading", { name: "Open invitations" })).toBeVisible();
  await accessible(page);
  const back = page.getByRole("button", { name: "Take the invitation of mary@archive.example" });
  await back.press("Enter");
  await expect(back).toHaveCount(0);
  expect(people.invitations.size).toBe(0);

  const role = page.getByLabel("Role of Jean Bartik");
  await role.selectOption("Editor");
  await expect(page.getByText("Jean Bartik is editor now.")).toBeVisible();
  // Somebody else was faster: nothing is done, and what they did is shown.
  people.change("me_3", "reviewer");
  await role.selectOption("Owner");
  await expect(page.getByText("Somebody has changed it meanwhile")).toBeVisible();
  await expect(role).toHaveValue("reviewer");

  await page.getByRole("button", { name: "Remove Jean Bartik" }).press("Enter");
  const dialog = page.getByRole("dialog", { name: "Remove Jean Bartik?" });
  await expect(dialog.getByText("their keys for it end")).toBeVisible();
  await accessible(page);
  await page.keyboard.press("Escape");
  expect(people.members.size).toBe(3);
  await page.getByRole("button", { name: "Remove Jean Bartik" }).press("Enter");
  await dialog.getByRole("button", { name: "Remove Jean Bartik" }).press("Enter");
  await expect(page.getByText("Jean Bartik was removed.")).toBeVisible();
  expect([...people.members.keys()]).toEqual(["me_1", "me_2"]);

  await page.getByRole("button", { name: "Leave the organization" }).press("Enter");
  const leaving = page.getByRole("dialog", { name: "Leave the organization?" });
  await leaving.getByRole("button", { name: "Leave the organization" }).press("Enter");
  await expect(leaving.getByText("An organization has at least one owner.")).toBeVisible();
});

test("who does not manage an organization sees who belongs to it", async ({
  studio: page,
  service,
}) => {
  service.people.places = [];
  service.people.join("Town archive", "editor");
  await signIn(page);
  await page.goto(`http://127.0.0.1:${service.port}/members`);
  await expect(page.getByText("Grace Hopper")).toBeVisible();
  await expect(page.getByRole("combobox")).toHaveCount(0);
  await expect(page.getByRole("button", { name: "Invite" })).toHaveCount(0);
  await expect(page.getByRole("button", { name: "Leave the organization" })).toHaveCount(1);
  await expect(page.getByRole("button", { name: /^Remove/ })).toHaveCount(0);
  await page.setViewportSize(PHONE);
  await fits(page);
});
