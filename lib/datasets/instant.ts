/** Days and times in texts. */

/** A day, or a day and a time, with or without an offset from UTC. */
const INSTANT =
  /^(\d{4}-\d{2}-\d{2})(?:[T ]([01]\d|2[0-3])(?::([0-5]\d)(?::([0-5]\d(?:\.\d{1,9})?))?)?(?:Z|([+-](?:[01]\d|2[0-3]))(?::?([0-5]\d))?)?)?$/;

/**
 * The instant that a text names, by the rules of Arrow's cast from text; a time without an offset is one of UTC, so that a
 * file means the same on every machine. Of fractions of a second a `Date` holds milliseconds.
 *
 * @example parseInstant('2024-01-02 10:30+05:30'); // 2024-01-02T05:00:00.000Z
 */
export function parseInstant(text: string): Date | undefined {
  const match = INSTANT.exec(text);
  if (!match) return undefined;
  const [, day = '', hour = '00', minute = '00', second = '00', zoneHour = '+00', zoneMinute = '00'] = match;
  // JavaScript takes 31 February for 2 March.
  if (new Date(day).getUTCDate() !== Number(day.slice(8))) return undefined;
  return new Date(`${day}T${hour}:${minute}:${second}${zoneHour}:${zoneMinute}`);
}
