/** What travels on the sockets: signatures, malformed messages, transports, big messages. */
import { mkdtempSync, rmSync } from 'node:fs';
import { describe, expect, onTestFinished, test } from 'vitest';
import { kernelForFile, kernelForTest, PATIENT, seededRandom, until } from '../client.ts';

const kernel = await kernelForFile();

/** Sends frames that must have no effect; the kernel must still answer. */
async function dropped(
  frames: (Uint8Array | string)[],
  channel: 'shell' | 'control' | 'stdin' = 'shell',
): Promise<void> {
  const before = kernel.iopub.length;
  kernel.sendFrames(channel, frames);
  expect((await kernel.ok('1')).value).toBe('1');
  const strangers = kernel.iopub
    .slice(before)
    .filter(({ parent }) => parent.session !== undefined && parent.session !== kernel.session);
  expect(strangers).toEqual([]);
}

describe('messages that must be dropped', () => {
  const request = () => {
    const header = kernel.header('execute_request');
    return { header, frames: kernel.frames(header, { code: 'globalThis.intruded = true', silent: false }) };
  };
  const untouched = async () => expect((await kernel.ok('typeof intruded')).value).toBe("'undefined'");

  test('a wrong signature', async () => {
    const { frames } = request();
    await dropped(frames.map((frame, i) => (i === 1 ? '0'.repeat(64) : frame)));
    await untouched();
    await until(() => kernel.log.includes('signature'), 'a line in the log');
  });

  test('no signature, a short and a long one, and one in capitals', async () => {
    for (const change of [
      () => '',
      (text: string) => text.slice(1),
      (text: string) => `${text}0`,
      (text: string) => text.toUpperCase(),
    ]) {
      const { frames } = request();
      await dropped(frames.map((frame, i) => (i === 1 ? change(Buffer.from(frame).toString()) : frame)));
    }
    await untouched();
  });

  test('a content that was changed after signing', async () => {
    const { frames } = request();
    await dropped(
      frames.map((frame, i) => (i === 5 ? JSON.stringify({ code: 'globalThis.intruded = 2' }) : frame)),
    );
    await untouched();
  });

  test('a replay', async () => {
    await kernel.ok('let replays = 0');
    const header = kernel.header('execute_request');
    const frames = kernel.frames(header, { code: 'replays++', silent: false });
    for (let i = 0; i < 3; i++) kernel.sendFrames('shell', frames);
    expect((await kernel.ok('replays')).value).toBe('1');
    await until(() => kernel.log.includes('replay'), 'a line in the log');
  });

  test('a replay on another channel', async () => {
    await kernel.ok('let crossed = 0');
    const frames = kernel.frames(kernel.header('execute_request'), { code: 'crossed++' });
    kernel.sendFrames('shell', frames);
    await kernel.ok('0');
    kernel.sendFrames('control', frames);
    await kernel.ask('kernel_info_request', {}, { channel: 'control' });
    expect((await kernel.ok('crossed')).value).toBe('1');
  });

  test('signed nonsense', async () => {
    const nonsense = [
      '',
      '{',
      '[]',
      'null',
      '5',
      '"text"',
      '\u0000',
      '{"msg_id":5,"msg_type":[]}',
      '{"msg_type":"execute_request"}',
    ];
    for (const header of nonsense) {
      const parts = [header, '{}', '{}', '{}'].map(part => Buffer.from(part));
      await dropped(['<IDS|MSG>', kernel.sign(parts), ...parts]);
    }
    for (const content of ['', '[]', 'null', 'x', '{"code":']) {
      const parts = [JSON.stringify(kernel.header('execute_request')), '{}', '{}', content].map(part =>
        Buffer.from(part),
      );
      await dropped(['<IDS|MSG>', kernel.sign(parts), ...parts]);
    }
  });

  test('frames that are no message', async () => {
    await dropped(['']);
    await dropped(['', '', '']);
    await dropped(['<IDS|MSG>']);
    await dropped(['<IDS|MSG>', '']);
    await dropped(['<IDS|MSG>', '', '{}', '{}', '{}']);
    await dropped(['x', 'y', 'z', '<IDS|MSG>', 'a', 'b']);
    await dropped(Array.from({ length: 2_000 }, () => 'x'));
    await dropped([Buffer.alloc(1_000_000)]);
  });

  test('the same on control and stdin', async () => {
    for (const channel of ['control', 'stdin'] as const) {
      await dropped(['garbage'], channel);
      await dropped(
        request().frames.map((frame, i) => (i === 1 ? 'bad' : frame)),
        channel,
      );
    }
    await untouched();
  });

  test('a thousand mutated requests', async () => {
    const random = seededRandom(11);
    for (let i = 0; i < 1_000; i++) {
      const frames = kernel
        .frames(kernel.header('execute_request'), { code: 'globalThis.intruded = 3' })
        .map(frame => Buffer.from(frame));
      const victim = frames[Math.floor(random() * frames.length)]!;
      const kind = Math.floor(random() * 4);
      if (kind === 0) victim[Math.floor(random() * victim.length)] = Math.floor(random() * 255);
      else if (kind === 1) frames.splice(Math.floor(random() * frames.length), 1);
      else if (kind === 2) frames.splice(Math.floor(random() * frames.length), 0, Buffer.from([i & 255]));
      else frames.reverse();
      kernel.sendFrames((['shell', 'control', 'stdin'] as const)[i % 3]!, frames);
    }
    expect((await kernel.ok('1 + 1')).value).toBe('2');
    expect(kernel.process.exitCode).toBe(null);
  });
});

