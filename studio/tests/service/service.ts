// A stand-in for the service over real HTTP, for tests of the studio: its API as the studio uses it, its
// policy for pages, uploads by tus whose line can be cut, and events. It keeps nothing.
import { readFileSync } from "node:fs";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { extname, join } from "node:path";

import { type Answer, type Asked, COOKIE, CSRF, People } from "./people";
import { scene } from "./pictures";
import { recordOf } from "./record";
import { World } from "./world";

// As src/photochrom/service/requests.py says it.
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; " +
  "media-src 'self' blob:; font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; " +
  "frame-ancestors 'none'";

const TYPES: Record<string, string> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".css": "text/css",
  ".svg": "image/svg+xml",
  ".woff2": "font/woff2",
};

interface Call {
  request: IncomingMessage;
  response: ServerResponse;
  url: URL;
  parts: string[];
  /** What the body says, if it is JSON. */
  asked: unknown;
}

export class Service {
  world = new World();
  people = new People();
  /** Organizations that requests have named. */
  organizations = new Set<string>();
  uploads = new Map<string, { name: string; size: number; bytes: number }>();
  /** Bytes after which an upload's line is cut, once. */
  cutAfter: number | null = null;
  /** Bytes after which nothing more is read of an upload, as on a line that hangs. */
  stall: number | null = null;
  /** Bytes received in bodies of uploads, all together. */
  received = 0;
  #server: Server;
  #sockets = new Set<Socket>();
  #number = 0;

