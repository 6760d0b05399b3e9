/** Terminal output as HTML: SGR colours and styles become spans, carriage returns overwrite as in a terminal. */
import { escapeHtml } from './escape.ts';

const COLORS = ['black', 'red', 'green', 'yellow', 'blue', 'magenta', 'cyan', 'white'];

const ESC = '\x1b';
const BEL = '\x07';
/** Colours and styles; other control sequences; operating system commands such as links and titles; single escapes. */
const SEQUENCE = new RegExp(
  [
    `${ESC}\\[([\\d;:]*)m`,
    `${ESC}\\[[\\d;?<=>]*[ -/]*[@-~]`,
    `${ESC}\\][^${BEL}${ESC}]*(?:${BEL}|${ESC}\\\\)`,
    `${ESC}[@-Z\\\\^_=>78]`,
  ].join('|'),
  'g',
);

interface Style {
  foreground: string | undefined;
  background: string | undefined;
  readonly marks: Set<'bold' | 'dim' | 'italic' | 'underline' | 'inverse' | 'strike'>;
}

/** Escaped HTML of a text with ANSI sequences; sequences other than colours and styles are dropped. */
export function ansiToHtml(text: string): string {
  let html = '';
  const style: Style = { foreground: undefined, background: undefined, marks: new Set() };
  let from = 0;
  const plain = overwrite(text);
  for (const match of plain.matchAll(SEQUENCE)) {
    html += styled(plain.slice(from, match.index), style);
    from = match.index + match[0].length;
    if (match[1] !== undefined) apply(match[1], style);
  }
  return html + styled(plain.slice(from), style);
}

/** What is left on the screen of lines that use `\r` and `\b`, such as progress bars. */
export function overwrite(text: string): string {
  if (!text.includes('\r') && !text.includes('\b')) return text;
  return text.replaceAll('\r\n', '\n').split('\n').map(overwriteLine).join('\n');
}

function overwriteLine(line: string): string {
  // A shorter text leaves the end of the longer one standing, as on a screen; escape sequences take no place there,
  // so a line with colours keeps its last part whole.
  const parts = line.split('\r').map(backspaced);
  if (line.includes(ESC)) return parts.findLast(part => part !== '') ?? '';
  return parts.reduce((shown, part) => part + shown.slice(part.length));
}

function backspaced(text: string): string {
  if (!text.includes('\b')) return text;
  const kept: string[] = [];
  for (const character of text) {
    if (character === '\b') kept.pop();
    else kept.push(character);
  }
  return kept.join('');
}

function styled(text: string, { foreground, background, marks }: Style): string {
  if (text === '') return '';
  const content = escapeHtml(text);
  const classes = [...marks].map(mark => `ansi-${mark}`);
  const css: string[] = [];
  const inverse = marks.has('inverse');
  paint(inverse ? background : foreground, 'fg', 'color', classes, css);
  paint(inverse ? foreground : background, 'bg', 'background', classes, css);
  if (classes.length + css.length === 0) return content;
  const attributes = [
    classes.length > 0 ? ` class="${classes.join(' ')}"` : '',
    css.length > 0 ? ` style="${css.join(';')}"` : '',
  ];
  return `<span${attributes.join('')}>${content}</span>`;
}

/** Named colours follow the page's theme through a class; others are fixed. */
function paint(
  color: string | undefined,
  suffix: string,
  property: string,
  classes: string[],
  css: string[],
): void {
  if (color === undefined) return;
  if (color.startsWith('rgb')) css.push(`${property}:${color}`);
  else classes.push(`ansi-${color}-${suffix}`);
}

function apply(parameters: string, style: Style): void {
  const codes = parameters.split(/[;:]/).map(Number);
  for (let i = 0; i < codes.length; i++) {
    const code = codes[i]!;
    const { marks } = style;
    if (code === 0) {
      style.foreground = style.background = undefined;
      marks.clear();
    } else if (code === 1) marks.add('bold');
    else if (code === 2) marks.add('dim');
    else if (code === 3) marks.add('italic');
    else if (code === 4) marks.add('underline');
    else if (code === 7) marks.add('inverse');
    else if (code === 9) marks.add('strike');
    else if (code === 22) for (const mark of ['bold', 'dim'] as const) marks.delete(mark);
    else if (code === 23) marks.delete('italic');
    else if (code === 24) marks.delete('underline');
    else if (code === 27) marks.delete('inverse');
    else if (code === 29) marks.delete('strike');
    else if (code >= 30 && code <= 37) style.foreground = COLORS[code - 30];
    else if (code >= 40 && code <= 47) style.background = COLORS[code - 40];
    else if (code >= 90 && code <= 97) style.foreground = `bright-${COLORS[code - 90]}`;
    else if (code >= 100 && code <= 107) style.background = `bright-${COLORS[code - 100]}`;
    else if (code === 39) style.foreground = undefined;
    else if (code === 49) style.background = undefined;
    else if (code === 38 || code === 48) {
      const [color, used] = extended(codes, i + 1);
      if (code === 38) style.foreground = color;
      else style.background = color;
      i += used;
    }
  }
}

/** `5;n` from the palette of 256, or `2;r;g;b`. */
function extended(codes: readonly number[], at: number): [color: string | undefined, used: number] {
  const channel = (value: number | undefined) => Math.min(255, Math.max(0, value || 0));
  if (codes[at] === 2)
    return [`rgb(${channel(codes[at + 1])},${channel(codes[at + 2])},${channel(codes[at + 3])})`, 4];
  if (codes[at] !== 5) return [undefined, 0];
  const n = channel(codes[at + 1]);
  if (n < 8) return [COLORS[n], 2];
  if (n < 16) return [`bright-${COLORS[n - 8]}`, 2];
  if (n >= 232) {
    const grey = 8 + (n - 232) * 10;
    return [`rgb(${grey},${grey},${grey})`, 2];
  }
  // A cube of six levels a channel.
  const level = (digit: number) => (digit === 0 ? 0 : 55 + digit * 40);
  return [
    `rgb(${level(Math.floor((n - 16) / 36))},${level(Math.floor((n - 16) / 6) % 6)},${level((n - 16) % 6)})`,
    2,
  ];
}
