import base from "./playwright.config";

// How long a film takes depends on what else the machine does: waiting ends late.
// Against `photochrom serve` itself; tests/test_service_browser.py runs it.
export default {
  ...base,
  testDir: "tests/real",
  timeout: 3_600_000,
  expect: { timeout: 1_200_000 },
};
