import { describe, expect, test } from 'vitest';
import type { MimeBundle } from '../../../kernel/display/index.ts';
import { type TableColumn, tableBundle } from '../../../kernel/display/table.ts';

function render(shown: TableColumn[], rows = shown[0]?.values.length, columns = shown.length) {
  const { data } = tableBundle({ rows, columns, shown }) as MimeBundle;
  return { html: data['text/html'] as string, text: data['text/plain'] as string };
}

describe('HTML', () => {
  test('names, types, cells and the size of the whole', () => {
    const { html } = render(
      [
        { name: 'question', values: ['Why?'] },
        { name: 'tokens', type: 'Int32', values: [52] },
      ],
      1400,
      5,
    );
    expect(html).toContain('>question<br><small>string</small></th>');
    expect(html).toContain('<th align="right">tokens<br><small>Int32</small></th>');
    expect(html).toContain('<td style="text-align:left;white-space:pre">Why?</td><td align="right">52</td>');
    expect(html).toContain('1,400 rows × 5 columns … first 1 row and first 2 columns shown');
  });

  test.each([
    [1400, 1, '1,400 rows × 1 column … first 2 shown'],
    [2, 1, '2 rows × 1 column'],
    [2, 60, '2 rows × 60 columns … first 1 column shown'],
    [undefined, 1, '1 column … first 2 rows shown'],
  ])('%s rows and %s columns are "%s"', (rows, columns, line) => {
    const view = { rows, columns, shown: [{ name: 'a', values: [1, 2] }] };
    expect(tableBundle(view).data['text/html']).toContain(`<p>${line}</p>`);
  });

  test('nothing of a value becomes markup', () => {
    const evil = '<script>alert("x")</script>\'&\u0000';
    const { html } = render([{ name: evil, type: evil, values: [evil, { [evil]: evil }, evil.repeat(50)] }]);
    expect(html).not.toContain('<script');
    expect(html).not.toContain('\u0000');
    expect(html).toContain('&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt;&#39;&amp;');
    expect(html.match(/<td/g)).toHaveLength(3);
  });

  test('gaps are dim', () => {
    const { html } = render([{ name: 'a', values: [null, undefined, Number.NaN, 'null'] }]);
    for (const gap of ['null', 'undefined', 'NaN']) expect(html).toContain(`><em>${gap}</em></td>`);
    expect(html).toContain('>null</td>');
  });

  test('long text is cut in the cell and longer in its title', () => {
    const { html } = render([{ name: 'a', values: ['w'.repeat(1e6)] }]);
    expect(html.length).toBeLessThan(5_000);
    expect(html).toMatch(/title="w{300}…">w{80}…</);
  });

  test('an empty frame still shows its columns', () => {
    const { html, text } = render([{ name: 'loss', values: [] }], 0);
    expect(html).toContain('loss');
    expect(text).toBe('loss\nnull\n────\n0 rows × 1 column');
    expect(render([], 0).text).toContain('0 rows × 0 columns');
    expect(render([], 0).html).not.toContain('<table>');
  });
});

describe('text', () => {
  test('columns are aligned, numbers to the right', () => {
    const { text } = render([
      { name: 'name', values: ['a', 'long'] },
      { name: 'loss', values: [2.5, 10.25] },
    ]);
    expect(text.split('\n')).toEqual([
      'name      loss',
      'string  number',
      '──────  ──────',
      'a         2.50',
      'long     10.25',
      '2 rows × 2 columns',
    ]);
  });

  test('wide characters take two places, marks none, and controls are blanks', () => {
    const { text } = render([
      { name: 'k', values: ['日本', 'e\u0301', 'a\nb\u001b'] },
      { name: 'n', values: [1, 2, 3] },
    ]);
    expect(text.split('\n').slice(3, 6)).toEqual([
      '日本         1',
      'e\u0301            2',
      'a↵b          3',
    ]);
    expect(text).not.toContain('\u001b');
  });

  test('what does not fit is counted', () => {
    const columns = Array.from({ length: 40 }, (_, i) => ({ name: `column ${i}`, values: [i] }));
    const { text } = render(columns);
    expect(text).toMatch(/\(\d+ more columns to the right\)/);
    for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(120);
  });
});
