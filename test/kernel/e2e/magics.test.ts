// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the source text of cells
/** Magic lines and magic cells. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { commandsUnder, type Exchange, kernelForFile, textOf, until } from '../client.ts';

const kernel = await kernelForFile();

const evalue = async (source: string): Promise<string | undefined> => {
  const { status, error } = await kernel.run(source);
  expect(status, source).toBe('error');
  return error?.evalue;
};

describe('%sh', () => {
  test('shows what the command prints on both streams', async () => {
    const { stdout, stderr } = await kernel.ok('%sh echo out; echo err >&2');
    expect([stdout, stderr]).toEqual(['out\n', 'err\n']);
  });

  test('streams while the command runs', async () => {
    const running = kernel.execute('%sh echo first; sleep 1; echo second');
    const shown = () => textOf(running.messages, 'stdout');
    await until(() => shown() === 'first\n', 'the first line alone', 900);
    expect(running.idle).toBe(false);
    expect((await running.done).stdout).toBe('first\nsecond\n');
  });

  test('fails with the exit code, after the output', async () => {
    const { error, stdout, traceback } = await kernel.run('%sh echo before; exit 3');
    expect(stdout).toBe('before\n');
    expect(error?.evalue).toContain('exit code 3');
    expect(traceback).not.toContain('at ');
  });

  test('says which signal ended the command', async () => {
    expect(await evalue('%sh kill -TERM $$')).toContain('SIGTERM');
  });

  test('needs a command', async () => {
    expect(await evalue('%sh')).toBe('%sh needs a command');
  });

  test('runs in the notebook’s folder, without input', async () => {
    expect((await kernel.ok('%sh pwd; cat')).stdout).toBe(`${kernel.folder}\n`);
  });

  test('stands between lines of TypeScript, in order', async () => {
    const { stdout, value } = await kernel.ok(
      'console.log("a");\n%sh echo b\nconsole.log("c");\n%sh echo d\n42',
    );
    expect(stdout).toBe('a\nb\nc\nd\n');
    expect(value).toBe('42');
  });

  test('takes quotes, backslashes, dollars and templates as they are', async () => {
    const { stdout } = await kernel.ok('%sh echo "a\'b" \'$c\' "\\\\d" `echo e` ${HOME:+f}');
    expect(stdout).toBe("a'b $c \\d e f\n");
  });

  test('keeps UTF-8 whole across chunks', async () => {
    const { stdout } = await kernel.ok("%sh printf '\\303'; sleep 0.2; printf '\\251\\n'");
    expect(stdout).toBe('é\n');
  });

  test('%%sh runs the whole cell', async () => {
    const { stdout } = await kernel.ok('%%sh\nfor i in 1 2 3; do\n  echo "line $i"\ndone\n');
    expect(stdout).toBe('line 1\nline 2\nline 3\n');
  });

  test('prints a lot and loses nothing', async () => {
    const { stdout } = await kernel.ok('%sh seq 1 20000');
    expect(stdout.split('\n').length).toBe(20_001);
    expect(stdout.endsWith('20000\n')).toBe(true);
  });

  test('can be interrupted', async () => {
    const running = kernel.execute('%sh echo started; sleep 30');
    await until(() => running.stdout === 'started\n', 'the command');
    await kernel.interrupt();
    await running.done;
    expect(running.status).toBe('error');
    expect((await kernel.ok('1 + 1')).value).toBe('2');
    if (process.platform === 'linux') {
      await until(() => !commandsUnder(kernel.pid).includes('sleep 30'), 'the end of the command');
    }
  });
});

describe('%time', () => {
  const duration = /^Time: [\d.]+ (µs|ms|s)\n$/;

  test('times a line and keeps its value', async () => {
    const { stdout, value } = await kernel.ok('%time [1, 2].map(x => x * 2)');
    expect(stdout).toMatch(duration);
    expect(value).toBe('[ 2, 4 ]');
  });

  test('waits for an await', async () => {
    const { stdout, value } = await kernel.ok(
      '%time await new Promise(done => setTimeout(() => done(5), 60))',
    );
    expect(stdout).toMatch(duration);
    expect(Number(stdout.match(/[\d.]+/)![0])).toBeGreaterThan(50);
    expect(value).toBe('5');
  });

  test('times a declaration that later lines and cells use', async () => {
    const { stdout } = await kernel.ok('%time const timed = 1 + 1;\nconsole.log(timed)');
    expect(stdout).toMatch(/^Time: .*\n2\n$/);
    expect((await kernel.ok('timed')).value).toBe('2');
  });

  test('times one declaration after another', async () => {
    await kernel.ok('%time let t1 = 1\n%time let t2 = 2');
    await kernel.ok('%time let t1 = 3');
    expect((await kernel.ok('[t1, t2]')).value).toBe('[ 3, 2 ]');
  });

  test('%%time times the cell', async () => {
    const { stdout, value } = await kernel.ok(
      '%%time\nlet x = 1;\nawait new Promise(done => setTimeout(done, 30));\nx + 1',
    );
    expect(stdout).toMatch(duration);
    expect(value).toBe('2');
  });

  test('%%time shows the time of a cell that fails, and its lines', async () => {
    const { stdout, traceback } = await kernel.run('%%time\n\nthrow new Error("late")');
    expect(stdout).toMatch(duration);
    expect(traceback).toMatch(/Cell\[\d+\]:3:7/);
  });

  test('needs an expression', async () => {
    expect(await evalue('%time')).toContain('%%time');
  });
});

describe('%who, %reset', () => {
  test('%who lists names with their values', async () => {
    await kernel.ok('%reset');
    expect((await kernel.ok('%who')).stdout).toBe('No names have been declared yet.\n');
    await kernel.ok(
      'const who1 = 1, { who2 } = { who2: "two" }; function who3() {} class Who4 {} import os from "node:os"',
    );
    const lines = (await kernel.ok('%who')).stdout.trim().split('\n');
    expect(lines.map(line => line.split(/\s+/)[0])).toEqual(
      expect.arrayContaining(['who1', 'who2', 'who3', 'Who4', 'os']),
    );
    expect(lines.length).toBe(5);
    expect(lines.find(line => line.startsWith('who1'))).toMatch(/^who1\s+1$/);
  });

  test('%who survives hostile values', async () => {
    await kernel.ok(
      'const hostile = new Proxy({}, { get() { throw new Error("trap") }, ownKeys() { throw new Error("trap") } }); const thrower = { get a() { throw new Error("getter") } };',
    );
    expect((await kernel.ok('%who')).stdout).toContain('hostile');
  });

  test('%reset forgets everything', async () => {
    await kernel.ok('const forgotten = 1; (globalThis as any).alsoForgotten = 1; const pid1 = process.pid');
    const { stdout: before } = await kernel.ok('console.log(process.pid)');
    const reset = await kernel.ok('%reset');
    expect(reset.messages.map(({ type }) => type)).toEqual(['status', 'execute_input', 'status']);
    expect((await kernel.ok('[typeof forgotten, typeof alsoForgotten]')).value).toBe(
      "[ 'undefined', 'undefined' ]",
    );
    expect((await kernel.ok('console.log(process.pid)')).stdout).not.toBe(before);
    expect((await kernel.ok('const forgotten = 2; forgotten')).value).toBe('2');
  });

  test('cells queued behind %reset run', async () => {
    const [, next] = [kernel.execute('%reset'), kernel.execute('40 + 2')];
    expect((await next.done).value).toBe('42');
  });

  test('%reset forgets constants too', async () => {
    await kernel.ok('const solid = 1');
    await kernel.ok('%reset');
    await kernel.ok('globalThis.solid = 1');
    await kernel.ok('solid = 2');
    expect((await kernel.ok('solid')).value).toBe('2');
  });
});

describe('other magics', () => {
  test('an unknown one lists the known', async () => {
    const message = await evalue('%matplotlib inline');
    for (const known of ['%matplotlib', '%sh', '%npm', '%time', '%who', '%reset', '%decorators', '%help']) {
      expect(message).toContain(known);
    }
    expect(await evalue('%%unknown\nbody')).toContain('%sh');
    expect(await evalue('%constructor')).toContain('%sh');
    expect(await evalue('%%toString\nx')).toContain('%sh');
  });

  test('%help lists each with a line', async () => {
    const { stdout } = await kernel.ok('%help');
    for (const known of ['%sh', '%npm', '%time', '%who', '%reset', '%decorators'])
      expect(stdout).toContain(known);
  });

  test('%decorators says what it takes', async () => {
    expect(await evalue('%decorators fancy')).toBe("%decorators takes standard or legacy, not 'fancy'");
  });

  test('%cd changes the folder of running code and says so', async () => {
    mkdirSync(join(kernel.folder, 'inner'));
    expect((await kernel.ok('%cd inner')).stdout).toBe(`${kernel.folder}/inner\n`);
    expect((await kernel.ok('process.cwd()')).value).toBe(`'${kernel.folder}/inner'`);
    await kernel.ok('%cd ..');
    expect(await evalue('%cd no/such')).toContain('no/such');
  });

  test('%%html and %%markdown show the cell', async () => {
    const html = await kernel.ok('%%html\n<b>bold</b>\n<i>it</i>');
    expect(html.displayed).toEqual([
      { 'text/html': '<b>bold</b>\n<i>it</i>', 'text/plain': '<b>bold</b>\n<i>it</i>' },
    ]);
    expect((await kernel.ok('%%markdown\n# T')).displayed[0]).toMatchObject({ 'text/markdown': '# T' });
    expect(await evalue('%%html')).toContain('nothing to show');
  });

  test('lines that only look like magics are left alone', async () => {
    const { value, stdout } = await kernel.ok(
      'const text = `\n%sh echo no\n`;\n/*\n%reset\n*/\nconst rest = 7\n  %4;\nconsole.log(text);\nrest',
    );
    expect(value).toBe('3');
    expect(stdout).toBe('\n%sh echo no\n\n');
  });

  test('line numbers of tracebacks stay', async () => {
    const { traceback } = await kernel.run('%sh true\n%time 1\n\n  null.x;');
    expect(traceback).toMatch(/Cell\[\d+\]:4:8/);
  });
});

