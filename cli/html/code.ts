/** Colours code when the page is written, with the parser that JupyterLab's editor uses. */
import { classHighlighter, highlightCode } from '@lezer/highlight';
import { parser } from '@lezer/javascript';
import { escapeHtml } from './escape.ts';

const typescript = parser.configure({ dialect: 'ts' });
const tsx = parser.configure({ dialect: 'ts jsx' });
const COLORED = ['typescript', 'ts', 'tsx', 'javascript', 'js', 'jsx', 'mjs', 'json'];

/** Whether a fenced block of this language is coloured. */
export function isColored(language: string): boolean {
  return COLORED.includes(language.toLowerCase());
}

/** Escaped HTML of a cell's code, with `tok-…` spans. Lines of magics (`%time`) are marked as such. */
export function codeToHtml(code: string): string {
  const lines = code.split('\n');
  const magics = lines.findIndex(line => !/^\s*(%|$)/.test(line));
  const cut = magics < 0 ? lines.length : magics;
  const head = lines
    .slice(0, cut)
    .map(line => (line.trim() ? `<span class="tok-meta">${escapeHtml(line)}</span>` : line));
  const body = lines.slice(cut).join('\n');
  return [...head, ...(cut < lines.length ? [colored(body)] : [])].join('\n');
}

function colored(code: string): string {
  let tree = typescript.parse(code);
  if (errorsOf(tree) > 0) {
    // JSX and a type in angle brackets exclude each other: take the dialect that reads more of the cell.
    const other = tsx.parse(code);
    if (errorsOf(other) < errorsOf(tree)) tree = other;
  }
  let html = '';
  highlightCode(
    code,
    tree,
    classHighlighter,
    (text, classes) => {
      html += classes ? `<span class="${classes}">${escapeHtml(text)}</span>` : escapeHtml(text);
    },
    () => {
      html += '\n';
    },
  );
  return html;
}

function errorsOf(tree: ReturnType<typeof parser.parse>): number {
  let errors = 0;
  tree.iterate({
    enter: node => {
      if (node.type.isError) errors++;
    },
  });
  return errors;
}
