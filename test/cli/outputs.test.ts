import { expect, test } from 'vitest';
import { Displays, OutputRecorder } from '../../cli/outputs.ts';
import type { Incoming } from '../../kernel/protocol/index.ts';

const message = (type: string, content: Record<string, unknown>) =>
  ({ header: { msg_type: type }, content }) as unknown as Incoming;
const stream = (text: string, name = 'stdout') => message('stream', { name, text });
const display = (text: string, id?: string) =>
  message('display_data', {
    data: { 'text/plain': text },
    metadata: {},
    ...(id && { transient: { display_id: id } }),
  });
const update = (text: string, id: string) =>
  message('update_display_data', {
    data: { 'text/plain': text },
    metadata: { new: true },
    transient: { display_id: id },
  });
const shown = (text: string, metadata = {}) => ({
  output_type: 'display_data',
  data: { 'text/plain': text },
  metadata,
});

function record(...messages: Incoming[]): OutputRecorder {
  const recorder = new OutputRecorder();
  for (const each of messages) recorder.add(each);
  return recorder;
}

test('text of one stream is one output as long as nothing comes between', () => {
  const { outputs } = record(
    stream('a'),
    stream('b\n'),
    stream('!', 'stderr'),
    stream('c'),
    display('d'),
    stream('e'),
  );
  expect(outputs).toEqual([
    { output_type: 'stream', name: 'stdout', text: 'ab\n' },
    { output_type: 'stream', name: 'stderr', text: '!' },
    { output_type: 'stream', name: 'stdout', text: 'c' },
    shown('d'),
    { output_type: 'stream', name: 'stdout', text: 'e' },
  ]);
});

test('a result and an error keep what Jupyter keeps, and nothing transient', () => {
  const { outputs, executionCount } = record(
    message('status', { execution_state: 'busy' }),
    message('execute_input', { code: 'x', execution_count: 7 }),
    message('execute_result', {
      data: { 'text/plain': '1' },
      metadata: {},
      execution_count: 7,
      transient: {},
    }),
    message('error', { ename: 'TypeError', evalue: 'no', traceback: ['TypeError: no'] }),
    message('comm_open', {}),
  );
  expect(outputs).toEqual([
    { output_type: 'execute_result', data: { 'text/plain': '1' }, metadata: {}, execution_count: 7 },
    { output_type: 'error', ename: 'TypeError', evalue: 'no', traceback: ['TypeError: no'] },
  ]);
  expect(executionCount).toBe(7);
});

test('an update changes every display of that id, in earlier cells too', () => {
  const displays = new Displays();
  const [first, second] = [new OutputRecorder(displays), new OutputRecorder(displays)];
  first.add(display('0 %', 'bar'));
  second.add(display('0 %', 'bar'));
  second.add(display('other', 'x'));
  second.add(update('100 %', 'bar'));
  second.add(update('lost', 'unknown'));
  expect(first.outputs).toEqual([shown('100 %', { new: true })]);
  expect(second.outputs).toEqual([shown('100 %', { new: true }), shown('other')]);
});

test('clear_output empties the cell at once, or with wait when the next output comes', () => {
  expect(record(stream('a'), message('clear_output', { wait: false })).outputs).toEqual([]);
  const waiting = record(stream('a'), message('clear_output', { wait: true }));
  expect(waiting.outputs).toHaveLength(1);
  waiting.add(stream('b'));
  expect(waiting.outputs).toEqual([{ output_type: 'stream', name: 'stdout', text: 'b' }]);
});

test('a cleared display is not updated any more', () => {
  const recorder = record(
    display('old', 'd'),
    message('clear_output', { wait: false }),
    display('new', 'e'),
    update('x', 'd'),
  );
  expect(recorder.outputs).toEqual([shown('new')]);
});

test('a flood is cut with a line that says so', () => {
  const recorder = record(...Array.from({ length: 30 }, () => stream('x'.repeat(1_000_000))));
  const [output] = recorder.outputs as { text: string }[];
  expect(recorder.outputs).toHaveLength(1);
  expect(output!.text.length).toBeLessThan(20_000_200);
  expect(output!.text.slice(20_000_000)).toBe('\n[tunelab run: output cut after 20 million characters]\n');
});
