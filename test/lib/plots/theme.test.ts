import { describe, expect, it } from 'vitest';
import { inkOn } from '../../../lib/plots/cellInk.ts';
import { DIVERGING, INK, SEQUENTIAL, SERIES, VIRIDIS } from '../../../lib/plots/theme.ts';

type Triple = [number, number, number];

/** Linear light of a colour of sRGB. */
const linear = (hex: string): Triple =>
  [1, 3, 5].map(at => {
    const value = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  }) as Triple;
const times = (rows: readonly Triple[], [x, y, z]: Triple): Triple =>
  rows.map(([a, b, c]) => a * x + b * y + c * z) as Triple;
const luminance = (hex: string) => times([[0.2126, 0.7152, 0.0722]], linear(hex))[0];

/** Machado, Oliveira and Fernandes (2009), severity 1. */
const VISIONS: Record<string, readonly Triple[]> = {
  protanopia: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deuteranopia: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritanopia: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
};
const XYZ: readonly Triple[] = [
  [0.4124, 0.3576, 0.1805],
  [0.2126, 0.7152, 0.0722],
  [0.0193, 0.1192, 0.9505],
];

function lab(light: Triple): Triple {
  const seen = light.map(value => Math.min(1, Math.max(0, value))) as Triple;
  const [x, y, z] = times(XYZ, seen).map((value, i) => {
    const share = value / [0.95047, 1, 1.08883][i]!;
    return share > 0.008856 ? Math.cbrt(share) : 7.787 * share + 16 / 116;
  }) as Triple;
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}

function closest(colours: readonly string[], vision: readonly Triple[]): number {
  const seen = colours.map(colour => lab(times(vision, linear(colour))));
  const distances = seen.flatMap((a, i) =>
    seen.slice(i + 1).map(b => Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2])),
  );
  return Math.min(...distances);
}

describe('the colours of plots', () => {
  it('have a contrast of 3:1 on a white page and on a nearly black one', () => {
    for (const colour of [...SERIES, INK]) {
      expect(1.05 / (luminance(colour) + 0.05), colour).toBeGreaterThan(3);
      expect((luminance(colour) + 0.05) / (luminance('#111111') + 0.05), colour).toBeGreaterThan(3);
    }
  });

  it('let text be read on every colour of a scale', () => {
    for (const scale of [SEQUENTIAL, DIVERGING, VIRIDIS]) {
      for (const [position, colour] of scale) {
        const [darker, lighter] = [colour, inkOn(scale, position)].map(luminance).sort((a, b) => a - b);
        expect((lighter! + 0.05) / (darker! + 0.05), colour).toBeGreaterThan(4.3);
      }
    }
  });

  it.each(Object.keys(VISIONS))('can be told apart with %s', name => {
    expect(closest(SERIES.slice(0, 6), VISIONS[name]!)).toBeGreaterThan(18);
    expect(closest(SERIES, VISIONS[name]!)).toBeGreaterThan(13);
  });
});
