/** The exercises of lesson 9: what their checks say to right answers and to the usual wrong ones. */
import { fileURLToPath } from 'node:url';
import { desc, op, escape as own } from 'arquero';
import { describe, expect, it } from 'vitest';
import { type Frame, frame, readJsonl, sql, toRows } from '../../lib/index.ts';
import { checkCleaned, checkDigits, checkLongestSource } from '../../notebooks/data-frames/checks.ts';
import { ifInstalled } from '../../notebooks/data-frames/installed.ts';
import { printed } from './printed.ts';

interface Page {
  readonly text: string;
  readonly source: string;
}

interface Item {
  readonly text: string;
  readonly label: number;
}

const open = (name: string): Promise<Frame> =>
  frame(fileURLToPath(new URL(`../../datasets/${name}.jsonl`, import.meta.url)));
const pages = await open('pretrain_sample');
const news = await open('news_topics');

describe('exercise 1, the source with the longest texts', () => {
  const judge = (source: unknown): Promise<string> => printed(() => checkLongestSource(source, pages));
  const first = (figure: number): unknown =>
    pages
      .derive({ size: own((page: Page) => page.text.length) })
      .groupby('source')
      .rollup({ figure })
      .orderby(desc('figure'))
      .get('source', 0);

  it('takes the source with the largest median', async () => {
    expect(await judge(first(op.median('size')))).toMatch(/^✓ Right/);
  });

  it('waits where nothing is there', async () => {
    expect(await judge(undefined)).toMatch(/^○ To do/);
  });

  it('knows the mean from the median', async () => {
    expect(first(op.mean('size'))).not.toBe(first(op.median('size')));
    expect(await judge(first(op.mean('size')))).toBe(
      '✗ Not yet: that one has the largest mean; the median is wanted.',
    );
  });

  it('says what a wrong answer is', async () => {
    expect(await judge('tables')).toBe(
      '✗ Not yet: the texts of "tables" have a median of 70, and some have a larger one.',
    );
    expect(await judge('Web')).toBe('✗ Not yet: no page has the source "Web".');
    expect(await judge(203)).toMatch(/should be the name of a source, and it is a number/);
  });
});

describe('exercise 2, news with figures', () => {
  const judge = (table: unknown): Promise<string> => printed(() => checkDigits(table, news));
  const names = ['World', 'Sports', 'Business', 'Science/Technology'];
  const shares = news
    .derive({
      topic: own((item: Item) => names[item.label]),
      digit: own((item: Item) => /[0-9]/.test(item.text)),
    })
    .groupby('topic')
    .rollup({ share: op.mean('digit'), rows: op.sum('digit') })
    .orderby(desc('share'));

  it('takes a table of any kind with the largest share first', async () => {
    expect(await judge(shares)).toMatch(/^✓ Right/);
    expect(await judge(toRows(shares))).toMatch(/^✓ Right/);
  });

  it('takes the answer in SQL', async () => {
    const topics = await frame(names.map((topic, label) => ({ topic, label })));
    const answer = await sql`
      SELECT topic, avg(regexp_matches(text, '[0-9]')::INT) AS share
      FROM ${news} JOIN ${topics} USING (label) GROUP BY topic ORDER BY share DESC`;
    expect(await judge(answer)).toMatch(/^✓ Right/);
  });

  it('waits where nothing is there', async () => {
    expect(await judge(undefined)).toMatch(/^○ To do/);
  });

  it.each([
    ['the order', shares.orderby('share'), /largest should come first/],
    [
      'numbers for names',
      news.groupby('label').count().rename({ label: 'topic', count: 'share' }),
      /join the names/,
    ],
    ['counts', shares.derive({ share: (row: { rows: number }) => row.rows }), /percentages or counts/],
    [
      'the other share',
      shares.derive({ share: (row: { share: number }) => 1 - row.share }),
      /without a digit/,
    ],
    [
      'rounding',
      shares.derive({ share: (row: { share: number }) => op.round(row.share * 10) / 10 }),
      /do not round/,
    ],
    ['a missing topic', shares.slice(0, 3), /the topic World is missing/],
    ['rows instead of groups', shares.concat(shares), /8 rows; one for each topic/],
    [
      'a missing column',
      shares.rename({ share: 'mean' }),
      /has no column "share"; its columns are topic, mean, rows/,
    ],
    ['an unknown topic', [{ topic: 'Weather', share: 0 }], /there is no topic "Weather"/],
    ['no rows', [], /has no rows/],
    ['a promise', Promise.resolve(shares), /a promise \(is an await missing\?\)/],
  ])('notices %s', async (_, table, message) => {
    expect(await judge(table)).toMatch(/^✗ Not yet/);
    expect(await judge(table)).toMatch(message);
  });
});

describe('exercise 3, cleaned pages', () => {
  const judge = (table: unknown): Promise<string> => printed(() => checkCleaned(table, pages));
  const isLong = (least: number) => own((page: Page) => page.text.length >= least);
  const cleaned = pages.dedupe('text').filter(isLong(20));

  it('takes the pages without copies and without short texts', async () => {
    expect(await judge(cleaned)).toBe(
      '✓ Right: 282 of 330 pages are left, each text once and none of them short.',
    );
    expect(await judge(pages.filter(isLong(20)).dedupe('text'))).toMatch(/^✓ Right/);
  });

  it('waits where nothing is there', async () => {
    expect(await judge(undefined)).toMatch(/^○ To do/);
  });

  it.each([
    ['pages as they are', pages, /26 copies and 22 short texts are still there/],
    ['copies', pages.filter(isLong(20)), /no text is short, but 26 copies of others/],
    ['short texts', pages.dedupe('text'), /no text comes twice, but 22 short texts/],
    ['one character too many', pages.dedupe('text').filter(isLong(21)), /too many are gone/],
    ['too few rows', cleaned.slice(0, 200), /82 texts too many are gone/],
    ['another order', cleaned.orderby('text').reify(), /order has changed/],
    [
      'changed texts',
      cleaned.derive({ text: (row: Page) => op.lower(row.text) }),
      /texts should stay as they are/,
    ],
    ['a lost column', cleaned.select('text'), /has no column "source"/],
    ['a wrong source', cleaned.derive({ source: () => 'web' }), /is not that of its first copy/],
  ])('notices %s', async (_, table, message) => {
    expect(await judge(table)).toMatch(/^✗ Not yet/);
    expect(await judge(table)).toMatch(message);
  });
});

describe('a library that is not installed', () => {
  it('is a message, not a failure', async () => {
    const missing = Object.assign(new Error('danfojs-node is not installed here: …'), {
      code: 'ERR_NOT_INSTALLED',
    });
    expect(await printed(() => ifInstalled(() => Promise.reject(missing)))).toBe(missing.message);
    expect(await printed(async () => expect(await ifInstalled(() => 3)).toBe(3))).toBe('');
  });

  it('hides no other error', async () => {
    await expect(ifInstalled(() => readJsonl('no-such-file.jsonl'))).rejects.toThrow('no-such-file.jsonl');
  });
});
