/** A notebook as one HTML page that needs nothing else: no network, no scripts of ours, light and dark. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ansiToHtml } from './html/ansi.ts';
import { codeToHtml } from './html/code.ts';
import { escapeHtml } from './html/escape.ts';
import { type Heading, markdownToHtml } from './html/markdown.ts';
import { STYLE } from './html/style.ts';
import type { Cell, MimeBundle, Notebook, Output } from './notebook.ts';
import { packageRoot, version } from './package.ts';

export interface PageOptions {
  /** The notebook's file name, for the page's header. */
  readonly fileName: string;
  /** The notebook's folder: pictures that Markdown takes from it are carried inside the page. */
  readonly folder?: string;
}

/** As many headings as make a table of contents worth its place. */
const HEADINGS_FOR_CONTENTS = 3;

/**
 * The whole page.
 *
 * Text is escaped. HTML and SVG outputs are put in as they are, as Jupyter does after running a notebook: they come from its own cells.
 */
export function notebookToHtml(notebook: Notebook, { fileName, folder }: PageOptions): string {
  const headings: Heading[] = [];
  const ids = new Set<string>();
  const context = { folder, ids, onHeading: (heading: Heading) => headings.push(heading) };
  const cells = notebook.cells.map(cell => cellToHtml(cell, context)).filter(Boolean);
  const first = headings.find(heading => heading.level === 1);
  const name = fileName.replace(/\.ipynb$/i, '');
  const title = first?.text ?? escapeHtml(name);
  const contents = headings.filter(({ level }) => level === 2 || level === 3);
  const withContents = contents.length >= HEADINGS_FOR_CONTENTS;
  const nav = contents
    .map(({ id, level, text }) => `<a href="#${id}"${level === 3 ? ' class="sub"' : ''}>${text}</a>`)
    .join('\n');
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="generator" content="tunelab ${escapeHtml(version)}">
<title>${title}</title>
<link rel="icon" href="data:image/svg+xml;base64,${Buffer.from(logo()).toString('base64')}">
<style>${STYLE}</style>
</head>
<body>
<header>${logo()}<span class="file">${escapeHtml(fileName)}</span><span class="about">TypeScript notebook, run with tunelab ${escapeHtml(version)}</span></header>
<div class="page${withContents ? ' with-nav' : ''}">
${withContents ? `<nav aria-label="Contents">\n${nav}\n</nav>\n` : ''}<main>
${first ? '' : `<h1>${title}</h1>\n`}${cells.join('\n')}
</main>
</div>
</body>
</html>
`;
}

type Context = Parameters<typeof markdownToHtml>[1];

function cellToHtml(cell: Cell, context: Context): string {
  if (cell.source.trim() === '' && !cell.outputs?.length) return '';
  if (cell.cell_type === 'markdown') {
    return `<section class="cell markdown">\n${markdownToHtml(cell.source, { ...context, attachments: cell.attachments })}</section>`;
  }
  if (cell.cell_type === 'raw')
    return `<section class="cell raw"><pre>${escapeHtml(cell.source)}</pre></section>`;
  const prompt = `<span class="prompt">[${cell.execution_count ?? ' '}]:</span>`;
  const outputs = (cell.outputs ?? []).map(outputToHtml).filter(Boolean);
  const shown = outputs.length === 0 ? '' : `\n<div class="outputs">\n${outputs.join('\n')}\n</div>`;
  return `<section class="cell code"><div class="input">${prompt}<pre><code>${codeToHtml(cell.source.replace(/\s+$/, ''))}</code></pre></div>${shown}</section>`;
}

/** HTML of one output; empty when it shows nothing. */
export function outputToHtml(output: Output): string {
  switch (output.output_type) {
    case 'stream':
      return output.text
        ? `<div class="output ${output.name === 'stderr' ? 'stderr' : 'stdout'}"><pre>${ansiToHtml(output.text)}</pre></div>`
        : '';
    case 'error':
      return `<div class="output error"><pre>${errorToHtml(output)}</pre></div>`;
    case 'display_data':
      return bundleToHtml(output.data, output.metadata);
    case 'execute_result':
      return bundleToHtml(output.data, output.metadata);
  }
}

/** Code that an error quotes, with its marker: its lines must not be broken, or the marker points elsewhere. */
const CODE_FRAME = /^(.* ╭─ .*\n(?:.* │ .*(?:\n|$))+)/m;

function errorToHtml({ ename, evalue, traceback }: Extract<Output, { output_type: 'error' }>): string {
  const text = traceback.join('\n') || `${ename}: ${evalue}`;
  const html = text
    .split(CODE_FRAME)
    .map((part, i) => (i % 2 ? `<span class="frame">${ansiToHtml(part)}</span>` : ansiToHtml(part)))
    .join('');
  const head = escapeHtml(ename);
  // A traceback without colours of its own gets its name marked.
  return !text.includes('\x1b[') && head && html.startsWith(head)
    ? `<strong>${head}</strong>${html.slice(head.length)}`
    : html;
}

/** Richest first. A figure whose interactive form needs a script library shows its picture. */
function bundleToHtml(data: MimeBundle, metadata: Readonly<Record<string, unknown>>): string {
  const mimes = Object.keys(data);
  const pictures = [
    'image/svg+xml',
    'image/png',
    'image/jpeg',
    'image/gif',
    'image/webp',
    'image/avif',
    'image/bmp',
  ];
  const interactive = mimes.some(
    mime => mime.startsWith('application/vnd.plotly') || mime.startsWith('application/vnd.vega'),
  );
  const order = interactive
    ? [...pictures, 'text/html', 'text/markdown', 'text/plain']
    : ['text/html', 'text/markdown', ...pictures, 'text/latex', 'application/json', 'text/plain'];
  const mime = order.find(candidate => mimes.includes(candidate));
  if (mime === undefined) return '';
  const value = data[mime];
  const text = typeof value === 'string' ? value : JSON.stringify(value, undefined, 2);
  // plotly's pictures have their own background, or none because they are made for any page.
  const kind = mimes.some(name => name.startsWith('application/vnd.plotly')) ? 'plot' : 'picture';
  if (pictures.includes(mime)) return pictureToHtml(kind, mime, text, metadata, data['text/plain']);
  switch (mime) {
    case 'text/html':
      return `<div class="output rendered jp-RenderedHTMLCommon">${text}</div>`;
    case 'text/markdown':
      return `<div class="output rendered markdown">${markdownToHtml(text)}</div>`;
    case 'application/json':
      return `<div class="output"><pre>${codeToHtml(text)}</pre></div>`;
    default:
      return text ? `<div class="output"><pre>${ansiToHtml(text)}</pre></div>` : '';
  }
}

/** A picture as a data address: an SVG in an image of its own cannot run scripts or clash with another's ids. */
function pictureToHtml(
  kind: 'picture' | 'plot',
  mime: string,
  data: string,
  metadata: Readonly<Record<string, unknown>>,
  plain: unknown,
): string {
  const base64 = mime === 'image/svg+xml' ? Buffer.from(data).toString('base64') : data.replace(/\s/g, '');
  const { width, height } = { ...(metadata[mime] as { width?: unknown; height?: unknown } | undefined) };
  const size = [
    ['width', width],
    ['height', height],
  ].map(([name, value]) => (typeof value === 'number' ? ` ${name}="${value}"` : ''));
  const alternative = typeof plain === 'string' ? plain.slice(0, 200) : 'picture';
  return `<div class="output ${kind}"><img src="data:${mime};base64,${escapeHtml(base64)}" alt="${escapeHtml(alternative)}"${size.join('')}></div>`;
}

function logo(): string {
  try {
    return readFileSync(join(packageRoot, 'kernel', 'logos', 'logo-svg.svg'), 'utf8').trim();
  } catch {
    return '';
  }
}
