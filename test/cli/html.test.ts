import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { ansiToHtml, overwrite } from '../../cli/html/ansi.ts';
import { codeToHtml } from '../../cli/html/code.ts';
import { markdownToHtml } from '../../cli/html/markdown.ts';
import { notebookToHtml, outputToHtml } from '../../cli/html.ts';
import type { Cell, Notebook } from '../../cli/notebook.ts';

const folder = mkdtempSync(join(tmpdir(), 'tunelab-html-'));
afterAll(() => rmSync(folder, { recursive: true }));

const notebook = (...cells: Partial<Cell>[]): Notebook => ({
  cells: cells.map(cell => ({ cell_type: 'code', metadata: {}, source: '', ...cell })),
  metadata: {},
  nbformat: 4,
  nbformat_minor: 5,
});
const page = (...cells: Partial<Cell>[]) => notebookToHtml(notebook(...cells), { fileName: 'lesson.ipynb' });
const display = (data: Record<string, unknown>, metadata = {}) =>
  outputToHtml({ output_type: 'display_data', data, metadata });
const script = '<script>alert(1)</script>';
const escaped = '&lt;script&gt;alert(1)&lt;/script&gt;';
/** The text that a reader sees. */
const text = (html: string) => html.replace(/<[^>]*>/g, '');

describe('an error that quotes code', () => {
  const dim = (words: string) => `\x1b[2m${words}\x1b[22m`;
  const frame = [
    dim('  ╭─ Cell[1]:1:9'),
    `${dim('1 │ ')}f(1 < 2, x)`,
    `${dim('  │ ')}        \x1b[31m^\x1b[39m`,
  ];
  const html = outputToHtml({
    output_type: 'error',
    ename: 'Error',
    evalue: 'a',
    traceback: ['Error: a | b', ...frame, '    at Cell[1]', ...frame],
  });

  test('keeps the lines of the code and its marker whole, and only those', () => {
    const frames = [...html.matchAll(/<span class="frame">((?:<span[^>]*>[^<]*<\/span>|[^<])*)<\/span>/g)];
    expect(frames.map(match => text(match[1]!))).toEqual([
      '  ╭─ Cell[1]:1:9\n1 │ f(1 &lt; 2, x)\n  │         ^\n',
      '  ╭─ Cell[1]:1:9\n1 │ f(1 &lt; 2, x)\n  │         ^',
    ]);
    expect(page()).toMatch(/\.frame \{[^}]*white-space: pre;[^}]*overflow-x: auto/);
  });
});

describe('a picture in the dark', () => {
  test('has a white card, but for plots, which are made for any page', () => {
    expect(display({ 'image/png': 'AA==' })).toContain('class="output picture"');
    expect(display({ 'image/png': 'AA==', 'application/vnd.plotly.v1+json': {} })).toContain(
      'class="output plot"',
    );
    expect(page()).toContain('.picture img { background: var(--picture); }');
  });
});

describe('text is escaped', () => {
  test.each([
    ['stdout', outputToHtml({ output_type: 'stream', name: 'stdout', text: script })],
    ['stderr', outputToHtml({ output_type: 'stream', name: 'stderr', text: script })],
    ['an error', outputToHtml({ output_type: 'error', ename: script, evalue: script, traceback: [script] })],
    ['a result', display({ 'text/plain': script })],
    ['raw cells', page({ cell_type: 'raw', source: script })],
    ['text in Markdown code', markdownToHtml(`\`${script}\`\n\n\`\`\`\n${script}\n\`\`\``)],
    ['the file name', notebookToHtml(notebook(), { fileName: `${script}.ipynb` })],
  ])('%s', (_, html) => {
    expect(html).not.toContain('<script');
    expect(html).toContain(escaped);
  });

  test('code and JSON, which are coloured', () => {
    for (const html of [
      codeToHtml(`'${script}'`),
      codeToHtml(`%sh ${script}`),
      display({ 'application/json': { a: script } }),
    ]) {
      expect(html).not.toContain('<script');
      expect(text(html)).toContain(escaped);
    }
  });

  test('attributes of pictures', () => {
    const html = display({ 'image/png': 'AA"><script>', 'text/plain': '"><script>' });
    expect(html).not.toContain('<script');
  });
});

test('an HTML output is put in as it is, as in Jupyter', () => {
  expect(display({ 'text/html': '<table><tr><td>1</td></tr></table>', 'text/plain': 'x' })).toContain(
    '<table><tr><td>1</td></tr></table>',
  );
});

test('Markdown cannot run code', () => {
  const html = markdownToHtml(
    `${script}\n\n<b onclick="x()">b</b> <img src=x onerror=alert(1)> <a href="javascript:alert(1)">a</a>\n\n[l](javascript:alert(1)) ![i](javascript:x)\n\n<iframe src="x"></iframe>`,
  );
  expect(html).not.toMatch(/<script|<iframe|\son\w+=|javascript:/i);
});

