// `photochrom serve` in a process of its own, that can be killed and started again.
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

import { Line } from "./line";

const PYTHON = process.env["PHOTOCHROM_PYTHON"] ?? "python";

export class Serving {
  #process: ChildProcess | null = null;
  /** What it has printed, for a test that fails. */
  said = "";

  private constructor(
    readonly data: string,
    private readonly port: number,
    readonly line: Line,
  ) {}

  static async make(): Promise<Serving> {
    const port = await freePort();
    const data = mkdtempSync(join(tmpdir(), "photochrom-browser-"));
    return new Serving(data, port, await Line.to(port));
  }

  /** Where browsers reach it: by the line. */
  get url(): string {
    return `http://127.0.0.1:${this.line.port}`;
  }

  /** Starts it; returns the link for the first account, if there is none. */
  async start(): Promise<string | null> {
    const child = spawn(PYTHON, ["-m", "photochrom", "serve"], {
      // A group of its own, so that executors can be killed with it.
      detached: true,
      stdio: ["ignore", "pipe", "pipe"],
      env: {
        ...process.env,
        PHOTOCHROM_SERVICE_DATA: this.data,
        PHOTOCHROM_SERVICE_PORT: String(this.port),
        PHOTOCHROM_SERVICE_PUBLIC_URL: this.url,
        PHOTOCHROM_SERVICE_HEARTBEAT_SECONDS: "0.5",
        PHOTOCHROM_SERVICE_TAKEOVER_SECONDS: "4",
        PHOTOCHROM_SERVICE_WORKERS: "1",
      },
    });
    this.#process = child;
    let link: string | null = null;
    for (const stream of [child.stdout, child.stderr])
      createInterface({ input: stream }).on("line", (line) => {
        this.said += `${line}\n`;
        link ??= /http:\S+#setup=\S+/.exec(line)?.[0] ?? null;
      });
    await this.#isReady(child);
    return link;
  }

  /** As a power cut does: it, and all that it has started, at once. */
  async kill(): Promise<void> {
    const child = this.#process;
    if (!child?.pid || child.exitCode !== null) return;
    const gone = new Promise((done) => child.once("exit", done));
    process.kill(-child.pid, "SIGKILL");
    await gone;
    this.#process = null;
  }

  async end(): Promise<void> {
    await this.kill();
    this.line.close();
    rmSync(this.data, { recursive: true, force: true });
  }

  async #isReady(child: ChildProcess): Promise<void> {
    for (;;) {
      if (child.exitCode !== null) throw new Error(`the service has ended:\n${this.said}`);
      const answer = await fetch(`http://127.0.0.1:${this.port}/readyz`).catch(() => null);
      if (answer?.ok) return;
      await new Promise((done) => setTimeout(done, 200));
    }
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address() as AddressInfo;
  await new Promise((done) => server.close(done));
  return port;
}