describe('a magic that a library brings', () => {
  const register = (name: string, run: string) =>
    kernel.run(
      `(globalThis as any)[Symbol.for('tunelab.host')].registerMagic('${name}', { usage: '%%${name} [name]', summary: 'tries it', run: ${run} })`,
    );

  test('runs as a line and as a cell, and its value is shown', async () => {
    await register('echo', '(args, cell, body) => ({ args, body })');
    expect((await kernel.ok('%echo a b')).value).toBe("{ args: 'a b', body: undefined }");
    expect((await kernel.ok('%%echo a b\nc\nd')).value).toBe("{ args: 'a b', body: 'c\\nd' }");
    expect((await kernel.ok('%help')).stdout).toMatch(/^%%echo \[name\] +tries it$/m);
    expect(await evalue('%nothing')).toContain('%echo (libraries add theirs');
  });

  test('reads variables and declares one, over a constant too', async () => {
    await kernel.ok('const six = 6; const answer = 0;');
    await register(
      'times',
      'async (args, cell, body) => { await cell.assign(args, (await cell.read("six")).value * Number(body)); }',
    );
    expect((await kernel.ok('%%times answer\n7')).value).toBeUndefined();
    expect((await kernel.ok('answer')).value).toBe('42');
    await kernel.ok('answer += 1');
    await kernel.ok('%%times fresh\n2');
    expect((await kernel.ok('%who')).stdout).toMatch(/^fresh\s+12$/m);
    expect(await evalue('%%times new\n2')).toContain('Unexpected token');
  });

  test('fails as a cell does', async () => {
    await register('broken', '() => { throw new RangeError("no such table") }');
    expect(await evalue('%%broken\nx')).toBe('no such table');
  });

  test('cannot take the place of the kernel’s own', async () => {
    expect((await register('sh', '() => 1')).error?.evalue).toBe("%sh is a magic of the kernel's own");
    expect((await register('a b', '() => 1')).error?.evalue).toBe("'a b' cannot name a magic");
  });
});

describe('%npm', () => {
  test('installs a package of a folder, offline, and the next cell imports it', async () => {
    const source = join(kernel.folder, 'local-package');
    mkdirSync(source);
    writeFileSync(
      join(source, 'package.json'),
      JSON.stringify({ name: 'local-package', version: '1.2.3', type: 'module', exports: './index.js' }),
    );
    writeFileSync(join(source, 'index.js'), 'export const installed = "yes";');
    kernel.write('package.json', JSON.stringify({ name: 'notebooks', private: true }));
    const npm: Exchange = await kernel.run('%npm install --offline ./local-package');
    expect(npm.status, npm.stdout + npm.stderr + npm.traceback).toBe('ok');
    expect(npm.stdout).toMatch(/added 1 package/);
    expect((await kernel.ok('import { installed } from "local-package"; installed')).value).toBe("'yes'");
  });

  test('fails when npm fails', async () => {
    const { status, error, stderr } = await kernel.run('%npm install --offline ./no-such-folder');
    expect(status).toBe('error');
    expect(error?.evalue).toContain('exit code');
    expect(stderr).toContain('no-such-folder');
  });
});
