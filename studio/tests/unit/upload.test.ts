import { beforeEach, describe, expect, it, vi } from "vitest";

import { isPhotograph, sorted } from "../../src/upload/dropped";
import { Queue } from "../../src/upload/queue.svelte";
import { fingerprint, Memory } from "../../src/upload/remembered";
import type { Hooks } from "../../src/upload/sending";

const file = (name: string, size = 10) =>
  new File([new Uint8Array(size)], name, { lastModified: 1000 });

/** Stands in for the line: what is sent, and what becomes of it, is up to the test. */
class Line {
  sent: { name: string; url: string | null; hooks: Hooks; stopped: boolean | null }[] = [];

  send = async (file: File, url: string | null, hooks: Hooks) => {
    const one = { name: file.name, url, hooks, stopped: null as boolean | null };
    this.sent.push(one);
    return {
      stop: async (forGood: boolean) => {
        one.stopped = forGood;
      },
    };
  };

  hooks(at: number): Hooks {
    const one = this.sent[at];
    if (!one) throw new Error(`nothing was sent as number ${at}`);
    return one.hooks;
  }
}

describe("what is taken", () => {
  it.each(["a.tif", "A.TIFF", "b.JPG", "c.heic", "d.jp2"])("%s is a photograph", (name) => {
    expect(isPhotograph(name)).toBe(true);
  });

  it.each(["Thumbs.db", ".DS_Store", "._scan.tif", "a.xmp", "tif", "notes.txt"])(
    "%s is none",
    (name) => {
      expect(isPhotograph(name)).toBe(false);
    },
  );

  it("is in the order of names, numbers as numbers", () => {
    const taken = sorted([file("10.tif"), file("9.tif"), file("x.db")]);
    expect(taken.files.map((one) => one.name)).toEqual(["9.tif", "10.tif"]);
    expect(taken.skipped).toBe(1);
  });
});

describe("the queue", () => {
  let line: Line;
  let queue: Queue;
  let memory: Memory;
  const add = (...files: File[]) => queue.add({ files, skipped: 0 });
  const states = () => queue.uploads.map((one) => one.state);

  beforeEach(() => {
    vi.useFakeTimers();
    line = new Line();
    memory = new Memory("us_1");
    queue = new Queue(line.send);
    queue.open(memory);
    return () => vi.useRealTimers();
  });

  it("sends three at once, the next when one is done", () => {
    add(file("1.tif"), file("2.tif"), file("3.tif"), file("4.tif"));
    expect(line.sent.map((one) => one.name)).toEqual(["1.tif", "2.tif", "3.tif"]);
    line.hooks(1).done();
    expect(line.sent.at(-1)?.name).toBe("4.tif");
    expect(queue.done).toBe(1);
  });

  it("takes a file once, however often it is dropped", () => {
    add(file("1.tif"), file("1.tif"));
    add(file("1.tif"));
    expect(queue.uploads).toHaveLength(1);
  });

  it("goes on where it was when the line is back, however long that takes", () => {
    add(file("1.tif"));
    line.hooks(0).url("/v1/uploads/up_1");
    for (let cut = 0; cut < 20; cut += 1) {
      line.hooks(cut).trouble({ kind: "line", wait: 0 });
      expect(states()).toEqual(["waitingForLine"]);
      vi.advanceTimersByTime(30_000);
      expect(line.sent[cut + 1]?.url).toBe("/v1/uploads/up_1");
    }
    line.hooks(20).done();
    expect(states()).toEqual(["done"]);
  });

  it("waits as long as the service asks, unless the browser says that the line is back", () => {
    add(file("1.tif"));
    line.hooks(0).trouble({ kind: "line", wait: 20_000 });
    vi.advanceTimersByTime(19_000);
    expect(line.sent).toHaveLength(1);
    queue.online();
    expect(line.sent).toHaveLength(2);
  });

  it("begins anew what the service has forgotten", () => {
    add(file("1.tif"));
    line.hooks(0).url("/v1/uploads/up_1");
    line.hooks(0).trouble({ kind: "gone" });
    expect(line.sent[1]?.url).toBeNull();
  });

  it("one that is refused holds up no other, and can be tried again", () => {
    add(file("1.tif"), file("2.tif"), file("3.tif"), file("4.tif"));
    line.hooks(0).trouble({ kind: "refused", reason: "Too large." });
    expect(line.sent.at(-1)?.name).toBe("4.tif");
    expect(queue.failed[0]?.reason).toBe("Too large.");
    line.hooks(1).done();
    const [failed] = queue.failed;
    if (failed) queue.again(failed);
    expect(line.sent.at(-1)?.name).toBe("1.tif");
  });

  it("tells the service when somebody stops one", async () => {
    add(file("1.tif"));
    await vi.advanceTimersByTimeAsync(0);
    const [upload] = queue.uploads;
    if (upload) queue.stop(upload);
    expect(line.sent[0]?.stopped).toBe(true);
    expect(memory.all()).toEqual([]);
  });

  it("asks for what a reload has interrupted, and sends neither it nor what had arrived twice", () => {
    const files = [file("1.tif"), file("2.tif"), file("3.tif"), file("4.tif")];
    add(...files);
    line.hooks(0).url("/v1/uploads/up_1");
    line.hooks(1).done();

    const after = new Queue(line.send);
    after.open(new Memory("us_1"));
    expect(after.unfinished.map(([, one]) => one.name).sort()).toEqual(["1.tif", "3.tif", "4.tif"]);
    line.sent = [];
    after.add({ files, skipped: 0 });
    expect(after.unfinished).toEqual([]);
    expect(after.done).toBe(1);
    expect(line.sent.map((one) => [one.name, one.url])).toEqual([
      ["1.tif", "/v1/uploads/up_1"],
      ["3.tif", null],
      ["4.tif", null],
    ]);
  });

  it("sends nothing in the name of whoever signs in after somebody who was signed out", async () => {
    add(file("1.tif"), file("2.tif"));
    await vi.advanceTimersByTimeAsync(0);
    line.hooks(0).trouble({ kind: "line", wait: 0 });
    queue.open(new Memory("us_1"));
    expect(line.sent.map((one) => one.name)).toEqual(["1.tif", "2.tif", "1.tif"]);
    await vi.advanceTimersByTimeAsync(0);
    line.hooks(2).trouble({ kind: "line", wait: 0 });
    queue.open(new Memory("us_2"));
    await vi.advanceTimersByTimeAsync(60_000);
    expect(line.sent).toHaveLength(3);
    expect(line.sent[1]?.stopped).toBe(false);
    expect(queue.uploads).toEqual([]);
    expect(memory.all()).toHaveLength(2);
  });

  it("remembers nothing once all has arrived, and nothing of other people", () => {
    new Memory("us_2").put("theirs", { name: "x", size: 1, url: null, done: false });
    add(file("1.tif"));
    expect(memory.get(fingerprint(file("1.tif")))).not.toBeNull();
    line.hooks(0).done();
    expect(memory.all()).toEqual([]);
    expect(new Memory("us_2").all()).toHaveLength(1);
  });
});
