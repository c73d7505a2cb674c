// The line between a browser and the service: it passes everything on, until it is cut.
import { connect, createServer, type AddressInfo, type Server, type Socket } from "node:net";

export class Line {
  #server: Server;
  #sockets = new Set<Socket>();
  #isCut = false;
  #left = Infinity;
  /** Bytes that have gone to the service. */
  sent = 0;

  private constructor(private readonly to: number) {
    this.#server = createServer((browser) => this.#pass(browser));
  }

  static async to(port: number): Promise<Line> {
    const line = new Line(port);
    await new Promise<void>((done) => line.#server.listen(0, "127.0.0.1", done));
    return line;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  get isCut(): boolean {
    return this.#isCut;
  }

  /** Cuts the line once so many bytes more have gone through. */
  cutAfter(bytes: number): void {
    this.#left = bytes;
  }

  mend(): void {
    this.#isCut = false;
    this.#left = Infinity;
  }

  close(): void {
    this.#server.close();
    this.#drop();
  }

  #pass(browser: Socket): void {
    if (this.#isCut) {
      browser.destroy();
      return;
    }
    const service = connect(this.to, "127.0.0.1");
    for (const [one, other] of [
      [browser, service],
      [service, browser],
    ] as const) {
      this.#sockets.add(one);
      // Whoever is at the other end learns of it by the line's end.
      one.on("error", () => one.destroy());
      one.on("close", () => {
        this.#sockets.delete(one);
        other.destroy();
      });
    }
    browser.on("data", (block) => {
      this.sent += block.length;
      this.#left -= block.length;
      if (this.#left < 0) {
        this.#isCut = true;
        this.#drop();
      }
    });
    browser.pipe(service);
    service.pipe(browser);
  }

  #drop(): void {
    this.#sockets.forEach((socket) => socket.destroy());
  }
}
