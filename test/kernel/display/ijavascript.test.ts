import { expect, test } from 'vitest';
import { type MimeBundle, toMimeBundle } from '../../../kernel/display/index.ts';

test('_toHtml, _toSvg, _toPng and _toMime add up', () => {
  const value = {
    _toHtml: () => '<i>x</i>',
    _toSvg: () => '<svg/>',
    _toPng: () => 'aGk=',
    _toMime: () => ({ 'a/b': 'c' }),
  };
  const { data } = toMimeBundle(value) as MimeBundle;
  expect(data).toEqual({
    'a/b': 'c',
    'text/html': '<i>x</i>',
    'image/svg+xml': '<svg/>',
    'image/png': 'aGk=',
  });
});

test('they may be async and use `this`', async () => {
  class Note {
    text = 'hi';
    async _toMarkdown() {
      return `**${this.text}**`;
    }
  }
  expect((await toMimeBundle(new Note())).data).toEqual({ 'text/markdown': '**hi**' });
});

test('one that throws says so', () => {
  const { data } = toMimeBundle({
    _toHtml() {
      throw new Error('no page');
    },
  }) as MimeBundle;
  expect(data['text/plain']).toMatch(/The display function of this value failed: Error: no page$/);
});
