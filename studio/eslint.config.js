import js from "@eslint/js";
import svelte from "eslint-plugin-svelte";
import globals from "globals";
import ts from "typescript-eslint";

import svelteConfig from "./svelte.config.js";

export default ts.config(
  { ignores: ["dist/", "node_modules/", "src/api/schema.d.ts", "test-results/", "looks/"] },
  js.configs.recommended,
  ...ts.configs.strict,
  ...svelte.configs.recommended,
  { languageOptions: { globals: { ...globals.browser, ...globals.node } } },
  {
    files: ["**/*.svelte", "**/*.svelte.ts"],
    languageOptions: {
      parserOptions: { parser: ts.parser, extraFileExtensions: [".svelte"], svelteConfig },
    },
    // Links are paths of this router's own.
    rules: { "svelte/no-navigation-without-resolve": "off" },
  },
  {
    rules: {
      // TypeScript knows what is there.
      "no-undef": "off",
      "no-console": "error",
      eqeqeq: "error",
      // It takes sets that a function forgets for ones that a page shows.
      "svelte/prefer-svelte-reactivity": "off",
    },
  },
  { files: ["scripts/**"], rules: { "no-console": "off" } },
);
