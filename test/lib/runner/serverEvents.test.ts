import { expect, it } from 'vitest';
import { serverEvents } from '../../../lib/runner/serverEvents.ts';

async function read(pieces: readonly string[]): Promise<string[]> {
  async function* given() {
    yield* pieces;
  }
  const events: string[] = [];
  for await (const data of serverEvents(given())) events.push(data);
  return events;
}

/** With what the standard allows: comments, other fields, two kinds of line ends, data of several lines, no space. */
const STREAM =
  ': keep-alive\n\ndata: {"a":1}\r\n\r\nevent: x\nid: 7\ndata:{"b":\ndata:  2}\n\n\n\nretry: 5\n\ndata: [DONE]\n\n';

it('gives the data of each event, wherever the pieces are cut', async () => {
  const events = ['{"a":1}', '{"b":\n 2}', '[DONE]'];
  expect(await read([STREAM])).toEqual(events);
  expect(await read([...STREAM])).toEqual(events);
  for (let at = 0; at <= STREAM.length; at++) {
    expect(await read([STREAM.slice(0, at), STREAM.slice(at)])).toEqual(events);
  }
});

it('leaves out an event that is cut off', async () => {
  expect(await read(['data: 1\n\ndata: 2\n'])).toEqual(['1']);
});
