/** How prose is taken out of pages, plain text, Markdown, R's data and WordNet's files. */
import { deflateSync } from 'node:zlib';
import { describe, expect, it, test } from 'vitest';
import { load } from './load.ts';

const { htmlParagraphs } = await load<{ htmlParagraphs(html: string): string[] }>('html.mjs');
const { plainParagraphs, markdownParagraphs, sentences, regroup } = await load<{
  plainParagraphs(text: string): string[];
  markdownParagraphs(text: string): string[];
  sentences(text: string): string[];
  regroup(parts: string[], characters: number): string[];
}>('plain.mjs');
const { stringVectors } = await load<{ stringVectors(bytes: Buffer): string[][] }>('rdata.mjs');
const { parseEntry } = await load<{ parseEntry(line: string): object | undefined }>('wordnet.mjs');
const { SOURCES, chapters } = await load<{
  SOURCES: Record<string, unknown>[];
  chapters(paragraphs: string[]): Iterable<string[]>;
}>('sources.mjs');

describe('htmlParagraphs', () => {
  it('takes paragraphs, items and definitions, with entities decoded and lines joined', () => {
    const html = `<html class="sidebar-visible"><head><title>T</title></head><body>
      <h1>Heading</h1><p>One &amp; <b>two</b>,\n three&#39;s &mdash; <code>f(x)</code>.</p>
      <ul><li>An item<p>and a paragraph in it.</p></li></ul><dl><dt>term</dt><dd>Its meaning.</dd></dl></body></html>`;
    expect(htmlParagraphs(html)).toEqual([
      "One & two, three's — f(x).",
      'An item',
      'and a paragraph in it.',
      'Its meaning.',
    ]);
  });

  it('leaves out listings, tables, navigation, scripts and loose text', () => {
    const html = `<div class="nav x"><div><p>Next</p></div><p>Up</p></div><pre>code <p>no</p></pre>
      <table><tr><td><p>cell</p></td></tr></table><script>if (a<b) "<p>x</p>"</script><!-- <p>c</p> -->loose<p>Yes.</p>`;
    expect(htmlParagraphs(html)).toEqual(['Yes.']);
  });
});

test('plain text is cut at blank lines and unwrapped', () => {
  expect(plainParagraphs('One\r\ntwo.\r\n\r\n  Three\n \t\nfour.\n')).toEqual(['One two.', 'Three', 'four.']);
});

test('Markdown loses headings, listings, tables, badges, links and marks', () => {
  const text = `# Title\n\nUse the \`run\` **command** of [this](https://a.b) [![x](y)](z).\n\n- first _item_\n- second\n
\`\`\`js\nlet a = 1;\n\`\`\`\n\n    indented code\n\n| a | b |\n|---|---|\n\nSub\n---\n\nThe <b>end</b> of snake_case_names.\n`;
  expect(markdownParagraphs(text)).toEqual([
    'Use the run command of this .',
    'first item',
    'second',
    'The end of snake_case_names.',
  ]);
});

test('sentences end neither at abbreviations nor at initials', () => {
  expect(sentences('Mr. B. Hill came. "Well?" he said. It was 3.5 miles! Yes.')).toEqual([
    'Mr. B. Hill came.',
    '"Well?" he said.',
    'It was 3.5 miles!',
    'Yes.',
  ]);
  expect(regroup(['aaa', 'bbb', 'ccc'], 6)).toEqual(['aaa bbb', 'ccc']);
});

test('chapters begin at headings, not at sentences that look like them', () => {
  const paragraphs = ['CHAPTER I', 'It began.', 'Part of it was old.', 'XII', 'It went on.', 'THE END'];
  expect([...chapters(paragraphs)]).toEqual([['It began.', 'Part of it was old.'], ['It went on.']]);
});

test("the string vectors of R's data are read, other objects passed over", () => {
  const int = (...values: number[]) => {
    const bytes = Buffer.alloc(4 * values.length);
    values.forEach((value, index) => {
      bytes.writeInt32BE(value, 4 * index);
    });
    return bytes;
  };
  const header = Buffer.concat([Buffer.from('X\n'), int(3, 0x040201, 0x030500, 5), Buffer.from('UTF-8')]);
  const block = (...parts: Buffer[]) => {
    const plain = Buffer.concat([header, ...parts]);
    return Buffer.concat([int(plain.length), deflateSync(plain)]);
  };
  const strings = block(int(16, 2, 9, 3), Buffer.from('é!'), int(9, -1));
  expect(stringVectors(Buffer.concat([strings, block(int(13, 1, 7)), strings]))).toEqual([
    ['é!', ''],
    ['é!', ''],
  ]);
  expect(() => stringVectors(Buffer.concat([int(3), deflateSync('abcd')]))).toThrow('has 4 bytes, not 3');
});

test("a line of WordNet's files becomes words, meaning and examples", () => {
  const line =
    '00818217 32 v 02 deny 0 turn_down 1 001 @ 00825097 v 0000 01 + 08 00 | declare untrue; contradict; "He denied it"; "They did, too"  ';
  expect(parseEntry(line)).toEqual({
    file: '32',
    words: ['deny', 'turn_down'],
    meaning: 'declare untrue; contradict',
    examples: ['He denied it', 'They did, too'],
    isInstance: false,
  });
  expect(parseEntry('  1 This software and database')).toBeUndefined();
});

test('the table of sources says everything of each, and nothing is copyleft', () => {
  const names = SOURCES.map(source => source.name);
  expect(new Set(names).size).toBe(names.length);
  for (const source of SOURCES) {
    for (const key of ['package', 'licence', 'takes', 'why'])
      expect(source[key], `${source.name}`).toMatch(/\w/);
    expect(['npm', 'debian', 'here']).toContain(source.from);
    expect(['prose', 'manual']).toContain(source.kind);
    if (source.from === 'npm') expect(source.package).toMatch(/@\d/);
    expect(source.licence).not.toMatch(/GPL|-SA|GFDL/);
  }
});
