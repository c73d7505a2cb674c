import { existsSync } from "node:fs";

import { defineConfig } from "@playwright/test";

// A browser that is installed, or one that `npx playwright install chromium` has brought.
const told = process.env["CHROMIUM"];
const installed =
  told ?? ["/usr/bin/chromium", "/usr/bin/google-chrome"].find((one) => existsSync(one));

export default defineConfig({
  testDir: "tests/browser",
  outputDir: "test-results",
  workers: 1,
  timeout: 300_000,
  expect: { timeout: 30_000 },
  reporter: [["list"]],
  use: {
    browserName: "chromium",
    viewport: { width: 1440, height: 900 },
    launchOptions: {
      args: ["--no-sandbox"],
      ...(installed ? { executablePath: installed } : {}),
    },
  },
});