describe('what clients may do', () => {
  test('identities of raw bytes, and several', async () => {
    const header = kernel.header('kernel_info_request');
    // ROUTER puts the connection’s identity first; further ones travel with the message.
    kernel.sendFrames('shell', [
      Buffer.from([0, 255, 254, 10]),
      Buffer.from('second'),
      ...kernel.frames(header, {}),
    ]);
    await until(
      () =>
        kernel.iopub.some(
          ({ parent, content }) => parent.msg_id === header.msg_id && content.execution_state === 'idle',
        ),
      'the answer',
    );
  });

  test('further buffers with a request', async () => {
    const exchange = kernel.request(
      'execute_request',
      { code: '1' },
      { buffers: [Buffer.alloc(100), Buffer.alloc(0)] },
    );
    expect((await exchange.done).value).toBe('1');
  });

  test('hundreds of requests at once are all answered', async () => {
    const asked = Array.from({ length: 300 }, (_, i) =>
      kernel.request(
        i % 3 ? 'kernel_info_request' : 'comm_info_request',
        {},
        { channel: i % 2 ? 'shell' : 'control' },
      ),
    );
    for (const exchange of asked) expect((await exchange.done).status).toBe('ok');
  });
});

describe('transports and keys', () => {
  test.runIf(process.platform !== 'win32')('ipc', async () => {
    // The path of a socket has to be short, which that of the temporary folder need not be.
    const folder = mkdtempSync('/tmp/tunelab-test-');
    onTestFinished(() => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }));
    const own = await kernelForTest({ transport: 'ipc', folder });
    const cell = await own.ok('console.log("over ipc"); prompt("?")', { onInput: () => 'answer' });
    expect([cell.stdout, cell.value]).toEqual(['over ipc\n', "'answer'"]);
    expect(await own.heartbeat('ping')).toBe('ping');
    await own.interrupt();
  });

  test('an empty key means no signatures', async () => {
    const own = await kernelForTest({ key: '' });
    expect((await own.ok('1 + 1')).value).toBe('2');
  });

  test('another hash', async () => {
    const own = await kernelForTest({ signatureScheme: 'hmac-sha512' });
    expect((await own.ok('1 + 1')).value).toBe('2');
  });
});

describe('big inputs', () => {
  test('a cell of 10 MB', async () => {
    const lines = Array.from({ length: 250_000 }, (_, i) => `// line ${i} of a cell with very much text`);
    const code = `${lines.join('\n')}\n'the end'`;
    expect(code.length).toBeGreaterThan(10_000_000);
    expect((await kernel.ok(code)).value).toBe("'the end'");
  });

  test('a cell of 10 MB of code', async () => {
    const code = `const big = [${Array.from({ length: 1_300_000 }, (_, i) => 100_000 + i).join(',\n')}]; big.length`;
    expect(code.length).toBeGreaterThan(10_000_000);
    expect((await kernel.ok(code)).value).toBe('1300000');
  });

  test('a string of 10 MB in a cell', async () => {
    expect((await kernel.ok(`"${'é'.repeat(5_000_000)}".length`)).value).toBe('5000000');
  });

  test('a line of a million characters', async () => {
    expect((await kernel.ok(`${'1+'.repeat(1_000)}1`)).value).toBe('1001');
    expect((await kernel.ok(`"${'x'.repeat(1_000_000)}".length`)).value).toBe('1000000');
    expect((await kernel.ok(`[${'1,'.repeat(500_000)}].length`)).value).toBe('500000');
  });

  test('a syntax error in a line of a million characters', async () => {
    const cell = await kernel.run(`[${'1,'.repeat(500_000)}] = = 1`);
    expect(cell.error!.ename).toBe('SyntaxError');
    expect(cell.traceback.length).toBeLessThan(5_000);
  });

  test('nesting that no parser can take is an error, or runs', async () => {
    for (const code of [
      `${'('.repeat(200_000)}1${')'.repeat(200_000)}`,
      `${'['.repeat(100_000)}`,
      `${'{'.repeat(100_000)}`,
      `${'1+'.repeat(1_000_000)}1`,
      `${'!'.repeat(500_000)}1`,
    ]) {
      const cell = await kernel.run(code);
      expect(['ok', 'error']).toContain(cell.status);
    }
    expect((await kernel.ok('1')).value).toBe('1');
  });

  test('completion in a big cell', async () => {
    const code = `${'// text\n'.repeat(200_000)}Math.ma`;
    await expect
      .poll(() => kernel.ask('complete_request', { code, cursor_pos: code.length }), PATIENT)
      .toMatchObject({ matches: ['max'] });
  });

  test.each([
    ['brackets', '('.repeat(200_000)],
    ['a long sum', `${'(1)+'.repeat(100_000)}1`],
    ['arrays', '['.repeat(100_000)],
    ['templates', '`${'.repeat(100_000)],
    ['elements', '<a>'.repeat(100_000)],
  ])(
    '%s nested deeper than a parser can go do not end the kernel when a client types them',
    async (_name, code) => {
      const own = await kernelForTest();
      for (const type of ['is_complete_request', 'complete_request', 'inspect_request']) {
        const request = own.request(type, { code, cursor_pos: code.length });
        await until(
          () =>
            request.reply !== undefined || own.process.exitCode !== null || own.process.signalCode !== null,
          type,
        );
        expect([own.process.exitCode, own.process.signalCode], type).toEqual([null, null]);
      }
      expect((await own.ok('1')).value).toBe('1');
    },
  );

  test('10,000 lines of %sh text are not magic when in a template', async () => {
    const { value } = await kernel.ok(`const text = \`${'%sh echo no\n'.repeat(10_000)}\`; text.length`);
    expect(value).toBe('120000');
  });
});
