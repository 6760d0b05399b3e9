/** The little of a canvas that plotly.js paints heat maps with: filled rectangles, pixels, and the PNG of them. */
import { encodePng } from './png.ts';

/** A canvas element, of which a document without a browser has only the size. */
export interface CanvasElement {
  width: number;
  height: number;
}

export interface Canvas {
  fillStyle: string;
  fillRect(x: number, y: number, width: number, height: number): void;
  createImageData(width: number, height: number): { width: number; height: number; data: Uint8ClampedArray };
  putImageData(image: { width: number; height: number; data: ArrayLike<number> }, x: number, y: number): void;
  toDataURL(): string;
}

/** Makes the painting surface of a canvas element of the size that it has now. */
export function createCanvas({ width, height }: CanvasElement): Canvas {
  const rgba = new Uint8Array(width * height * 4);
  return {
    fillStyle: '',
    fillRect(x, y, rectWidth, rectHeight) {
      const [red = 0, green = 0, blue = 0, alpha = 1] = (this.fillStyle.match(/[\d.]+/g) ?? []).map(Number);
      const colour = [red, green, blue, Math.round(alpha * 255)];
      for (let row = clamp(y, height); row < clamp(y + rectHeight, height); row++) {
        for (let column = clamp(x, width); column < clamp(x + rectWidth, width); column++) {
          rgba.set(colour, 4 * (row * width + column));
        }
      }
    },
    createImageData: (imageWidth, imageHeight) => ({
      width: imageWidth,
      height: imageHeight,
      data: new Uint8ClampedArray(imageWidth * imageHeight * 4),
    }),
    putImageData(image, x, y) {
      for (let row = 0; row < Math.min(image.height, height - y); row++) {
        const from = 4 * row * image.width;
        const line = Array.prototype.slice.call(
          image.data,
          from,
          from + 4 * Math.min(image.width, width - x),
        );
        rgba.set(line, 4 * ((row + y) * width + x));
      }
    },
    toDataURL: () =>
      `data:image/png;base64,${Buffer.from(encodePng({ width, height, rgba }, 1)).toString('base64')}`,
  };
}

function clamp(position: number, size: number): number {
  return Math.min(size, Math.max(0, Math.round(position)));
}
