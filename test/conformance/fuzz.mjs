/**
 * 20,000 broken messages against every socket of a running kernel, which must answer all the while and after.
 *
 *     node test/conformance/fuzz.mjs [--frames 20000] [--seed 1] [--seconds 60] [--kernel tunelab]
 *
 * The generator is seeded: the seed and the number of the message that broke something repeat it. Half of the
 * messages are wrong on the outside (frames, delimiter, signature), half carry a valid signature over garbage.
 */
import { randomUUID } from 'node:crypto';
import { connect } from 'node:net';
import { parseArgs } from 'node:util';
import { Dealer, XSubscriber } from 'zeromq';
import { DELIMITER, sign } from '../../bench/kernel/client.mjs';
import { findKernels } from '../../bench/kernel/kernels.mjs';
import { Kernel } from '../../bench/kernel/launch.mjs';

const { values: options } = parseArgs({
  options: {
    frames: { type: 'string', default: '20000' },
    seed: { type: 'string', default: '1' },
    seconds: { type: 'string', default: '60' },
    kernel: { type: 'string', default: 'tunelab' },
  },
});
const total = Number(options.frames);
const seed = Number(options.seed);
/** Milliseconds after which something counts as hung, however busy the machine is. */
const PATIENCE = 150_000;
/** Errors among the fuzzed cells may abort as many cells of the check, one after the other. */
const ATTEMPTS = 20;

const spec = findKernels().found.find(kernel => kernel.name === options.kernel);
if (!spec) {
  console.error(`there is no kernel ${options.kernel} to run; is it built?`);
  process.exit(1);
}

// --- a seeded generator -----------------------------------------------------------------------------------------------

let state = seed >>> 0;
/** Mulberry32: a number in [0, 1). */
function random() {
  state = (state + 0x6d2b79f5) >>> 0;
  let t = state;
  t = Math.imul(t ^ (t >>> 15), t | 1);
  t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
  return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
}
const below = n => Math.floor(random() * n);
const pick = list => list[below(list.length)];
const bytes = n => Buffer.from(Array.from({ length: n }, () => below(256)));

// --- messages ---------------------------------------------------------------------------------------------------------

const REQUESTS = {
  execute_request: () => ({
    code: pick(['1 + 1', "console.log('x')", 'let a = 1', 'throw 1', "'😀'.length"]),
    silent: below(2) === 0,
    store_history: false,
    user_expressions: { a: '1' },
    allow_stdin: false,
    stop_on_error: false,
  }),
  kernel_info_request: () => ({}),
  complete_request: () => ({ code: 'Math.ma', cursor_pos: 7 }),
  inspect_request: () => ({ code: 'Math.max', cursor_pos: 8, detail_level: 0 }),
  is_complete_request: () => ({ code: 'f(' }),
  history_request: () => ({ hist_access_type: 'tail', n: 3, output: false, raw: true }),
  comm_info_request: () => ({}),
  connect_request: () => ({}),
  comm_open: () => ({ comm_id: `c${below(5)}`, target_name: 'nobody', data: {} }),
  comm_msg: () => ({ comm_id: `c${below(5)}`, data: {} }),
  comm_close: () => ({ comm_id: `c${below(5)}`, data: {} }),
  interrupt_request: () => ({}),
  input_reply: () => ({ value: 'x', status: 'ok' }),
  debug_request: () => ({ type: 'request', seq: 1, command: 'initialize', arguments: {} }),
  nonsense_request: () => ({ a: 1 }),
};
const header = type => ({
  msg_id: `f${state}`,
  session: 'fuzz',
  username: 'fuzz',
  date: '2026-01-01T00:00:00Z',
  msg_type: type,
  version: '5.3',
});
const json = value => Buffer.from(JSON.stringify(value));

/** The four JSON parts of a good request. */
function goodParts() {
  const type = pick(Object.keys(REQUESTS));
  return { type, header: header(type), content: REQUESTS[type]() };
}

const seal = (key, parts, buffers = []) => [
  Buffer.from(DELIMITER),
  Buffer.from(sign(key, parts)),
  ...parts,
  ...buffers,
];

const ODD_VALUES = [
  null,
  true,
  0,
  -1,
  1e308,
  '',
  'x',
  [],
  {},
  [[]],
  '__proto__',
  '\u0000',
  '\ud800',
  'x'.repeat(10_000),
  { toString: 1 },
];

/** Nested deeper than a recursive parser likes. */
const deep = () => Buffer.from(pick(['[', '{"a":']).repeat(20_000 + below(30_000)));
const closedDeep = () => {
  const depth = 5_000 + below(20_000);
  return Buffer.from(`{"code":${'['.repeat(depth)}${']'.repeat(depth)}}`);
};

