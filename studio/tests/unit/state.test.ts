import { beforeEach, describe, expect, it, vi } from "vitest";

import { Live } from "../../src/live/events.svelte";
import { Library } from "../../src/state/library.svelte";
import { Selection } from "../../src/state/selection.svelte";
import { photograph, restoration } from "./things";

const answer = (body: unknown, status = 200) =>
  new Response(JSON.stringify(body), { status, headers: { "Content-Type": "application/json" } });

describe("the library", () => {
  let library: Library;
  beforeEach(() => {
    library = new Library();
  });

  it("shows the newest first, whatever comes first", () => {
    ["ph_2", "ph_3", "ph_1"].forEach((id) => library.take(photograph(id)));
    library.take(photograph("ph_2", { title: "Mill" }));
    expect(library.order).toEqual(["ph_3", "ph_2", "ph_1"]);
    expect(library.list[1]?.title).toBe("Mill");
  });

  it("knows how each photograph stands, by its newest restoration", () => {
    library.take(photograph("a"));
    library.take(photograph("b", { state: "refused" }));
    library.take(photograph("c", { state: "received" }));
    expect(library.standing("a")).toBe("ready");
    expect(library.fresh).toEqual(["a"]);
    library.restorations.set("rs_1", restoration("rs_1", "a", "done"));
    library.restorations.set("rs_2", restoration("rs_2", "a", "working"));
    expect(library.standing("a")).toBe("working");
    expect(library.standing("b")).toBe("refused");
    expect(library.standing("c")).toBe("received");
    expect(library.fresh).toEqual([]);
    expect(library.versions("a").map((one) => one.restoration.id)).toEqual(["rs_2", "rs_1"]);
  });

  it("reads on page by page, each once", async () => {
    const asked: string[] = [];
    vi.spyOn(globalThis, "fetch").mockImplementation(async (request) => {
      const url = new URL((request as Request).url);
      if (url.pathname.endsWith("restorations")) return answer({ items: [], next: null });
      asked.push(url.searchParams.get("after") ?? "");
      const second = url.searchParams.has("after");
      return answer({
        items: [photograph(second ? "ph_1" : "ph_2")],
        next: second ? null : "ph_2",
      });
    });
    await library.refresh();
    expect(library.hasMore).toBe(true);
    await Promise.all([library.more(), library.more()]);
    await library.more();
    expect(asked).toEqual(["", "ph_2"]);
    expect(library.order).toEqual(["ph_2", "ph_1"]);
  });

  it("says what failed, and is as it was", async () => {
    vi.spyOn(globalThis, "fetch").mockRejectedValue(new TypeError("no line"));
    await library.refresh();
    expect(library.failure).toBeInstanceOf(TypeError);
    expect(library.loaded).toBe(false);
  });

  it("does not take an older answer for what events have said since", async () => {
    vi.spyOn(globalThis, "fetch").mockImplementation(async () => {
      library.restorations.set("rs_1", restoration("rs_1", "a", "done"));
      return answer(restoration("rs_1", "a", "waiting"), 201);
    });
    library.take(photograph("a"));
    await library.restore(["a"], "faithful", "");
    expect(library.standing("a")).toBe("done");
  });
});

describe("what is chosen", () => {
  it("keeps the order, and takes ranges both ways", () => {
    const selection = new Selection();
    const order = ["a", "b", "c", "d"];
    selection.toggle("d");
    selection.through("b", order);
    expect([...selection.ids]).toEqual(["d", "c", "b"]);
    selection.toggle("c");
    expect([...selection.ids]).toEqual(["d", "b"]);
    selection.through("a", order);
    expect([...selection.ids]).toEqual(["d", "b", "c", "a"].filter((one) => selection.has(one)));
  });
});

class Source extends EventTarget {
  static CLOSED = 2;
  static made: Source[] = [];
  readyState = 0;
  onopen = () => {};
  onerror = () => {};
  constructor() {
    super();
    Source.made.push(this);
  }
  close() {
    this.readyState = Source.CLOSED;
  }
}

describe("events", () => {
  beforeEach(() => {
    Source.made = [];
    vi.stubGlobal("EventSource", Source);
    vi.useFakeTimers();
    return () => {
      vi.useRealTimers();
      vi.unstubAllGlobals();
    };
  });

  const takers = () => ({
    photograph: vi.fn(),
    restoration: vi.fn(),
    job: vi.fn(),
    film: vi.fn(),
    missed: vi.fn(),
  });

  it("are handed on by their kind", () => {
    const to = takers();
    new Live(to).start();
    Source.made[0]?.dispatchEvent(new MessageEvent("job", { data: '{"id": "jb_1"}' }));
    expect(to.job).toHaveBeenCalledWith({ id: "jb_1" });
    expect(to.film).not.toHaveBeenCalled();
  });

  it("are opened again when the browser gives up, and what was missed is read", () => {
    const to = takers();
    const live = new Live(to);
    live.start();
    Source.made[0]?.onopen();
    expect(live.connected).toBe(true);
    expect(to.missed).not.toHaveBeenCalled();
    // A cut line is the browser's to mend.
    Source.made[0]?.onerror();
    vi.advanceTimersByTime(60_000);
    expect(Source.made).toHaveLength(1);
    Source.made[0]?.close();
    Source.made[0]?.onerror();
    expect(live.connected).toBe(false);
    vi.advanceTimersByTime(1000);
    expect(Source.made).toHaveLength(2);
    Source.made[1]?.onopen();
    expect(to.missed).toHaveBeenCalledTimes(1);
    // Nothing was heard: the browser has no id to go on from either.
    Source.made[1]?.onopen();
    expect(to.missed).toHaveBeenCalledTimes(2);
    Source.made[1]?.dispatchEvent(new MessageEvent("job", { data: "{}" }));
    Source.made[1]?.onopen();
    expect(to.missed).toHaveBeenCalledTimes(2);
    live.stop();
    expect(Source.made[1]?.readyState).toBe(Source.CLOSED);
  });
});
