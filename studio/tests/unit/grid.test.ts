import { describe, expect, it } from "vitest";

import { arranged, rows } from "../../src/parts/arranging";
import { moved } from "../../src/parts/moving";
import { photograph } from "./things";

const many = (count: number) =>
  Array.from({ length: count }, (_, number) =>
    photograph(`p${number}`, number % 2 ? { width: 200, height: 300 } : {}),
  );

describe("rows of pictures", () => {
  it("fill the width to the pixel, but the last", () => {
    const found = rows(many(23), 1001, 200, 16);
    expect(found.length).toBeGreaterThan(3);
    for (const row of found.slice(0, -1)) {
      const gaps = 16 * (row.ids.length - 1);
      expect(row.widths.reduce((sum, one) => sum + one, gaps)).toBe(1001);
    }
  });

  it("hold every picture once, in order", () => {
    const list = many(23);
    expect(rows(list, 700, 200, 16).flatMap((row) => row.ids)).toEqual(list.map((one) => one.id));
  });

  it("do not blow up the last row, nor one picture alone", () => {
    expect(rows(many(1), 1400, 200, 16)[0]?.height).toBe(200);
    expect(rows(many(23), 1001, 200, 16).at(-1)?.height).toBeLessThanOrEqual(200);
  });

  it("keep panoramas, strips and what has no size yet in bounds", () => {
    const odd = [
      photograph("pano", { width: 9000, height: 300 }),
      photograph("strip", { width: 100, height: 4000 }),
      photograph("none", { width: null, height: null }),
    ];
    for (const row of rows(odd, 390, 138, 10)) {
      expect(row.widths.every((width) => width > 40 && width <= 390)).toBe(true);
      expect(row.height).toBeGreaterThan(100);
    }
  });
});

describe("arrow keys", () => {
  const grid = [
    { ids: ["a", "b", "c"], widths: [100, 100, 100], height: 50 },
    { ids: ["d", "e"], widths: [150, 150], height: 50 },
  ];

  it.each([
    ["a", "ArrowRight", "b"],
    ["c", "ArrowRight", "d"],
    ["d", "ArrowLeft", "c"],
    ["c", "ArrowDown", "e"],
    ["d", "ArrowUp", "a"],
    ["b", "Home", "a"],
    ["b", "End", "e"],
    ["a", "ArrowLeft", null],
    ["e", "ArrowDown", null],
    ["a", "x", null],
    ["gone", "ArrowRight", null],
  ])("from %s by %s to %s", (from, key, to) => {
    expect(moved(grid, from, key)).toBe(to);
  });
});

describe("the order of a film", () => {
  const list = [
    photograph("1", { date: "1931", filename: "10.tif" }),
    photograph("2", { filename: "9.tif" }),
    photograph("3", { date: "about May 1890", filename: "11.tif" }),
    photograph("4", { date: "192X", filename: "12.tif" }),
    photograph("5", { filename: "1.tif", found: { ...photograph("").found, year: 1905 } }),
  ];
  const ids = (how: Parameters<typeof arranged>[1]) => arranged(list, how).map((one) => one.id);

  it("is as chosen, oldest first with the undated last, or by name with numbers as numbers", () => {
    expect(ids("chosen")).toEqual(["1", "2", "3", "4", "5"]);
    expect(ids("oldest")).toEqual(["3", "5", "4", "1", "2"]);
    expect(ids("name")).toEqual(["5", "2", "1", "3", "4"]);
  });
});
