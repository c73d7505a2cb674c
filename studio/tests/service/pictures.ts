// Small landscapes, as a plate has them and in color, written as PNG: pictures for tests that are in nobody's
// repository and belong to nobody.
import { deflateSync } from "node:zlib";

type Color = [number, number, number];

const SCENES: { sky: Color; far: Color; near: Color; sun: number }[] = [
  { sky: [176, 204, 222], far: [128, 146, 120], near: [74, 92, 58], sun: 0.7 },
  { sky: [214, 198, 176], far: [150, 132, 110], near: [88, 76, 60], sun: 0.3 },
  { sky: [158, 186, 206], far: [104, 128, 146], near: [60, 84, 92], sun: 0.55 },
  { sky: [222, 208, 190], far: [168, 146, 104], near: [112, 96, 50], sun: 0.85 },
];

/** Reproducible noise in -1..1. */
function noise(x: number, y: number): number {
  const value = Math.sin(x * 12.9898 + y * 78.233) * 43758.5453;
  return (value - Math.floor(value)) * 2 - 1;
}

function colorAt(scene: number, x: number, y: number): Color {
  const { sky, far, near, sun } = SCENES[scene % SCENES.length] as (typeof SCENES)[number];
  const ridge = 0.5 + 0.1 * Math.sin(x * 5 + scene) + 0.05 * Math.sin(x * 13 + scene * 2);
  const shore = 0.74 + 0.06 * Math.sin(x * 4 + scene * 3);
  if (y > shore) return near;
  if (y > ridge) return far;
  if (Math.hypot((x - sun) * 1.4, y - 0.25) < 0.07) return [246, 226, 170];
  const haze = 1 - 0.25 * (ridge - y);
  return [sky[0] * haze, sky[1] * haze, sky[2] * haze];
}

/** A PNG of one of the scenes. */
export function scene(number: number, width: number, height: number, colored: boolean): Buffer {
  const rows = Buffer.alloc(height * (1 + width * 3));
  for (let y = 0; y < height; y += 1)
    for (let x = 0; x < width; x += 1) {
      const [r, g, b] = colorAt(number, x / width, y / height);
      const grain = noise(x, y) * (colored ? 4 : 9);
      const gray = 0.3 * r + 0.59 * g + 0.11 * b;
      const pixel = colored ? [r, g, b] : [gray, gray, gray];
      const at = y * (1 + width * 3) + 1 + x * 3;
      pixel.forEach((value, i) =>
        rows.writeUInt8(Math.max(0, Math.min(255, value + grain)) | 0, at + i),
      );
    }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 2, 0, 0, 0], 8);
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk("IHDR", header),
    chunk("IDAT", deflateSync(rows)),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

/** The same picture in a larger file: with a chunk that readers of PNG leave out. */
export function padded(png: Buffer, bytes: number): Buffer {
  const end = png.length - 12;
  // What can be packed would tell a line nothing.
  const filling = Buffer.alloc(bytes);
  for (let at = 0; at < bytes; at += 1) filling[at] = Math.imul(at, 2654435761) >>> 13;
  return Buffer.concat([png.subarray(0, end), chunk("phCh", filling), png.subarray(end)]);
}

function chunk(kind: string, data: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  const body = Buffer.concat([Buffer.from(kind, "ascii"), data]);
  const check = Buffer.alloc(4);
  check.writeUInt32BE(crc(body));
  return Buffer.concat([length, body, check]);
}

function crc(bytes: Buffer): number {
  let value = 0xffffffff;
  for (const byte of bytes) {
    value ^= byte;
    for (let bit = 0; bit < 8; bit += 1)
      value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
  }
  return (value ^ 0xffffffff) >>> 0;
}
