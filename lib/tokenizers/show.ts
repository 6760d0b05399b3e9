/** An encoding for a notebook: each piece of text in a colour, its ids below. */
import { plural } from '../host.ts';
import type { Rows } from './rows.ts';

/** What is needed to say what ids stand for. */
export interface PieceSource {
  decode(ids: readonly number[]): string;
  isSpecial(id: number): boolean;
}

/** One or more ids that together make whole characters. */
export interface Piece {
  readonly text: string;
  readonly ids: readonly number[];
  readonly kind: 'text' | 'special' | 'padding';
}

const SHOWN_ROWS = 12;
const SHOWN_TOKENS = 400;
/** No character takes more bytes, so a longer run of tokens that makes none is not one character's. */
const LONGEST_CHARACTER = 4;

/** The MIME bundle of the first rows and tokens, with a word on what is left out. */
export function show(rows: Rows, source: PieceSource): Record<string, string> {
  const shown: Piece[][] = [];
  let left = SHOWN_TOKENS;
  for (const [index, ids] of rows.inputIds.slice(0, SHOWN_ROWS).entries()) {
    if (left <= 0) break;
    shown.push(pieces(ids.slice(0, left), rows.attentionMask?.[index], source));
    left -= ids.length;
  }
  const notes = shown.map((_, index) => note(rows.inputIds[index] as number[], shown, index));
  const more = rows.inputIds.length - shown.length;
  return { 'text/html': toHtml(shown, notes, more), 'text/plain': toText(shown, notes, more) };
}

/** Groups ids so that each group decodes to whole characters. */
export function pieces(
  ids: readonly number[],
  mask: readonly number[] | undefined,
  source: PieceSource,
): Piece[] {
  const found: Piece[] = [];
  let before: readonly number[] = [];
  for (let at = 0; at < ids.length; ) {
    const id = ids[at] as number;
    const padded = paddingFrom(mask, at, ids.length);
    if (padded > 0 || source.isSpecial(id)) {
      const run = ids.slice(at, at + Math.max(padded, 1));
      found.push({ text: source.decode([id]), ids: run, kind: padded > 0 ? 'padding' : 'special' });
      before = [];
      at += run.length;
      continue;
    }
    let count = 1;
    let text = decodeAfter(before, [id], source);
    for (let more = 2; more <= LONGEST_CHARACTER && text.includes('\ufffd'); more++) {
      const wider = decodeAfter(before, ids.slice(at, at + more), source);
      if (wider.includes('\ufffd')) continue;
      text = wider;
      count = more;
    }
    before = ids.slice(at, at + count);
    // Bytes that complete no character add nothing to those before them; alone they show as one that is unknown.
    found.push({ text: text || source.decode(before), ids: before, kind: 'text' });
    at += count;
  }
  return found;
}

/** How many tokens from here on are padding. */
function paddingFrom(mask: readonly number[] | undefined, from: number, end: number): number {
  let to = from;
  while (to < end && mask?.[to] === 0) to++;
  return to - from;
}

/** What ids add to the text after others: decoders may drop the space before the first word of a text. */
function decodeAfter(before: readonly number[], ids: readonly number[], source: PieceSource): string {
  const alone = source.decode(ids);
  if (before.length === 0) return alone;
  const start = source.decode(before);
  const both = source.decode([...before, ...ids]);
  return both.startsWith(start) ? both.slice(start.length) : alone;
}

function note(ids: readonly number[], shown: readonly Piece[][], index: number): string {
  const count = (shown[index] as Piece[]).reduce((sum, piece) => sum + piece.ids.length, 0);
  const words = plural(ids.length, 'token');
  return count < ids.length ? `${words}, the first ${count} shown` : words;
}

/** The ids below a piece; padding is one id again and again. */
const idsOf = ({ ids, kind }: Piece) =>
  kind === 'padding' && ids.length > 1 ? `${ids[0]} ×${ids.length}` : ids.join(' ');

const restOf = (more: number) => `and ${plural(more, 'more row')}`;

/** `6 tokens: Hi·12764 ,·13 …` with spaces visible, a line a row. */
function toText(shown: readonly Piece[][], notes: readonly string[], more: number): string {
  const lines = shown.map(
    (row, index) =>
      `${notes[index]}: ${row.map(piece => `${visible(piece.text)}|${idsOf(piece)}`).join('  ')}`,
  );
  if (more > 0) lines.push(restOf(more));
  return lines.join('\n') || 'no rows';
}

/** Red, green and blue of hues that stay apart for readers who do not see red and green as different. */
const COLOURS = [
  '54, 135, 226',
  '226, 163, 54',
  '54, 226, 192',
  '226, 54, 175',
  '123, 226, 54',
  '135, 54, 226',
];
const MUTED = 'opacity:.65;font-size:85%';

function toHtml(shown: readonly Piece[][], notes: readonly string[], more: number): string {
  const rows = shown.map((row, index) => {
    const head = `<div style="${MUTED};margin-top:.4em">${escapeHtml(notes[index] as string)}</div>`;
    return `${head}<div style="line-height:1.25">${row.map(pieceHtml).join('')}</div>`;
  });
  if (more > 0) rows.push(`<div style="${MUTED};margin-top:.4em">${restOf(more)}</div>`);
  const font = 'var(--jp-code-font-family,var(--vscode-editor-font-family,ui-monospace,monospace))';
  const colour = 'var(--jp-content-font-color1,var(--vscode-editor-foreground,CanvasText))';
  return `<div style="font-family:${font};font-size:13px;color:${colour}">${rows.join('') || 'no rows'}</div>`;
}

function pieceHtml(piece: Piece, index: number): string {
  const { text, kind } = piece;
  const look =
    kind === 'text'
      ? // As JupyterLab lets it pass in notebooks that it does not trust.
        `background:rgba(${COLOURS[index % COLOURS.length]}, 0.28)`
      : `border:1px dashed;opacity:${kind === 'padding' ? '.45' : '.85'}`;
  const box = `display:inline-block;text-align:center;border-radius:3px;margin:1px;padding:1px 3px;${look}`;
  const shown = escapeHtml(visible(text)).replaceAll(
    /[·⏎⇥]+/g,
    marks => `<span style="opacity:.5">${marks}</span>`,
  );
  // As <sub>, ids stand apart from text even where style is stripped, as on GitHub.
  const ids = `<sub style="display:block;font-size:75%;line-height:1.2;opacity:.75">${idsOf(piece)}</sub>`;
  return `<span style="${box}">${shown || '∅'}${ids}</span> ${text.endsWith('\n') ? '<br>' : ''}`;
}

/** White space and control characters made visible. */
function visible(text: string): string {
  return text.replaceAll(/[\s\p{Cc}\p{Cf}]/gu, character => {
    if (character === ' ') return '·';
    if (character === '\n') return '⏎';
    if (character === '\t') return '⇥';
    return `\\u{${(character.codePointAt(0) as number).toString(16)}}`;
  });
}

function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
