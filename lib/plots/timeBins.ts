/** Widths of bins along a time axis: what clocks and calendars count in, as far as all are equally wide. */
import { plural } from '../host.ts';
import { shortDate } from './words.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;
export const WEEK = 7 * DAY;

/** Bins begin at multiples of their width from here on: weeks on a Monday, days at midnight, in UTC. */
export const TIME_ORIGIN = 4 * DAY;

/** In milliseconds; months and years are not equally wide. */
export const TIME_WIDTHS: readonly number[] = [
  ...[1, 5, 15, 30].map(count => count * SECOND),
  ...[1, 5, 15, 30].map(count => count * MINUTE),
  ...[1, 3, 6, 12].map(count => count * HOUR),
  DAY,
  ...[1, 2, 4, 13, 26, 52, 104, 260, 520, 1040, 2600, 5200].map(count => count * WEEK),
];

/** `4 weeks`, `1 day`, `15 minutes`. */
export function formatDuration(width: number): string {
  const units = { week: WEEK, day: DAY, hour: HOUR, minute: MINUTE };
  const [unit, length] = Object.entries(units).find(([, each]) => width % each === 0) ?? ['second', SECOND];
  return plural(width / length, unit);
}

/** A time as an axis takes it, milliseconds since 1970. */
export function isoTime(time: number): string {
  return new Date(time).toISOString();
}

/** `2025-01-06`, or with its time of day where that is not midnight. */
export function formatTime(time: number): string {
  return shortDate(isoTime(time)).replace(/^(.{10})T(.{8})\..*$/, '$1 $2');
}
