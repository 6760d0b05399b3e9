import { describe, expect, test } from 'vitest';
import { completeCode, type Look, type LookRequest } from '../../../kernel/intellisense/complete.ts';
import { describeValue } from '../../../kernel/intellisense/inspect.ts';

const live: Record<string, string[]> = {
  garden: ['apple', 'apricot', 'Avocado', 'not a name', '__proto__'],
  '[1]': ['map', 'at'],
  'await p': ['x'],
  p: ['y'],
};

function setUp() {
  const asked: LookRequest[] = [];
  const look: Look = async request => {
    asked.push(request);
    const names =
      request.type === 'names'
        ? ['garden', 'Gate', '__tunelab__', 'console']
        : request.type === 'members'
          ? (live[request.expression] ?? [])
          : [];
    return { id: 1, members: names.map(name => ({ name, type: 'property' })) };
  };
  return { asked, look };
}

/** `|` is the cursor. */
async function complete(marked: string) {
  const cursor = [...marked.slice(0, marked.indexOf('|'))].length;
  return completeCode(marked.replace('|', ''), cursor, setUp().look);
}

describe('completeCode', () => {
  test('members: the exact case first, no names that need quotes, internals last', async () => {
    expect((await complete('garden.a|')).matches).toEqual(['apple', 'apricot', 'Avocado']);
    expect((await complete('garden.|')).matches.at(-1)).toBe('__proto__');
    expect((await complete('garden.|')).matches).not.toContain('not a name');
  });

  test('names and keywords, without the runtime’s own', async () => {
    expect((await complete('ga|')).matches).toEqual(['garden', 'Gate']);
    expect((await complete('whi|')).matches).toEqual(['while']);
    expect((await complete('__|')).matches).toEqual([]);
  });

  test('positions are code points', async () => {
    expect(await complete('"😀😀"; garden.ap| + "😀"')).toMatchObject({
      matches: ['apple', 'apricot'],
      cursor_start: 13,
      cursor_end: 15,
    });
  });

  test('types go along in the experimental field', async () => {
    const { metadata } = await complete('garden.ap|');
    expect(metadata._jupyter_types_experimental).toEqual([
      { text: 'apple', type: 'property', start: 7, end: 9 },
      { text: 'apricot', type: 'property', start: 7, end: 9 },
    ]);
  });

  test('a name that the cell itself declares', async () => {
    expect((await complete('const local = [1];\nlocal.m|')).matches).toEqual(['map']);
    expect((await complete('const local: number[] = [1];\nlocal.m|')).matches).toEqual(['map']);
  });

  test('modules, magics and files', async () => {
    expect((await complete('import fs from "node:f|')).matches).toContain('node:fs');
    expect((await complete("import { x } from 'zer|")).matches).toContain('zeromq');
    expect((await complete('require("path|')).matches).toContain('path');
    expect((await complete('await import("@types/|')).matches).toContain('@types/node');
    expect((await complete('import "./kernel/ma|')).matches).toEqual(['./kernel/main.ts']);
    expect((await complete('import "./no/such/|')).matches).toEqual([]);
    expect((await complete('%wh|')).matches).toEqual(['who']);
    expect((await complete('x\n%%s|')).matches).toEqual(['sh']);
  });

  test('no answer from the process is no completion, not an error', async () => {
    const none: Look = async () => undefined;
    expect((await completeCode('garden.', 7, none)).matches).toEqual([]);
    expect((await completeCode('whil', 4, none)).matches).toEqual(['while']);
  });

  test('nothing inside a string or a comment', async () => {
    expect((await complete('"some text ga|')).matches).toEqual([]);
    expect((await complete('// a comment ga|')).matches).toEqual([]);
  });
});

describe('describeValue', () => {
  const described =
    (text: string, members: string[] = []): Look =>
    async () => ({
      id: 1,
      description: {
        type: 'function',
        text,
        members: members.map(name => ({ name, type: name === 'run' ? 'function' : 'property' })),
      },
    });

  test('short and long', async () => {
    const source = Array.from({ length: 40 }, (_, i) => `line ${i}`).join('\n');
    const short = await describeValue('f', 0, described(source));
    expect(short.data['text/plain']).toContain('… 28 more lines');
    const long = await describeValue('f', 1, described(source));
    expect(long.data['text/plain']).toContain('line 39');
    expect(long.data['text/markdown']).toContain('```typescript');
  });

  test('members, without those of every object', async () => {
    const { data } = await describeValue('o', 0, described('Object', ['run', 'size', 'toString']));
    expect(data['text/plain']).toContain('run(), size');
    expect(data['text/plain']).not.toContain('toString');
  });

  test('nothing known', async () => {
    expect(await describeValue('x', 0, async () => ({ id: 1, description: null }))).toMatchObject({
      found: false,
    });
    expect(await describeValue('x', 0, async () => undefined)).toMatchObject({ found: false });
    expect(await describeValue('', 0, described('never asked'))).toMatchObject({ found: false });
  });

  test('a fence in the source does not end the block', async () => {
    const { data } = await describeValue('f', 0, described('const a = "```"'));
    expect(data['text/markdown']!.match(/^```/gm)!.length % 2).toBe(0);
  });
});
