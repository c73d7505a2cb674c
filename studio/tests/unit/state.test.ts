import { beforeEach, describe, expect, it, vi } from "vitest";

import type { Photograph, Version } from "../../src/api/things";
import { Batch } from "../../src/live/batch";
import { Live } from "../../src/live/events.svelte";
import { Films } from "../../src/state/films.svelte";
import { Library } from "../../src/state/library.svelte";
import { Selection } from "../../src/state/selection.svelte";
import { film, job, photograph, restoration, version } from "./things";

const answer = (body: unknown, status = 200) =>
  new Response(JSON.stringify(body), { status, headers: { "Content-Type": "application/json" } });

describe("the library", () => {
  let library: Library;
  beforeEach(() => {
    library = new Library();
  });

  /** A service whose photographs and versions are these. */
  function serve(photographs: Photograph[], versions: Version[] = []) {
    const asked: string[] = [];
    const spy = vi.spyOn(globalThis, "fetch").mockImplementation(async (request) => {
      const { url, method } = request as Request;
      const { pathname, searchParams } = new URL(url);
      asked.push(`${pathname}?${searchParams.get("after") ?? ""}`);
      const ids = searchParams.getAll("photograph");
      if (pathname === "/v1/versions")
        return answer(versions.filter((one) => ids.includes(one.photograph)));
      if (method === "POST") return answer(restoration("rs_9", job("jo_9", "restoration")), 202);
      const id = /photographs\/(.+)/.exec(pathname)?.[1];
      const one = photographs.find((one) => one.id === id);
      if (id) return one ? answer(one) : answer({ detail: "gone" }, 404);
      const after = searchParams.get("after") ?? "~";
      const items = photographs.filter((one) => one.id < after).slice(0, 2);
      const last = items.at(-1)?.id;
      return answer({ items, next: last === photographs.at(-1)?.id ? null : (last ?? null) });
    });
    return { asked, spy };
  }

  it("knows how each photograph stands, by its newest version that is not void", async () => {
    const list = ["f", "e", "d", "c", "b", "a"].map((id) => photograph(id));
    const [refused, received] = [photograph("b"), photograph("a")];
    list.splice(4, 2, { ...refused, state: "refused" }, { ...received, state: "received" });
    serve(list, [
      version("rs_3", "f", "waiting", { state: "cancelled" }),
      version("rs_2", "e", "waiting", { state: "running", total: 2 }),
      version("rs_2", "d", "working", { state: "running", total: 2 }),
      // What is said of it was true before its job was paused.
      version("rs_2", "c", "working", { state: "paused", total: 2 }),
      version("rs_1", "f", "done"),
      version("rs_0", "d", "waiting", { state: "cancelled" }),
    ]);
    await library.refresh();
    await library.more();
    await library.more();
    const standings = Object.fromEntries(library.order.map((id) => [id, library.standing(id)]));
    expect(standings).toEqual({
      ...{ f: "done", e: "waiting", d: "working", c: "waiting", b: "refused", a: "received" },
    });
    expect(library.fresh).toEqual([]);
    expect(library.versions("f").map((one) => one.restoration)).toEqual(["rs_3", "rs_1"]);
  });

  it("reads on page by page, each once", async () => {
    const { asked } = serve(["ph_3", "ph_2", "ph_1"].map((id) => photograph(id)));
    await library.refresh();
    expect(library.hasMore).toBe(true);
    await Promise.all([library.more(), library.more()]);
    await library.more();
    const pages = asked.filter((one) => one.startsWith("/v1/photographs"));
    expect(pages).toEqual(["/v1/photographs?", "/v1/photographs?ph_2"]);
    expect(library.order).toEqual(["ph_3", "ph_2", "ph_1"]);
  });

  it("reads once more what is asked for while it is being read", async () => {
    const list = [photograph("ph_1")];
    const { spy } = serve(list);
    let again = Promise.resolve();
    spy.mockImplementationOnce(async () => {
      const page = answer({ items: [...list], next: null });
      list.unshift(photograph("ph_2"));
      again = library.refresh();
      return page;
    });
    await library.refresh();
    await again;
    expect(library.order).toEqual(["ph_2", "ph_1"]);
  });

  it("says what failed, and is as it was", async () => {
    vi.spyOn(globalThis, "fetch").mockRejectedValue(new TypeError("no line"));
    await library.refresh();
    expect(library.failure).toBeInstanceOf(TypeError);
    expect(library.loaded).toBe(false);
  });

  it("reads what has changed, together, once; what is gone leaves", async () => {
    vi.useFakeTimers();
    const list = [photograph("ph_2"), photograph("ph_1")];
    const { asked } = serve(list);
    await library.refresh();
    asked.length = 0;
    list.unshift(photograph("ph_3"));
    list.pop();
    for (const id of ["ph_3", "ph_1", "ph_3"]) library.changed(id);
    await vi.advanceTimersByTimeAsync(1000);
    expect(asked.sort()).toEqual([
      "/v1/photographs/ph_1?",
      "/v1/photographs/ph_3?",
      // What was made of the new one may have been told before it was here.
      "/v1/versions?",
    ]);
    expect(library.order).toEqual(["ph_3", "ph_2"]);
    vi.useRealTimers();
  });

  it("does not take the answer to an order for what events have said since", async () => {
    vi.useFakeTimers();
    const versions: Version[] = [];
    serve([photograph("a")], versions);
    await library.refresh();
    await library.restore(["a"], "faithful", "");
    expect(library.standing("a")).toBe("waiting");
    versions.push(version("rs_9", "a", "done"));
    library.made("a");
    await vi.advanceTimersByTimeAsync(1000);
    expect(library.standing("a")).toBe("done");
    await library.restore(["a"], "faithful", "");
    expect(library.standing("a")).toBe("done");
    vi.useRealTimers();
  });
});

