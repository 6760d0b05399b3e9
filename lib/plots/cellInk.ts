/** The colour of text on a coloured cell: black or white, whichever stands out more. */

/** A colour scale: positions from 0 to 1 with their colours as `#rrggbb`. */
export type ColorScale = readonly (readonly [number, string])[];

const INKS = ['#111111', '#ffffff'] as const;

/**
 * @param at a position on the scale, from 0 to 1
 * @see https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio
 */
export function inkOn(scale: ColorScale, at: number): string {
  const next = Math.max(
    1,
    scale.findIndex(([position]) => position >= at),
  );
  const [[from, low], [to, high]] = [scale[next - 1]!, scale[next]!];
  const share = (at - from) / (to - from);
  const background = channels(high).map((value, i) => share * value + (1 - share) * channels(low)[i]!);
  const lightness = luminance(background) + 0.05;
  const [black, white] = INKS.map(ink => luminance(channels(ink)) + 0.05);
  return lightness / black! > white! / lightness ? INKS[0] : INKS[1];
}

function channels(color: string): number[] {
  return [1, 3, 5].map(at => Number.parseInt(color.slice(at, at + 2), 16) / 255);
}

/** Of channels from 0 to 1 as sRGB has them. */
function luminance(rgb: readonly number[]): number {
  const [red, green, blue] = rgb.map(value =>
    value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4,
  );
  return 0.2126 * red! + 0.7152 * green! + 0.0722 * blue!;
}
