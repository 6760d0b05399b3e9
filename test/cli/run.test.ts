/** `tunelab run` from end to end: the built command, the real kernel. */
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readNotebook } from '../../cli/notebook.ts';
import { outputsOf, read, temporaryFolder, tunelab, write } from './tunelab.ts';

const folder = temporaryFolder();
const out = join(folder, 'out');
const run = (...args: string[]) => tunelab(['run', ...args, '--out', out]);
const at = (name: string) => join(folder, name);

test('outputs, counts and metadata are recorded; the page lies beside the notebook', async () => {
  const path = write(
    at('all.ipynb'),
    [
      { cell_type: 'markdown', source: '# All\n\nof it' },
      'const answer: number = 42;\nconsole.log("a"); console.log("b"); console.error("c");\nanswer',
      '',
      "import { readFileSync } from 'node:fs';\nreadFileSync('beside.txt', 'utf8')",
      "({ [Symbol.for('Jupyter.display')]: () => ({ 'text/html': '<b>bold</b>', 'text/plain': 'bold' }) })",
    ],
    { kernelspec: { name: 'tslab', language: 'typescript', display_name: 'TS' }, mine: { kept: true } },
  );
  writeFileSync(at('beside.txt'), 'neighbour');
  const ended = await run(path, '--html');
  expect(ended).toMatchObject({ code: 0, stderr: '' });
  expect(ended.stdout).toMatch(/^all\.ipynb {2}cell 1 of 3 {2}\d+\.\d s$/m);
  expect(ended.stdout).toMatch(/^✓ all\.ipynb {2}3 cells {2}\d+\.\d s$/m);
  expect(ended.stdout).toMatch(/^1 notebook ran; written to .+out$/m);

  const done = readNotebook(join(out, 'all.ipynb'));
  expect(done.cells.map(cell => cell.execution_count)).toEqual([undefined, 1, null, 2, 3]);
  expect(outputsOf(join(out, 'all.ipynb'))).toEqual([
    [
      { output_type: 'stream', name: 'stdout', text: 'a\nb\n' },
      { output_type: 'stream', name: 'stderr', text: 'c\n' },
      { output_type: 'execute_result', data: { 'text/plain': '42' }, metadata: {}, execution_count: 1 },
    ],
    [],
    [
      {
        output_type: 'execute_result',
        data: { 'text/plain': expect.stringContaining('neighbour') },
        metadata: {},
        execution_count: 2,
      },
    ],
    [
      {
        output_type: 'execute_result',
        data: { 'text/html': '<b>bold</b>', 'text/plain': 'bold' },
        metadata: {},
        execution_count: 3,
      },
    ],
  ]);
  expect(done.metadata).toMatchObject({
    kernelspec: { name: 'tunelab', display_name: 'TypeScript (tunelab)', language: 'typescript' },
    language_info: { name: 'typescript' },
    mine: { kept: true },
  });
  expect(read(join(out, 'all.html'))).toContain('<b>bold</b>');
  expect(readdirSync(out).filter(name => name.endsWith('.tmp'))).toEqual([]);
});

test('what a timer prints later stays under the cell that started it', async () => {
  const path = write(at('late.ipynb'), [
    'let isNext = false; const timer = setInterval(() => { if (isNext) { clearInterval(timer); console.log("late") } }, 5); 1',
    'isNext = true; await new Promise(r => setTimeout(r, 100))',
  ]);
  expect((await run(path)).code).toBe(0);
  expect(outputsOf(join(out, 'late.ipynb'))).toEqual([
    [
      expect.objectContaining({ output_type: 'execute_result' }),
      { output_type: 'stream', name: 'stdout', text: 'late\n' },
    ],
    [],
  ]);
});

describe('a failing cell', () => {
  test('ends its notebook and not the others', async () => {
    const [bad, good] = [
      write(at('bad.ipynb'), ['1', 'throw new RangeError("too far")', '3']),
      write(at('good.ipynb'), ['1']),
    ];
    const ended = await run(bad, good);
    expect(ended.code).toBe(1);
    expect(ended.stderr.trim()).toBe(`${bad}: cell 2 of 3: RangeError: too far`);
    expect(ended.stdout).toMatch(/^✗ bad\.ipynb {2}stopped at cell 2 of 3/m);
    expect(ended.stdout).toMatch(/^✓ good\.ipynb/m);
    expect(ended.stdout).toContain(`2 notebooks of which 1 failed (${bad})`);
    const [, second, third] = outputsOf(join(out, 'bad.ipynb'));
    expect(second).toEqual([
      expect.objectContaining({ output_type: 'error', ename: 'RangeError', evalue: 'too far' }),
    ]);
    expect(third).toEqual([]);
  });

  test('is passed over with --allow-errors', async () => {
    const ended = await run(write(at('allow.ipynb'), ['throw new Error("x")', '"after"']), '--allow-errors');
    expect(ended).toMatchObject({ code: 0, stderr: '' });
    expect(ended.stdout).toContain('went on after: cell 1 of 2: Error: x');
    expect(outputsOf(join(out, 'allow.ipynb'))[1]).toHaveLength(1);
  });

  test('is expected where its tag says so', async () => {
    const tagged = {
      source: 'throw new Error("on purpose")',
      metadata: { tags: ['raises-exception'] },
      outputs: [],
    };
    const ended = await run(write(at('tagged.ipynb'), [tagged, '"after"']));
    expect(ended).toMatchObject({ code: 0, stderr: '' });
    expect(outputsOf(join(out, 'tagged.ipynb')).map(outputs => outputs[0]?.output_type)).toEqual([
      'error',
      'execute_result',
    ]);
  });
});