describe("films", () => {
  it("that are gone leave, and hold up no other", async () => {
    vi.useFakeTimers();
    const titles: Record<string, string> = { fi_1: "before", fi_2: "before" };
    const films = new Films();
    const asked: string[] = [];
    vi.spyOn(globalThis, "fetch").mockImplementation(async (request) => {
      const id = new URL((request as Request).url).pathname.split("/").at(-1) ?? "";
      asked.push(id);
      const title = titles[id];
      return title ? answer(film(id, job("jo_1", "film"), title)) : answer({}, 404);
    });
    await films.open("fi_1");
    await films.open("fi_2");
    delete titles["fi_1"];
    titles["fi_2"] = "after";
    films.changed("fi_1");
    films.changed("fi_2");
    await vi.advanceTimersByTimeAsync(60_000);
    expect(films.list.map((one) => one.title)).toEqual(["after"]);
    expect(asked).toHaveLength(4);
    vi.useRealTimers();
  });
});

describe("a batch", () => {
  beforeEach(() => {
    vi.useFakeTimers();
    return () => vi.useRealTimers();
  });

  it("reads some at a time, one after the other, and again what could not be read", async () => {
    const read: string[][] = [];
    let fails = true;
    const batch = new Batch(2, async (ids) => {
      read.push(ids);
      if (!fails) return;
      fails = false;
      throw new TypeError("no line");
    });
    batch.add("a", "b", "a", "c");
    await vi.advanceTimersByTimeAsync(150);
    expect(read).toEqual([["a", "b"]]);
    await vi.advanceTimersByTimeAsync(1000);
    expect(read.slice(1).flat().sort()).toEqual(["a", "b", "c"]);
    batch.add("d");
    batch.clear();
    await vi.advanceTimersByTimeAsync(1000);
    expect(read.flat()).not.toContain("d");
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
    expect([...selection.ids]).toEqual(["d", "b", "c", "a"]);
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
    restored: vi.fn(),
    film: vi.fn(),
    report: vi.fn(),
    job: vi.fn(),
    missed: vi.fn(),
  });

  it("are handed on by their kind", () => {
    const to = takers();
    new Live(to).start();
    Source.made[0]?.dispatchEvent(new MessageEvent("job", { data: '{"id": "jb_1"}' }));
    expect(to.job).toHaveBeenCalledWith({ id: "jb_1" });
    expect(to.restored).not.toHaveBeenCalled();
  });

  it("are opened again when the browser gives up, and what was missed is read", () => {
    const to = takers();
    const live = new Live(to);
    live.start();
    const hello = (at: number) => Source.made[at]?.dispatchEvent(new MessageEvent("hello"));
    Source.made[0]?.onopen();
    expect(live.connected).toBe(true);
    // Between the first reading of lists and the stream something may have happened.
    hello(0);
    expect(to.missed).toHaveBeenCalledTimes(1);
    // A cut line is the browser's to mend: it goes on from the last event.
    Source.made[0]?.onerror();
    vi.advanceTimersByTime(60_000);
    expect(Source.made).toHaveLength(1);
    hello(0);
    expect(to.missed).toHaveBeenCalledTimes(1);
    Source.made[0]?.close();
    Source.made[0]?.onerror();
    expect(live.connected).toBe(false);
    vi.advanceTimersByTime(1000);
    expect(Source.made).toHaveLength(2);
    hello(1);
    expect(to.missed).toHaveBeenCalledTimes(2);
    live.stop();
    expect(Source.made[1]?.readyState).toBe(Source.CLOSED);
  });
});
