// Two pictures, one over the other, that move as one. The library is loaded with the first picture.
import type { Viewer } from "openseadragon";

import { t } from "../text";

export interface Zoom {
  in(): void;
  out(): void;
  all(): void;
  close(): void;
}

/**
 * Opens deep zoom.
 *
 * @param below - Where the picture before goes, with its address.
 * @param above - Where the one after goes; it takes the pointer and the keys. Without it, the one below does.
 */
export async function openZoom(
  below: [HTMLElement, string],
  above: [HTMLElement, string] | null,
): Promise<Zoom> {
  const { default: OpenSeadragon } = await import("openseadragon");
  const viewer = ([element, url]: [HTMLElement, string]): Viewer =>
    OpenSeadragon({
      element,
      tileSources: { type: "image", url },
      // On WebGL in software a frame takes seconds, and which it is cannot be asked.
      drawer: "canvas",
      showNavigationControl: false,
      showNavigator: false,
      animationTime: matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : 0.5,
      visibilityRatio: 0.5,
      minZoomImageRatio: 0.9,
      maxZoomPixelRatio: 4,
      gestureSettingsMouse: { clickToZoom: false, dblClickToZoom: true },
      gestureSettingsTouch: { dblClickToZoom: true },
    });

  const lower = viewer(below);
  const leader = above ? viewer(above) : lower;
  if (leader !== lower) {
    lower.setMouseNavEnabled(false);
    lower.canvas.tabIndex = -1;
    const follow = () => {
      if (!leader.viewport || !lower.viewport) return;
      lower.viewport.fitBounds(leader.viewport.getBoundsNoRotate(true), true);
      lower.forceRedraw();
    };
    leader.addHandler("update-viewport", follow);
    leader.addHandler("open", follow);
    lower.addHandler("open", follow);
  }
  leader.canvas.setAttribute("role", "application");
  leader.canvas.setAttribute("aria-label", t.photograph.picture);

  const by = (factor: number) => {
    leader.viewport.zoomBy(factor);
    leader.viewport.applyConstraints();
  };
  const viewers = leader === lower ? [lower] : [lower, leader];
  try {
    await Promise.all(viewers.map(opened));
  } catch (error) {
    // What it says of it is for whoever writes programs.
    viewers.forEach((one) => one.destroy());
    throw error;
  }
  return {
    in: () => by(1.6),
    out: () => by(1 / 1.6),
    all: () => leader.viewport.goHome(),
    close: () => viewers.forEach((one) => one.destroy()),
  };
}

function opened(viewer: Viewer): Promise<void> {
  return new Promise((done, fail) => {
    viewer.addOnceHandler("open", () => done());
    viewer.addOnceHandler("open-failed", () => fail(new TypeError("a picture did not arrive")));
  });
}
