import { describe, expect, it } from "vitest";

import { ApiError, errorOf, said, sentence } from "../../src/api/problem";
import { largest, medium, sizeOf, small, toDownload } from "../../src/api/results";
import { certaintyOf, digestsOf, stepsOf } from "../../src/parts/record";
import { t } from "../../src/text";
import { troubleOf } from "../../src/upload/sending";
import { recordOf } from "../service/record";
import { result } from "./things";

describe("what went wrong", () => {
  it("is said in sentences", () => {
    expect(sentence("the file ends early")).toBe("The file ends early.");
    expect(sentence(" Done! ")).toBe("Done!");
    expect(sentence("")).toBe(t.errors.unknown);
  });

  it("is the service's own detail, but for its own faults", () => {
    expect(errorOf(422, { detail: "title: is empty" }).message).toBe("Title: is empty.");
    expect(errorOf(500, { detail: "KeyError" }).message).toBe(t.errors.service);
    expect(errorOf(502, "<html>").message).toBe(t.errors.service);
    expect(said(new TypeError("Failed to fetch"))).toBe(t.errors.offline);
    expect(said(new ApiError(409, "It runs."))).toBe("It runs.");
  });

  const failed = (status: number, body = "", retry = "") => {
    const response = { getStatus: () => status, getBody: () => body, getHeader: () => retry };
    return Object.assign(new Error(), { originalResponse: status ? response : null });
  };

  it.each([0, 401, 423, 429, 500, 503])("status %i of an upload is tried again", (status) => {
    expect(troubleOf(failed(status) as never)).toMatchObject({ kind: "line" });
  });

  it("an upload waits as long as it is told to", () => {
    expect(troubleOf(failed(503, "", "7") as never)).toEqual({ kind: "line", wait: 7000 });
  });

  it("an upload that is not there is begun anew; one that is not wanted is given up", () => {
    expect(troubleOf(failed(404) as never)).toEqual({ kind: "gone" });
    expect(troubleOf(failed(413) as never)).toEqual({ kind: "refused", reason: t.upload.tooLarge });
    expect(troubleOf(failed(403, '{"detail": "the quota is used up"}') as never)).toEqual({
      kind: "refused",
      reason: "The quota is used up.",
    });
    expect(troubleOf(failed(400, "<html>") as never)).toMatchObject({ kind: "refused" });
  });
});

describe("results", () => {
  const results = [
    result("picture", "image/tiff", 9000),
    result("preview", "image/jpeg", 300),
    result("thumbnail", "image/jpeg", 20),
    result("record", "application/json", 5),
  ];

  it("are shown by what browsers can show", () => {
    expect(small(results)?.kind).toBe("thumbnail");
    expect(medium(results)?.kind).toBe("preview");
    expect(largest(results)?.kind).toBe("preview");
    expect(largest([...results, result("picture", "image/png", 7000)])?.media_type).toBe(
      "image/png",
    );
    expect(small([result("picture", "image/tiff", 9000)])).toBeUndefined();
  });

  it("are downloaded without the copies that pages show", () => {
    expect(toDownload(results).map((one) => one.kind)).toEqual(["picture", "record"]);
  });

  it.each([
    [0, "0 bytes"],
    [1, "1 byte"],
    [999, "999 bytes"],
    [2100, "2.1 kB"],
    [48_000_000, "48 MB"],
    [4e12, "4 TB"],
  ])("of %i bytes are %s", (bytes, words) => {
    expect(sizeOf(bytes)).toBe(words);
  });
});

describe("a record", () => {
  it("says how sure the network was, and nothing where there is no color", () => {
    expect(certaintyOf(recordOf("a.tif", true))).toBe(60);
    expect(certaintyOf(recordOf("a.tif", false))).toBeNull();
    const gray = recordOf("a.tif", true);
    const color = gray.steps.find((step) => step.name === "color");
    if (color) color.params["saturation"] = 0;
    expect(certaintyOf(gray)).toBeNull();
  });

  it("says every step in words, also one that this studio does not know", () => {
    const record = recordOf("a.tif", true);
    record.steps.push({ name: "unheard", version: 7, params: {}, models: [], notes: {} });
    const said = stepsOf(record);
    expect(said.map((step) => step.name)).toEqual([
      ...["Tone", "Repair", "Clean", "Clarity", "Color", "Grain"],
      "unheard",
    ]);
    expect(said[1]?.what).toBe("12 damaged places filled (0.4 % of the picture).");
    expect(said.every((step) => step.what.endsWith("."))).toBe(true);
    expect(said[6]?.version).toBe("version 7");
  });

  it("says small shares as the statement does", () => {
    const record = recordOf("a.tif", true);
    const repair = record.steps.find((step) => step.name === "repair");
    if (repair) repair.notes = { regions: 1, share: 0.0007 };
    expect(stepsOf(record)[1]?.what).toBe(
      "1 damaged place filled (less than 0.1 % of the picture).",
    );
  });

  it("leaves out steps that had nothing to do, and says what was given back", () => {
    const record = recordOf("a.tif", true);
    const fading = { name: "fading", version: 1, params: {}, models: [], notes: {} };
    record.steps.unshift({ ...fading, notes: { idle: "the photograph is not in color" } });
    expect(stepsOf(record)[0]?.name).toBe("Tone");
    record.steps[0] = fading;
    expect(stepsOf(record)[0]?.what).toBe(t.record.said.fading);
  });

  it("names every digest once: scan, results, recipe, networks", () => {
    expect(digestsOf(recordOf("a.tif", true)).map((one) => one.what)).toEqual([
      "Scan: a.tif",
      "a.tif",
      "Recipe: faithful",
      "Network “defects”",
      "Network “color”",
    ]);
  });
});
