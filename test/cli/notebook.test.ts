import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { formatNotebook, parseNotebook, readNotebook, writeNotebook } from '../../cli/notebook.ts';

const folder = mkdtempSync(join(tmpdir(), 'tunelab-notebook-'));
afterAll(() => rmSync(folder, { recursive: true }));

const notebook = (parts: object = {}) =>
  JSON.stringify({ cells: [], metadata: {}, nbformat: 4, nbformat_minor: 5, ...parts });

/** A file as Jupyter writes it, with things that only other programs know. */
const asJupyterWrites = `{
 "cells": [
  {
   "cell_type": "markdown",
   "id": "a1",
   "metadata": {
    "slideshow": {
     "slide_type": "slide"
    }
   },
   "source": [
    "# Title\\n",
    "é 日本 😀"
   ]
  },
  {
   "cell_type": "code",
   "execution_count": 3,
   "id": "b2",
   "metadata": {
    "tags": []
   },
   "outputs": [
    {
     "data": {
      "application/json": {
       "a": [
        "x",
        "y"
       ]
      },
      "image/png": "iVBORw0KGgo=",
      "text/plain": [
       "one\\n",
       "two"
      ]
     },
     "execution_count": 3,
     "metadata": {},
     "output_type": "execute_result"
    },
    {
     "name": "stdout",
     "output_type": "stream",
     "text": [
      "1\\n",
      "2\\n"
     ]
    }
   ],
   "source": []
  }
 ],
 "metadata": {
  "kernelspec": {
   "display_name": "TypeScript (tunelab)",
   "language": "typescript",
   "name": "tunelab"
  },
  "widgets": {
   "unknown": [
    1
   ]
  }
 },
 "nbformat": 4,
 "nbformat_minor": 5
}
`;

test('what Jupyter wrote is written back byte for byte', () => {
  expect(formatNotebook(parseNotebook(asJupyterWrites, 'a.ipynb'))).toBe(asJupyterWrites);
});

test('texts are single strings in memory, JSON outputs stay as they are', () => {
  const [markdown, code] = parseNotebook(asJupyterWrites, 'a.ipynb').cells;
  expect(markdown!.source).toBe('# Title\né 日本 😀');
  expect(code!.outputs![0]).toMatchObject({
    data: { 'text/plain': 'one\ntwo', 'application/json': { a: ['x', 'y'] } },
  });
});

test('writing leaves no temporary file', () => {
  writeNotebook(join(folder, 'w.ipynb'), parseNotebook(asJupyterWrites, 'a.ipynb'));
  expect(readdirSync(folder)).toEqual(['w.ipynb']);
  expect(readFileSync(join(folder, 'w.ipynb'), 'utf8')).toBe(asJupyterWrites);
});

test('cells get ids from format 4.5 on and none before', () => {
  const cells = [{ cell_type: 'code', metadata: {}, source: '1', outputs: [], execution_count: null }];
  const written = (minor: number) =>
    JSON.parse(formatNotebook(parseNotebook(notebook({ cells, nbformat_minor: minor }), 'a.ipynb'))) as {
      cells: { id?: string }[];
    };
  expect(written(5).cells[0]!.id).toMatch(/^[a-zA-Z0-9_-]{1,64}$/);
  expect(written(4).cells[0]).not.toHaveProperty('id');
});

test.each([
  ['', 'x.ipynb is empty; a notebook is a JSON file'],
  ['{"cells": [', /^x\.ipynb is not JSON, so it is no notebook: .+$/],
  ['\x89PNG\n\x1a\n', /^x\.ipynb is not JSON, so it is no notebook: .+$/],
  ['[]', 'x.ipynb is JSON but no notebook: it has no nbformat'],
  ['null', 'x.ipynb is JSON but no notebook: it has no nbformat'],
  ['{"name": "package"}', 'x.ipynb is JSON but no notebook: it has no nbformat'],
  [
    '{"nbformat": 3, "worksheets": []}',
    'x.ipynb is in notebook format 3, 4 is needed; open it in Jupyter and save it once',
  ],
  ['{"nbformat": 5}', 'x.ipynb is in notebook format 5; this version reads format 4'],
  ['{"nbformat": 4}', 'x.ipynb is no valid notebook: it has no list of cells'],
  [notebook({ metadata: 1 }), 'x.ipynb is no valid notebook: its metadata is not an object'],
  [notebook({ cells: [3] }), 'x.ipynb, cell 1 is no valid cell: it is not an object'],
  [
    notebook({ cells: [{ cell_type: 'heading', source: '' }] }),
    'x.ipynb, cell 1 is no valid cell: its cell_type is "heading"',
  ],
  [
    notebook({ cells: [{ cell_type: 'code', source: 4 }] }),
    'x.ipynb, cell 1 is no valid cell: its source is not text',
  ],
  [
    notebook({ cells: [{ cell_type: 'code', source: '', outputs: [{ output_type: 'pyout' }] }] }),
    'x.ipynb, cell 1 has an invalid output: its output_type is "pyout"',
  ],
  [
    notebook({ metadata: { kernelspec: { name: 'python3', language: 'python', display_name: 'Python 3' } } }),
    'x.ipynb is a notebook in python (its kernel: Python 3); this kernel runs TypeScript and JavaScript',
  ],
  [
    notebook({ metadata: { language_info: { name: 'R' } } }),
    'x.ipynb is a notebook in R; this kernel runs TypeScript and JavaScript',
  ],
])('%j gets one line', (text, message) => {
  let error: Error | undefined;
  try {
    parseNotebook(text, 'x.ipynb');
  } catch (thrown) {
    error = thrown as Error;
  }
  if (typeof message === 'string') expect(error?.message).toBe(message);
  else expect(error?.message).toMatch(message);
  expect(error?.message).not.toContain('\n');
});

test.each([
  {},
  { kernelspec: { name: 'tunelab', language: 'typescript' } },
  { kernelspec: { name: 'tslab', language: 'typescript' }, language_info: { name: 'typescript' } },
  { kernelspec: { name: 'deno', language: 'typescript' } },
  { kernelspec: { name: 'javascript', language: 'javascript' } },
  { kernelspec: { name: 'jslab', language: 'JavaScript' }, language_info: { name: 'javascript' } },
])('a notebook with %j runs here', metadata => {
  expect(parseNotebook(notebook({ metadata }), 'x.ipynb').metadata).toEqual(metadata);
});

test('a byte order mark is no error', () => {
  expect(parseNotebook(`\uFEFF${notebook()}`, 'x.ipynb').cells).toEqual([]);
});

test('a missing file and a folder get one line', () => {
  expect(() => readNotebook(join(folder, 'none.ipynb'))).toThrow(/none\.ipynb: there is no such file$/);
  expect(() => readNotebook(folder)).toThrow(/is a folder$/);
});

test('a file that cannot be written gets one line and leaves nothing behind', () => {
  writeFileSync(join(folder, 'plain'), '');
  const target = join(folder, 'plain', 'x.ipynb');
  expect(() => writeNotebook(target, parseNotebook(notebook(), 'x'))).toThrow(/^cannot write .*x\.ipynb: /);
});
