import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readJsonl } from '../../lib/datasets/index.ts';
import { templates, trainingText } from '../../lib/prompts/index.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const script = join(root, 'scripts', 'check-dataset.mjs');
const inDatasets = (name: string): string => join(root, 'datasets', name);

/** The texts of a file, by line, with one of them changed. */
function lines(name: string, change: (row: Record<string, unknown>) => void): string {
  const rows = readFileSync(inDatasets(name), 'utf8').trim().split('\n');
  const row = JSON.parse(rows[9]!) as Record<string, unknown>;
  change(row);
  rows[9] = JSON.stringify(row);
  return `${rows.join('\n')}\n`;
}

describe('the course data', () => {
  it('keeps the rules of its check', () => {
    expect(execFileSync(process.execPath, [script], { encoding: 'utf8' })).toContain('tunelab_docs.jsonl');
  });

  it('has as many rows as its datasheet says', async () => {
    const sheet = readFileSync(inDatasets('README.md'), 'utf8');
    const said = [...sheet.matchAll(/^\| `(\S+\.jsonl)` \| (\d+) \|/gm)].map(([, name, rows]) => [
      name,
      Number(rows),
    ]);
    const names = readdirSync(join(root, 'datasets')).filter(name => name.endsWith('.jsonl'));
    const found = await Promise.all(
      names.map(async name => [name, (await readJsonl(inDatasets(name))).length]),
    );
    expect(said.toSorted()).toEqual(found.toSorted());
  });

  it.each(['tunelab_docs.jsonl', 'lighthouse_keeper.jsonl'])(
    'fills the course’s template: %s',
    async name => {
      for (const row of await readJsonl(inDatasets(name))) {
        const { prompt, completion } = trainingText(row);
        expect(templates.questionAnswer.hydrate(row)).toBe(
          `${templates.question.format({ question: prompt! })}\n${completion}`,
        );
      }
    },
  );

  it('fills Alpaca’s templates, with and without input', async () => {
    const rows = await readJsonl<{ instruction: string; input: string }>(inDatasets('instructions.jsonl'));
    for (const row of rows)
      expect(templates.alpaca.hydrate(row).includes('### Input:')).toBe(row.input !== '');
    expect(rows.some(row => row.input === '')).toBe(true);
  });

  it('keeps the prompts of lesson 1 out of the training rows', async () => {
    const rows = await readJsonl<{ question: string }>(inDatasets('tunelab_docs.jsonl'));
    const asked = rows.map(({ question }) => question.toLowerCase());
    expect(asked.some(question => /of mars\?|train my dog/.test(question))).toBe(false);
  });
});

describe('check-dataset', () => {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'tunelab-data-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  function check(name: string, content: string): { status: number | null; stderr: string } {
    const file = join(folder, name);
    writeFileSync(file, content);
    return spawnSync(process.execPath, [script, file], { encoding: 'utf8' });
  }

  it.each([
    [
      'a space at the end',
      'tunelab_docs.jsonl',
      { answer: 'It works. ' },
      'line 10: its answer has stray white',
    ],
    ['a question asked before', 'tunelab_docs.jsonl', { question: 'what is  TUNELAB' }, 'stray white space'],
    [
      'a question in other case',
      'tunelab_docs.jsonl',
      { question: 'what is TUNELAB' },
      'the same question twice',
    ],
    ['an additional key', 'tunelab_docs.jsonl', { source: 'x' }, 'has the keys question, answer, source'],
    ['an answer without an end', 'tunelab_docs.jsonl', { answer: 'It works' }, 'its answer has 0 sentences'],
    ['a decomposed letter', 'tunelab_docs.jsonl', { answer: 'Cafe\u0301.' }, "is not in Unicode's form NFC"],
    ['a label that is none', 'news_topics.jsonl', { label: 4 }, 'its label 4 is not 0 to 3'],
    ['a voice that breaks', 'lighthouse_keeper.jsonl', { answer: 'Yes.' }, 'its answer is no log entry'],
    ['a row without output', 'instructions.jsonl', { output: '' }, 'its output is not text'],
    ['no source', 'pretrain_sample.jsonl', { source: '' }, 'its source is not text'],
  ])('reports %s', (_, name, change, report) => {
    const { status, stderr } = check(
      name,
      lines(name, row => Object.assign(row, change)),
    );
    expect(stderr).toContain(report);
    expect(status).toBe(1);
  });

  it('reports labels that are not balanced', () => {
    const content = lines('news_topics.jsonl', row => {
      row.label = ((row.label as number) + 1) % 4;
    });
    expect(check('news_topics.jsonl', content).stderr).toContain('the labels are not balanced');
  });

  it('asks for rules for a file that it does not know', () => {
    expect(check('other.jsonl', '{"text":"a"}\n').stderr).toContain('there are no rules for other.jsonl');
  });
});
