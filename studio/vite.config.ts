/// <reference types="vitest/config" />
import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig } from "vite";

import { licenses } from "./scripts/licenses";

// Where a service runs that `npm run dev` asks.
const service = process.env["PHOTOCHROM_URL"] ?? "http://127.0.0.1:8000";

export default defineConfig(({ mode }) => ({
  base: "/",
  plugins: [svelte(), licenses()],
  build: {
    // hatch_build.py names the package's folder; without it the pages stay here.
    outDir: process.env["PHOTOCHROM_STUDIO_OUT"] ?? "dist",
    emptyOutDir: true,
    target: "es2022",
    // The policy of the service lets fonts and scripts come from files of its own only.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    manifest: true,
    chunkSizeWarningLimit: 400,
  },
  server: { proxy: { "/v1": service } },
  // In tests too, state is what it is in browsers: the build of Svelte for servers has none that changes.
  resolve: mode === "test" ? { conditions: ["browser"] } : {},
  test: {
    environment: "jsdom",
    include: ["tests/unit/**/*.test.ts"],
    setupFiles: ["tests/unit/setup.ts"],
    restoreMocks: true,
  },
}));
