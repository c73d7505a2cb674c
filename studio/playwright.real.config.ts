import base from "./playwright.config";

// Against `photochrom serve` itself; tests/test_service_browser.py runs it.
export default { ...base, testDir: "tests/real", timeout: 900_000, expect: { timeout: 240_000 } };
