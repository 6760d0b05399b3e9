/** What a paragraph must be to go into the corpus, and why others are left out. */
import { sentences } from './plain.mjs';

/** Words that hold English together; in English prose about every third word is one of them. */
const COMMON = new Set(
  `a about after all also an and any are as at be been before but by can could did do does for from had has have he her
  him his how i if in into is it its let like may me more most must my no not now of on one only or other our out over
  said shall she should so some such than that the their them then there these they this those to two up upon us use used
  was we were what when where which who will with would you your`.split(/\s+/),
);

const LEGAL =
  /copyright|©|\ball rights reserved\b|\bpermission is (hereby )?granted\b|\bwarrant(y|ies) of\b|\blicensed under\b|\bproject gutenberg\b|\be-?text\b|\bunder the terms of\b|\bwithout warrant/i;
const ADDRESS = /\b(?:https?:\/\/|www\.)\S+|\b[\w.+-]+@[\w-]+\.[\w.]+/g;
// Slurs and obscenities, cut short where their forms differ.
const OFFENSIVE =
  /\b(nigg|darkey|darkie|pickaninn|chink(s|y)?\b|kike|coon(s)?\b|wop(s)?\b|gook|spic(s)?\b|dago|faggot|fuck|shit|cunt|whore|bitch|blowjob|fellatio|cunnilingus|penis|vagina|rape[ds]?\b|rapist|masturbat|semen\b|orgasm|coitus|copulat|sodom[iy]|prostitut|harlot|pederast|pornograph|negro|squaw|redskin|injun|half-?breed|savages\b)/i;

/** Characters that a paragraph must have. */
export const SHORTEST = { prose: 12, manual: 80 };
const LAST = { prose: /[.!?:;,-]["')\]]*$/, manual: /[.!?]["')\]]*$/ };

/** The one form of a text: NFC, plain quotation marks and dashes, white space joined, no control characters. */
export function normalise(text) {
  return text
    .normalize('NFC')
    .replace(/\p{Cf}|[¶]/gu, '')
    .replace(/[‘’‚′`]/g, "'")
    .replace(/[“”„″]|''/g, '"')
    .replace(/\s*(—|--+)\s*/g, ' - ')
    .replace(/[–‒−]/g, '-')
    .replace(/…/g, '...')
    .replace(/(?<!\w)_([^_]+)_(?!\w)/g, '$1')
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .replace(/ ([,.;:!?](?:\s|$))/g, '$1')
    .trim();
}

/**
 * Why a paragraph is left out, or undefined for one that stays.
 *
 * @param text in its normal form
 * @param kind 'prose', whose dialogue has short paragraphs, or 'manual', where a short one is a caption or a remnant
 */
export function rejection(text, kind) {
  if (text.length < SHORTEST[kind]) return 'too short';
  if (!LAST[kind].test(text)) return 'no sentence';
  if (!/^["'(]*[\p{Lu}\d]/u.test(text)) return 'no sentence';
  if (LEGAL.test(text)) return 'legal text';
  if (OFFENSIVE.test(text)) return 'offensive';
  const words = text.match(/[\p{L}\d'-]+/gu) ?? [];
  if ((text.match(ADDRESS)?.length ?? 0) * 25 > words.length) return 'addresses';
  if (text.includes('\uFFFD')) return 'symbols';
  const letters = count(text, /[\p{L} ]/gu);
  if (count(text, /\d/g) > 0.08 * text.length) return 'numbers';
  // In a short line the quotation marks alone make much of it.
  if (letters < (text.length < 80 ? 0.7 : 0.86) * text.length) return 'symbols';
  if (count(text, /[^\p{L}\d\s.,;:!?'"()-]/gu) > 0.03 * text.length) return 'symbols';
  if (words.length > 3 && count(text, /\p{Lu}/gu) > 0.2 * letters) return 'capitals';
  if (count(text, /[^\x20-\x7e]/g) > 0.01 * text.length) return 'not English';
  const share = words.filter(word => COMMON.has(word.toLowerCase())).length / words.length;
  if (words.length >= 12 && share < 0.18) return 'not English';
  if (words.length >= 12 && new Set(words.map(word => word.toLowerCase())).size < 0.35 * words.length)
    return 'repetition';
  return undefined;
}

/** A paragraph without a last sentence that only announces a listing; empty if nothing else is in it. */
export function withoutAnnouncement(text) {
  if (!text.endsWith(':')) return text;
  return sentences(text).slice(0, -1).join(' ');
}

function count(text, pattern) {
  return text.match(pattern)?.length ?? 0;
}