describe('a cell that takes too long', () => {
  test.each([
    ['a loop', 'while (true) {}'],
    ['an await', 'await new Promise(() => {})'],
  ])('%s is interrupted and named', async (_, source) => {
    const path = write(at('long.ipynb'), [source, '2']);
    const ended = await run(path, '--timeout', '1');
    expect(ended.code).toBe(1);
    expect(ended.stderr.trim()).toBe(`${path}: cell 1 of 2: the cell ran longer than 1 s`);
    expect(outputsOf(join(out, 'long.ipynb'))[0]!.at(-1)).toMatchObject({
      output_type: 'error',
      ename: 'CellTimeout',
    });
  });
});

describe('a kernel that dies', () => {
  test('with the process of the cells: the cell says why', async () => {
    const ended = await run(write(at('exit.ipynb'), ['1', 'process.exit(3)', '3']));
    expect(ended.code).toBe(1);
    expect(ended.stderr).toMatch(/exit\.ipynb: cell 2 of 3: .*exit code 3/);
  });

  test('as a whole: the run ends and says so', async () => {
    const path = write(at('killed.ipynb'), [
      '1',
      'process.kill(process.ppid, "SIGKILL"); await new Promise(() => {})',
      '3',
    ]);
    const ended = await run(path, '--allow-errors');
    expect(ended.code).toBe(1);
    expect(ended.stderr.trim()).toBe(`${path}: cell 2 of 3: the kernel ended unexpectedly with SIGKILL`);
    expect(outputsOf(join(out, 'killed.ipynb'))[1]).toEqual([
      expect.objectContaining({ ename: 'KernelDied' }),
    ]);
  });
});

test('Ctrl-C interrupts the cell, writes what there is, and ends with 130', async () => {
  const path = write(at('ctrlc.ipynb'), ['"first"', 'while (true) {}', '3']);
  let sent = false;
  const ended = await tunelab(['run', path, write(at('never.ipynb'), ['1']), '--out', out], {
    onOutput: (child, stdout) => {
      if (sent || !stdout.includes('cell 2 of 3')) return;
      sent = true;
      setTimeout(() => child.kill('SIGINT'), 300);
    },
  });
  expect(ended.code).toBe(130);
  expect(outputsOf(join(out, 'ctrlc.ipynb'))[0]).toHaveLength(1);
  expect(existsSync(join(out, 'never.ipynb'))).toBe(false);
});

test('a folder stands for its notebooks, in order', async () => {
  const course = at('course');
  mkdirSync(join(course, '.ipynb_checkpoints'), { recursive: true });
  for (const name of ['02-b.ipynb', '01-a.ipynb', '.ipynb_checkpoints/03-c.ipynb'])
    write(join(course, name), ['1']);
  writeFileSync(join(course, 'notes.md'), '');
  const ended = await run(course);
  expect(ended.stdout.match(/^✓ \S+/gm)).toEqual(['✓ 01-a.ipynb', '✓ 02-b.ipynb']);
});

test('bad input gets one line each', async () => {
  writeFileSync(at('broken.ipynb'), '{"cells": [');
  writeFileSync(at('old.ipynb'), '{"nbformat": 3}');
  write(at('python.ipynb'), ['1'], {
    kernelspec: { name: 'python3', language: 'python', display_name: 'Python 3' },
  });
  const ended = await run(at('broken.ipynb'), at('old.ipynb'), at('python.ipynb'), at('missing.ipynb'));
  expect(ended.code).toBe(1);
  const lines = ended.stderr.trim().split('\n');
  expect(lines).toHaveLength(4);
  for (const [index, name] of ['broken', 'old', 'python', 'missing'].entries())
    expect(lines[index]).toContain(`${name}.ipynb`);
});

test.each([
  [[], 'tunelab run: which notebook? tunelab run IN.ipynb...'],
  [
    ['x.ipynb', '--fast'],
    'tunelab run: there is no option --fast; it has --out, --timeout, --allow-errors, --html',
  ],
  [['x.ipynb', '--timeout', 'soon'], '--timeout must be a whole number of at least 1, got "soon"'],
  [
    ['a/x.ipynb', 'b/x.ipynb'],
    'tunelab run: a/x.ipynb and b/x.ipynb would both be written to out/x.ipynb; run them apart',
  ],
])('run %j is refused with exit code 2', async (args, message) => {
  expect(await tunelab(['run', ...args], { cwd: folder })).toEqual({
    code: 2,
    stdout: '',
    stderr: `${message}\n`,
  });
});