/** Wrong on the outside. Each takes the frames of a good message. */
const OUTSIDE = {
  'bit flips': frames => {
    for (let flips = 1 + below(8); flips > 0; flips--) {
      const frame = pick(frames);
      if (frame.length) frame[below(frame.length)] ^= 1 << below(8);
    }
    return frames;
  },
  'frame cut short': frames => {
    const at = below(frames.length);
    frames[at] = frames[at].subarray(0, below(frames[at].length + 1));
    return frames;
  },
  'frames dropped': frames => {
    for (let drops = 1 + below(3); drops > 0 && frames.length > 1; drops--)
      frames.splice(below(frames.length), 1);
    return frames;
  },
  'frames added': frames => {
    for (let adds = 1 + below(3); adds > 0; adds--)
      frames.splice(below(frames.length + 1), 0, bytes(below(40)));
    return frames;
  },
  'frames swapped': frames => {
    const [a, b] = [below(frames.length), below(frames.length)];
    [frames[a], frames[b]] = [frames[b], frames[a]];
    return frames;
  },
  'wrong delimiter': frames => {
    frames[0] = Buffer.from(pick(['<IDS|MSG', '<ids|msg>', '', '<IDS|MSG>\n', '\0', '<IDS|MSG><IDS|MSG>']));
    return frames;
  },
  'delimiter twice': frames => [frames[0], ...frames],
  'wrong signature': frames => {
    frames[1] = pick([
      Buffer.alloc(0),
      bytes(32),
      bytes(64),
      Buffer.from('0'.repeat(64)),
      Buffer.from(sign('other key', frames.slice(2, 6))),
    ]);
    return frames;
  },
  'random frames': () => Array.from({ length: 1 + below(12) }, () => bytes(below(60))),
  'one large frame': () => [Buffer.alloc(1 + below(300_000), below(256))],
  'many frames': () => Array.from({ length: 200 + below(300) }, () => Buffer.from('x')),
};

/** Signed properly over what is no request. Each returns the four JSON parts. */
const INSIDE = {
  'not JSON': ({ header, content }) => {
    const parts = [json(header), json({}), json({}), json(content)];
    parts[below(4)] = pick([
      Buffer.from('{no'),
      Buffer.alloc(0),
      bytes(30),
      Buffer.from('undefined'),
      Buffer.from('\ufeff{}'),
      Buffer.from('{}{}'),
    ]);
    return parts;
  },
  'not an object': ({ header, content }) => {
    const parts = [json(header), json({}), json({}), json(content)];
    parts[below(4)] = json(pick(ODD_VALUES));
    return parts;
  },
  'header field missing': ({ header, content }) => {
    delete header[pick(Object.keys(header))];
    return [json(header), json({}), json({}), json(content)];
  },
  'header field mistyped': ({ header, content }) => {
    header[pick(Object.keys(header))] = pick(ODD_VALUES);
    return [json(header), json({}), json({}), json(content)];
  },
  'content field missing': ({ header, content }) => {
    delete content[pick(Object.keys(content))];
    return [json(header), json({}), json({}), json(content)];
  },
  'content field mistyped': ({ header, content }) => {
    const field = pick(Object.keys(content)) ?? 'extra';
    content[field] = pick(ODD_VALUES);
    return [json(header), json({}), json({}), json(content)];
  },
  'odd parent and metadata': ({ header, content }) => [
    json(header),
    json({ msg_id: pick(ODD_VALUES) }),
    json({ a: pick(ODD_VALUES) }),
    json(content),
  ],
  'own prototype': ({ header, content }) => [
    json(header),
    Buffer.from('{"__proto__":{"a":1}}'),
    json({}),
    Buffer.from(`{"__proto__":{"code":"1"},"constructor":${JSON.stringify(content)}}`),
  ],
  'deep JSON': ({ header }) => [json(header), json({}), json({}), pick([deep, closedDeep])()],
  'large JSON': ({ header, content }) => [
    json(header),
    json({ pad: 'x'.repeat(below(200_000)) }),
    json({}),
    json({ ...content, extra: 'y'.repeat(below(200_000)) }),
  ],
  'byte soup in content': ({ header, content }) => {
    const soup = json(content);
    for (let flips = 1 + below(5); flips > 0 && soup.length; flips--) soup[below(soup.length)] = below(256);
    return [json(header), json({}), json({}), soup];
  },
};

/** Code that a byte changed by chance must not do. */
const dangerous = part => /exit|kill|abort/.test(part.toString('latin1'));

function makeMessage(key) {
  if (random() < 0.5) {
    const { header, content } = goodParts();
    const name = pick(Object.keys(OUTSIDE));
    return { name, frames: OUTSIDE[name](seal(key, [json(header), json({}), json({}), json(content)])) };
  }
  const name = pick(Object.keys(INSIDE));
  const parts = INSIDE[name](goodParts());
  if (parts.some(dangerous)) return makeMessage(key);
  return { name: `signed, ${name}`, frames: seal(key, parts, below(4) === 0 ? [bytes(below(100))] : []) };
}