test('a figure for which a script library is needed shows its picture', () => {
  const html = display({
    'application/vnd.plotly.v1+json': { data: [] },
    'text/html': '<div>needs plotly</div>',
    'image/svg+xml': '<svg xmlns="http://www.w3.org/2000/svg"/>',
    'text/plain': 'figure',
  });
  expect(html).toContain('src="data:image/svg+xml;base64,');
  expect(html).not.toContain('needs plotly');
});

test('pictures keep the size that their metadata gives', () => {
  expect(display({ 'image/png': 'AAAA\n' }, { 'image/png': { width: 64 } })).toContain(
    'src="data:image/png;base64,AAAA" alt="picture" width="64"',
  );
});

test('the page is whole: title, prompts, contents, no address to load from', () => {
  const html = page(
    { cell_type: 'markdown', source: '# My *lesson*\n\n## One\n## Two\n## Two\n' },
    {
      source: 'const a = 1;',
      execution_count: 3,
      outputs: [{ output_type: 'stream', name: 'stdout', text: 'hi' }],
    },
  );
  expect(html).toContain('<title>My lesson</title>');
  expect(html).toContain('[3]:');
  expect(html).toContain('<a href="#two">Two</a>');
  expect(html).toContain('<a href="#two-2">Two</a>');
  expect(html).not.toMatch(/(?:src|href)="(?!data:|#)/);
});

test('without a heading the file gives the title', () => {
  expect(page({ source: '1' })).toContain('<h1>lesson</h1>');
});

test('pictures of the folder and attachments are carried in the page; what lies outside is not read', () => {
  mkdirSync(join(folder, 'nb'));
  writeFileSync(join(folder, 'nb', 'a b.png'), 'png');
  writeFileSync(join(folder, 'secret.png'), 'secret');
  const context = { folder: join(folder, 'nb'), attachments: { 'x.png': { 'image/png': 'QUJD' } } };
  const html = markdownToHtml(
    '![a](a%20b.png) ![b](../secret.png) ![c](attachment:x.png) ![d](none.png)',
    context,
  );
  expect(html).toContain(`src="data:image/png;base64,${Buffer.from('png').toString('base64')}"`);
  expect(html).toContain('src="data:image/png;base64,QUJD"');
  expect(html).toContain('src="../secret.png"');
  expect(html).toContain('src="none.png"');
});

test('formulas stay as typed, prices are no formulas', () => {
  expect(markdownToHtml('$a_1 * b_1$ and $c_1 * d_1$')).toContain('<span class="math">$a_1 * b_1$</span>');
  expect(markdownToHtml('costs $5 or $6')).toContain('costs $5 or $6');
});

describe('code', () => {
  test('is coloured and keeps every character', () => {
    const code = `const x: Map<string, number> = new Map(); // & more\nfor await (const y of \`a\${x}b\`) {}\n`;
    const html = codeToHtml(code);
    expect(html).toContain('<span class="tok-keyword">const</span>');
    expect(text(html)).toBe(code.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;'));
  });

  test('knows JSX, type assertions, and magics', () => {
    expect(codeToHtml('const a = <div className="x">{b}</div>;')).toContain('tok-');
    expect(codeToHtml('%time\nlet a = <number>b;')).toMatch(
      /^<span class="tok-meta">%time<\/span>\n<span class="tok-keyword">let/,
    );
    expect(codeToHtml('%who')).toBe('<span class="tok-meta">%who</span>');
    expect(codeToHtml('')).toBe('');
  });
});

describe('terminal output', () => {
  test.each([
    ['\x1b[31mred\x1b[39m plain', '<span class="ansi-red-fg">red</span> plain'],
    ['\x1b[1;92mok\x1b[0m', '<span class="ansi-bold ansi-bright-green-fg">ok</span>'],
    ['\x1b[38;5;208mx', '<span style="color:rgb(255,135,0)">x</span>'],
    ['\x1b[48;2;1;2;3mx\x1b[m.', '<span style="background:rgb(1,2,3)">x</span>.'],
    ['\x1b[7;34mx', '<span class="ansi-inverse ansi-blue-bg">x</span>'],
    ['\x1b[2K\x1b[1Gline\x1b]8;;http://x\x07link\x1b]8;;\x07', 'linelink'],
    ['\x1b[999m\x1b[38mx', 'x'],
  ])('%j', (ansi, html) => {
    expect(ansiToHtml(ansi)).toBe(html);
  });

  test.each([
    ['10%\r100%\n', '100%\n'],
    ['a\r\nb\r\n', 'a\nb\n'],
    ['abc\rx\n', 'xbc\n'],
    ['loading\b\b\b\n', 'load\n'],
    ['\x1b[32m10\x1b[0m\r\x1b[32m20\x1b[0m\r', '\x1b[32m20\x1b[0m'],
  ])('%j leaves what the screen shows', (raw, left) => {
    expect(overwrite(raw)).toBe(left);
  });

  test('a long progress line is quick', () => {
    // What takes quadratic time would not end before the test does.
    expect(overwrite('x\b'.repeat(500_000))).toBe('');
  });
});