  private constructor(private readonly pages: string) {
    this.#server = createServer((request, response) => void this.#answer(request, response));
    this.#server.on("connection", (socket) => {
      this.#sockets.add(socket);
      socket.on("close", () => this.#sockets.delete(socket));
    });
  }

  static async start(pages: string): Promise<Service> {
    const service = new Service(pages);
    await service.listen(0);
    return service;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  listen(port: number): Promise<void> {
    return new Promise((done) => this.#server.listen(port, "127.0.0.1", done));
  }

  /** Ends as a killed process does: nobody is told. */
  stop(): Promise<void> {
    const closed = new Promise<void>((done) => this.#server.close(() => done()));
    this.#sockets.forEach((socket) => socket.destroy());
    return closed;
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? "/", "http://service");
    const parts = url.pathname.split("/").filter(Boolean);
    const call: Call = { request, response, url, parts, asked: {} };
    this.organizations.add(String(request.headers["photochrom-organization"] ?? ""));
    response.setHeader("Content-Security-Policy", POLICY);
    if (parts[0] !== "v1") {
      this.#page(call);
      return;
    }
    const method = request.method ?? "";
    const isIn = request.headers.cookie?.includes(COOKIE) ?? false;
    if (url.pathname === "/v1/oidc/start") {
      // As a provider sends somebody back whom it knows.
      response.setHeader("Set-Cookie", `${COOKIE}; Path=/; HttpOnly; SameSite=Lax`);
      response.writeHead(303, { Location: "/" }).end();
      return;
    }
    const isForm = request.headers["content-type"]?.startsWith("application/json") ?? false;
    call.asked = isForm ? await json(request) : {};
    const about = parts.slice(1);
    const said = this.people.door(method, about, isIn, call.asked as Asked);
    if (said) this.#say(call, said);
    else if (!isIn) this.#problem(call, 401, "sign in first");
    else if (!["GET", "HEAD"].includes(method) && request.headers["x-csrf-token"] !== CSRF)
      this.#problem(call, 403, "the CSRF token is missing");
    else {
      const ifMatch = request.headers["if-match"];
      const answer = this.people.room(method, about, call.asked as Asked, ifMatch);
      if (answer) this.#say(call, answer);
      else await this.#known(call);
    }
  }

  async #known(call: Call): Promise<void> {
    const { parts, request } = call;
    const [, domain, id, more] = parts;
    const { world } = this;
    const isPost = request.method === "POST";
    const isDelete = request.method === "DELETE";
    if (domain === "events") this.#events(call);
    else if (domain === "uploads") await this.#upload(call, id);
    else if (domain === "photographs" && id && more) this.#scan(call, id);
    else if (domain === "photographs" && id && isDelete) {
      const revision = world.photographs.get(id)?.revision;
      if (request.headers["if-match"] === `"${revision}"`) {
        world.remove(id);
        call.response.writeHead(204).end();
      } else this.#problem(call, 412, "somebody has changed it since you read it");
    } else if ((domain === "films" || domain === "reports") && id && isDelete) {
      world.forget(domain === "films" ? "film" : "report", id);
      call.response.writeHead(204).end();
    } else if (domain === "photographs") this.#list(call, world.photographs, id);
    else if (domain === "restorations" && isPost) {
      const asked = call.asked as { photographs: string[]; recipe: string };
      this.#json(call, 202, world.restore(asked.photographs, asked.recipe));
    } else if (domain === "versions")
      this.#json(call, 200, world.versions(call.url.searchParams.getAll("photograph")));
    else if (domain === "results") this.#result(call, id ?? "");
    else if (domain === "jobs" && more === "items") {
      const made = world.restorations.get(world.jobs.get(id ?? "")?.about ?? "");
      const items = made?.items.map((one) => ({
        about: one.photograph,
        state: one.state,
        message: one.reason,
      }));
      this.#one(call, items && { items, next: null });
    } else if (domain === "jobs" && isPost && more) {
      const job = world.jobs.get(id ?? "");
      if (job) world.order(job, more);
      this.#one(call, job);
    } else if (domain === "jobs") this.#list(call, world.jobs, id);
    else if (domain === "productions") {
      const asked = call.asked as { title: string; photographs: string[] };
      const production = { ...asked, id: world.id("pr") };
      world.productions.set(production.id, production);
      this.#json(call, 201, production);
    } else if (domain === "films" && isPost) {
      this.#json(call, 202, world.film((call.asked as { production: string }).production));
    } else if (domain === "films") this.#list(call, world.films, id);
    else if (domain === "reports" && isPost) {
      this.#json(call, 202, world.report((call.asked as { photographs: string[] }).photographs));
    } else if (domain === "reports" && more) {
      const page = "<!doctype html><title>Report</title><h1>What was done</h1>";
      call.response.writeHead(200, { "Content-Type": "text/html" }).end(page);
    } else if (domain === "reports") this.#list(call, world.reports, id);
    else if (domain === "recipes")
      this.#json(call, 200, choices("faithful", "cinema", "scan-clean"));
    else if (domain === "emulsions")
      this.#json(call, 200, choices("blue-sensitive", "orthochromatic", "panchromatic", "unknown"));
    else this.#problem(call, 404, "there is no such thing");
  }

  #say(call: Call, { status, body, cookie }: Answer): void {
    if (cookie) call.response.setHeader("Set-Cookie", cookie);
    if (typeof body === "string") this.#problem(call, status, body);
    else if (status === 204) call.response.writeHead(204).end();
    else this.#json(call, status, body);
  }

  #list<Thing extends { id: string }>(call: Call, things: Map<string, Thing>, id?: string): void {
    if (id) {
      this.#one(call, things.get(id));
      return;
    }
    const query = call.url.searchParams;
    const limit = Number(query.get("limit") ?? 50);
    const after = query.get("after");
    const kind = query.get("kind");
    const all = [...things.values()]
      .filter((one) => !kind || ("kind" in one && one.kind === kind))
      .sort((a, b) => (a.id < b.id ? 1 : -1));
    const rest = after ? all.filter((one) => one.id < after) : all;
    const items = rest.slice(0, limit);
    this.#json(call, 200, { items, next: rest.length > limit ? items.at(-1)?.id : null });
  }

  #one(call: Call, thing: unknown): void {
    if (thing) this.#json(call, 200, thing);
    else this.#problem(call, 404, "there is no such thing");
  }

  #events({ request, response }: Call): void {
    response.writeHead(200, { "Content-Type": "text/event-stream", "Cache-Control": "no-store" });
    const send = (event: { kind: string; data: object; number: number }) =>
      response.write(
        `id: ${event.number}\nevent: ${event.kind}\ndata: ${JSON.stringify(event.data)}\n\n`,
      );
    const last = request.headers["last-event-id"];
    response.write("retry: 300\n\n");
    send({ kind: "hello", data: {}, number: Number(last ?? this.world.events.length) });
    if (last) this.world.events.slice(Number(last)).forEach(send);
    request.on("close", this.world.listen(send));
  }

  async #upload(call: Call, id?: string): Promise<void> {
    const { request, response } = call;
    response.setHeader("Tus-Resumable", "1.0.0");
    if (request.method === "POST") {
      const metadata = String(request.headers["upload-metadata"] ?? "");
      const coded = metadata
        .split(",")
        .find((one) => one.startsWith("filename "))
        ?.split(" ")[1];
      const name = Buffer.from(coded ?? "", "base64").toString();
      if (name.includes("huge")) {
        this.#problem(call, 413, "more bytes than are taken");
        return;
      }
      this.#number += 1;
      const made = `up_${this.#number}`;
      this.uploads.set(made, { name, size: Number(request.headers["upload-length"]), bytes: 0 });
      response.writeHead(201, { Location: `/v1/uploads/${made}` }).end();
      return;
    }
    const upload = this.uploads.get(id ?? "");
    if (!upload) {
      this.#problem(call, 404, "there is no such upload");
      return;
    }
    response.setHeader("Upload-Offset", upload.bytes);
    if (request.method === "DELETE") {
      this.uploads.delete(id ?? "");
      response.writeHead(204).end();
    } else if (request.method === "HEAD") {
      response.writeHead(200, { "Upload-Length": upload.size, "Cache-Control": "no-store" }).end();
    } else if (Number(request.headers["upload-offset"]) !== upload.bytes) {
      // Browsers send a request again by themselves when the line of the first was cut.
      this.#problem(call, 409, "the upload is at another offset");
    } else await this.#patch(call, upload);
  }

  async #patch({ request, response }: Call, upload: { name: string; size: number; bytes: number }) {
    try {
      for await (const block of request as AsyncIterable<Buffer>) {
        upload.bytes += block.length;
        this.received += block.length;
        if (this.stall !== null && upload.bytes >= this.stall)
          await new Promise((gone) => request.once("close", gone));
        if (this.cutAfter !== null && upload.bytes >= this.cutAfter) {
          this.cutAfter = null;
          request.socket.destroy();
          return;
        }
      }
    } catch {
      // The line was cut from the other side; what has arrived is kept.
      return;
    }
    if (upload.bytes === upload.size) this.world.receive(upload.name, upload.size);
    response.writeHead(204, { "Upload-Offset": upload.bytes }).end();
  }

  #scan(call: Call, id: string): void {
    const photograph = this.world.photographs.get(id);
    if (!photograph?.width || !photograph.height) this.#problem(call, 404, "there is no picture");
    else this.#png(call, id, photograph.width, photograph.height, false);
  }

  #result(call: Call, id: string): void {
    const [of, photograph, made] = id.split(".");
    const kind = made ?? photograph;
    const shown = this.world.photographs.get(photograph ?? "");
    if (kind === "record") this.#json(call, 200, recordOf(shown?.filename ?? "", true));
    else if (shown?.width && shown.height)
      this.#png(call, shown.id, shown.width, shown.height, true);
    else if (kind === "poster") this.#png(call, "1", 640, 360, true);
    else if (of && kind === "captions") {
      const text = "WEBVTT\n\n00:00.000 --> 00:04.000\nThe mill, about 1912.\n";
      call.response.writeHead(200, { "Content-Type": "text/vtt" }).end(text);
    } else call.response.writeHead(200, { "Content-Type": "video/mp4" }).end();
  }

  #png(call: Call, id: string, width: number, height: number, colored: boolean): void {
    const number = Number(id.replace(/\D/g, ""));
    call.response
      .writeHead(200, { "Content-Type": "image/png", "Cache-Control": "private, max-age=60" })
      .end(scene(number, width, height, colored));
  }

  #page({ response, url }: Call): void {
    const name = extname(url.pathname) ? url.pathname : "/index.html";
    try {
      const bytes = readFileSync(join(this.pages, name));
      response.writeHead(200, { "Content-Type": TYPES[extname(name)] ?? "text/plain" }).end(bytes);
    } catch {
      response.writeHead(404).end();
    }
  }

  #json({ response }: Call, status: number, thing: unknown): void {
    response.writeHead(status, { "Content-Type": "application/json" }).end(JSON.stringify(thing));
  }

  #problem({ response }: Call, status: number, detail: string): void {
    const problem = {
      type: "about:blank",
      status,
      code: "",
      title: "",
      detail,
      request: "rq_1",
      faults: [],
    };
    response
      .writeHead(status, { "Content-Type": "application/problem+json" })
      .end(JSON.stringify(problem));
  }
}

const choices = (...names: string[]) => names.map((name) => ({ name, description: "" }));

async function json(request: IncomingMessage): Promise<unknown> {
  const blocks: Buffer[] = [];
  for await (const block of request as AsyncIterable<Buffer>) blocks.push(block);
  return JSON.parse(Buffer.concat(blocks).toString() || "{}") as unknown;
}