// --- the run ----------------------------------------------------------------------------------------------------------

const kernel = await Kernel.start(spec);
const problems = [];
const sentOf = {};
let sent = 0;
const startedAt = performance.now();
const sockets = {};
try {
  await kernel.settle();
  const { client, connection } = kernel;
  // A first cell, so that the memory before is that of a kernel that has started whatever it starts.
  await client.execute('1');
  const before = kernel.memory();
  const dealer = { linger: 0, sendHighWaterMark: 0, receiveHighWaterMark: 0 };
  for (const channel of ['shell', 'control', 'stdin', 'hb']) {
    sockets[channel] = new Dealer({ ...dealer, routingId: `fuzz-${randomUUID()}` });
    sockets[channel].connect(client.address(channel));
    void swallow(sockets[channel]);
  }
  // What a subscriber sends is a subscription; anything else is noise to the kernel's iopub socket.
  sockets.iopub = new XSubscriber({ linger: 0 });
  sockets.iopub.connect(client.address('iopub'));
  void swallow(sockets.iopub);

  const channels = ['shell', 'shell', 'shell', 'control', 'control', 'stdin', 'hb', 'iopub'];
  let recent = [];
  while (sent < total && performance.now() - startedAt < Number(options.seconds) * 1000) {
    const channel = pick(channels);
    const { name, frames } = makeMessage(connection.key);
    await sockets[channel].send(frames);
    sentOf[name] = (sentOf[name] ?? 0) + 1;
    recent.push(`${sent} ${name} on ${channel}`);
    sent++;
    if (sent % 100 === 0) noise(connection);
    if (sent % 250 === 0) {
      const problem = await ailing();
      if (problem) {
        problems.push(
          `after message ${sent} (seed ${seed}): ${problem}; the messages since the last check:\n    ${recent.join('\n    ')}`,
        );
        break;
      }
      recent = [];
    }
  }
  if (!problems.length) {
    const problem = (await ailing()) ?? (await notWorking());
    if (problem) problems.push(`at the end, after ${sent} messages (seed ${seed}): ${problem}`);
  }
  const after = kernel.memory();
  const kinds = Object.keys(sentOf).length;
  console.log(
    `fuzz: ${sent} messages of ${kinds} kinds in ${((performance.now() - startedAt) / 1000).toFixed(0)} s, seed ${seed}; ` +
      `memory ${before.rss.toFixed(0)} MB before, ${after.rss.toFixed(0)} MB after`,
  );
  if (sent < total && !problems.length)
    console.log(`fuzz: stopped after ${options.seconds} s, ${total - sent} messages unsent`);
} finally {
  for (const socket of Object.values(sockets)) socket.close();
  await kernel.stop();
}
for (const problem of problems) console.error(`FAIL ${problem}`);
if (problems.length) console.error(`the end of the kernel's stderr:\n${kernel.stderr.slice(-3_000)}`);
process.exit(problems.length ? 1 : 0);

async function swallow(socket) {
  for await (const _ of socket);
}

/** Bytes that are no ZeroMQ at all, from somebody who connects and leaves. */
function noise(connection) {
  const port = connection[`${pick(['shell', 'control', 'stdin', 'hb', 'iopub'])}_port`];
  const socket = connect(port, connection.ip, () => socket.end(bytes(1 + below(200))));
  socket.on('error', () => {});
}

/** @returns what keeps the kernel from answering, or undefined */
async function ailing() {
  if (!kernel.alive) return `the kernel ended with ${kernel.exited}`;
  if ((await kernel.client.heartbeat(PATIENCE)) === undefined) return 'no heartbeat';
  for (const channel of ['control', 'shell']) {
    const info = await kernel.client.request('kernel_info_request', {}, { channel, timeout: PATIENCE });
    if (info.timedOut) return `kernel_info on ${channel}: ${info.describe()}`;
  }
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const cell = await kernel.client.execute('1', { timeout: PATIENCE });
    if (cell.status === 'ok') return undefined;
    if (cell.timedOut || attempt === ATTEMPTS - 1) return `a cell: ${cell.describe()}`;
  }
  return undefined;
}

/** @returns what is wrong with an ordinary cell, or undefined */
async function notWorking() {
  const cell = await kernel.client.execute("console.log('still here'); 6 * 7", { timeout: PATIENCE });
  const types = cell.messages.map(message => message.content.execution_state ?? message.type).join(' ');
  const good = cell.status === 'ok' && cell.value === '42' && cell.text() === 'still here\n';
  return good && types === 'busy execute_input stream execute_result idle'
    ? undefined
    : `${cell.describe()}; messages ${types}`;
}
