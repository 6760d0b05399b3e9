/**
 * The measurements. A group starts the kernels it needs, and returns one result for each of its rows:
 * `{ text, value?, met?, note? }`. `text` is the table's cell, `value` goes to JSON, `met` compares with the
 * design's target, and `note` says below the table why a row is empty or what else was seen.
 */
import { CELLS, loopSum } from './cells.mjs';
import { Kernel } from './launch.mjs';

const LINES = 10_000;
const LONG_LINE = 50_000_000;

/** Every row in the order of the table, with the design's target in words. */
export const ROWS = [
  { id: 'start', group: 'start', label: 'start to kernel_info', target: '≤ 150 ms' },
  { id: 'ready', group: 'start', label: 'start to first cell done', target: '≤ 250 ms' },
  { id: 'trivial', group: 'trivial', label: 'trivial cell to idle', target: '≤ 1.1 ms' },
  { id: 'trivialLater', group: 'trivial', label: 'the same after 200 declaring cells', target: 'flat' },
  { id: 'typescript', group: 'typescript', label: '30-line TypeScript cell, unchecked', target: '≤ 3 ms' },
  { id: 'checked', group: 'typescript', label: '… its types checked first', target: '≤ 10 ms' },
  { id: 'loop', group: 'loop', label: '1e8 iterations at top level', target: '≤ 0.2 s' },
  { id: 'complete', group: 'complete', label: 'complete `[1,2,3].ma`', target: '≤ 5 ms, typed' },
  { id: 'lines', group: 'lines', label: '10,000 console.log', target: '≤ 100 ms' },
  { id: 'linesWhere', group: 'lines', label: '… lines before / after idle / lost', target: '10000 / 0 / 0' },
  { id: 'longLine', group: 'longline', label: 'one 50 MB line', target: '≤ 0.4 s' },
  {
    id: 'longLinePeak',
    group: 'longline',
    label: '… peak RSS, without a language server',
    target: '≤ 300 MB',
  },
  { id: 'longLineLost', group: 'longline', label: '… bytes lost', target: '0' },
  { id: 'rss', group: 'memory', label: 'resident memory at start (RSS)', target: '≤ 130 MB' },
  { id: 'pss', group: 'memory', label: '… shared pages split (PSS)', target: '' },
  {
    id: 'interruptLoop',
    group: 'interrupt',
    label: 'interrupt a synchronous loop',
    target: '≤ 1 s, state kept',
  },
  {
    id: 'interruptAwait',
    group: 'interrupt',
    label: 'interrupt a never-resolving await',
    target: '≤ 1 s, state kept',
  },
];

export function median(values) {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

const pause = ms => new Promise(resolve => setTimeout(resolve, ms));
const milliseconds = value => `${value < 10 ? value.toFixed(2) : value.toFixed(0)} ms`;
const seconds = ms => `${(ms / 1000).toFixed(2)} s`;
const megabytes = value => `${value.toFixed(0)} MB`;
const cannot = note => ({ text: '–', note });
const spread = values => ({
  median: median(values),
  min: Math.min(...values),
  max: Math.max(...values),
  n: values.length,
});

/** Runs `measure` on a fresh kernel and ends the kernel whatever happens. */
async function withKernel(spec, measure) {
  const kernel = await Kernel.start(spec);
  try {
    await kernel.settle();
    return await measure(kernel, kernel.client, CELLS[spec.language]);
  } finally {
    await kernel.stop();
  }
}

/** Runs what a kernel loads with its first cells, so that loading it is not measured: a type checker, for one. */
async function warmUp(client, cells) {
  await client.execute(cells.trivial, { timeout: 5_000 });
  if (cells.typed) await client.execute(cells.typed, { timeout: 5_000 });
  await pause(300);
}

function typedCell(spec, target) {
  return withKernel(spec, async (_, client, cells) => {
    const warm = await client.execute(cells.typed);
    await pause(300);
    if (!shownBy(warm).includes('7:4.86,9:8.03')) return cannot(`wrong value: ${warm.describe()}`);
    const { times, problems } = await repeat(client, cells.typed, 50, 5_000);
    const value = spread(times);
    const note =
      spec.language === 'py'
        ? 'its own language: the same program in annotated Python'
        : problemNote(problems, 'of 50 cells');
    return { text: milliseconds(value.median), value, met: value.median <= target, note };
  });
}

/** Runs a cell `count` times; `times` holds those that ended well, `problems` describes the others. */
async function repeat(client, code, count, timeout = 2_000) {
  const times = [];
  const problems = [];
  for (let index = 0; index < count && problems.length < 20; index++) {
    const cell = await client.execute(typeof code === 'string' ? code : code(index), { timeout });
    if (cell.timedOut || cell.status !== 'ok') problems.push(cell.describe());
    else times.push(cell.ms);
  }
  return { times, problems };
}

const problemNote = (problems, what) =>
  problems.length ? `${problems.length} ${what} did not end well (first: ${problems[0]})` : undefined;

export const GROUPS = {
  async start(spec, { runs }) {
    const info = [];
    const first = [];
    let unanswered = 0;
    let problem;
    for (let run = 0; run < runs; run++) {
      const kernel = await Kernel.start(spec);
      // Only the reply is awaited: the subscription may still be on its way when the first cell ends.
      const cell = kernel.client.start(CELLS[spec.language].trivial);
      cell.needsIdle = false;
      await kernel.client.wait(cell);
      info.push(kernel.readyMs);
      if (kernel.unanswered) unanswered++;
      if (cell.status === 'ok') first.push(cell.replyAt - kernel.startedAt);
      else problem = cell.describe();
      await kernel.stop();
    }
    const start = spread(info);
    const ready = first.length ? spread(first) : undefined;
    return {
      start: {
        text: milliseconds(start.median),
        value: start,
        met: start.median <= 150,
        note: unanswered
          ? `in ${unanswered} of ${runs} starts the first request got no answer and was sent again after 500 ms`
          : undefined,
      },
      ready: ready
        ? { text: milliseconds(ready.median), value: ready, met: ready.median <= 250, note: problem }
        : cannot(`the first cell did not end: ${problem}`),
    };
  },

  trivial: spec =>
    withKernel(spec, async (_, client, cells) => {
      await repeat(client, cells.trivial, 20);
      const before = await repeat(client, cells.trivial, 200);
      const declaring = await repeat(client, cells.declaration, 200, 10_000);
      await repeat(client, cells.trivial, 20);
      const after = await repeat(client, cells.trivial, 200);
      if (!before.times.length || !after.times.length) {
        const why = cannot(problemNote([...before.problems, ...after.problems], 'cells'));
        return { trivial: why, trivialLater: why };
      }
      const value = spread(before.times);
      const later = { ...spread(after.times), declaringCell: median(declaring.times) };
      return {
        trivial: {
          text: milliseconds(value.median),
          value,
          met: value.median <= 1.1,
          note: problemNote(before.problems, 'of 200 cells'),
        },
        trivialLater: {
          text: milliseconds(later.median),
          value: later,
          met: later.median <= Math.max(1.1, value.median * 1.2),
          note: problemNote([...declaring.problems, ...after.problems], 'of 400 cells'),
        },
      };
    }),

  async typescript(spec) {
    if (!CELLS[spec.language].typed) {
      const none = cannot('it does not run TypeScript');
      return { typescript: none, checked: none };
    }
    const { checks = 'never' } = spec;
    return {
      typescript:
        checks === 'always'
          ? cannot('it always checks')
          : await typedCell({ ...spec, env: { ...spec.env, TUNELAB_TYPES: 'off' } }, 3),
      checked: checks === 'never' ? cannot('it does not check') : await typedCell(spec, 10),
    };
  },

  loop: (spec, { runs }) =>
    withKernel(spec, async (_, client, cells) => {
      await warmUp(client, cells);
      // A kernel that needs long for a million runs fewer, and its time is scaled.
      const probe = await client.execute(cells.loop(1e6), { timeout: 60_000 });
      const count = probe.ms < 100 ? 1e8 : probe.ms < 1_000 ? 1e7 : 1e6;
      const times = [];
      for (let run = 0; run < Math.min(runs, 5); run++) {
        const cell = await client.execute(cells.loop(count), { timeout: 120_000 });
        if (!shownBy(cell).includes(String(loopSum(count))))
          return { loop: cannot(`wrong value: ${cell.describe()}`) };
        times.push((cell.ms * 1e8) / count);
      }
      const value = spread(times);
      const note = count < 1e8 ? `measured with ${count.toExponential(0)} iterations and scaled` : undefined;
      return { loop: { text: seconds(value.median), value, met: value.median <= 200, note } };
    }),

  complete: spec =>
    withKernel(spec, async (_, client, cells) => {
      const ask = () =>
        client.request(
          'complete_request',
          { code: cells.complete, cursor_pos: cells.complete.length },
          { timeout: 5_000 },
        );
      // A language server may still be loading: give it ten seconds to find the member.
      const askedAt = performance.now();
      let answer = await ask();
      while (
        !matchesOf(answer).some(match => match.endsWith(cells.completed)) &&
        performance.now() - askedAt < 10_000
      ) {
        await pause(200);
        answer = await ask();
      }
      const firstFound = performance.now() - askedAt;
      if (!matchesOf(answer).some(match => match.endsWith(cells.completed))) {
        return {
          complete: cannot(
            answer.timedOut
              ? 'it did not answer'
              : `it found no \`${cells.completed}\`, only ${JSON.stringify(matchesOf(answer).slice(0, 5))}`,
          ),
        };
      }
      const times = [];
      for (let run = 0; run < 30; run++) times.push((await ask()).ms);
      const types = answer.reply.content.metadata?._jupyter_types_experimental ?? [];
      const typed = types.some(
        entry =>
          entry.text?.includes(cells.completed) &&
          (entry.signature || (entry.type && entry.type !== '<unknown>')),
      );
      const value = { ...spread(times), typed, firstFound };
      return {
        complete: {
          text: `${milliseconds(value.median)}, ${typed ? 'typed' : 'untyped'}`,
          value,
          met: value.median <= 5 && typed,
          note:
            firstFound > 300
              ? `the first answer with \`${cells.completed}\` came after ${seconds(firstFound)}`
              : undefined,
        },
      };
    }),

  lines: (spec, { runs }) =>
    withKernel(spec, async (_, client, cells) => {
      await warmUp(client, cells);
      const times = [];
      const where = [];
      let messages = 0;
      let lost = 0;
      let note;
      for (let run = 0; run < runs; run++) {
        const cell = await client.execute(cells.lines(LINES), { timeout: 20_000 });
        await client.drain();
        const before = countLines(cell.text('stdout'));
        const after = countLines(cell.text('stdout', cell.late));
        where.push({ before, after, lost: LINES - before - after });
        lost = Math.max(lost, LINES - before - after);
        messages = cell.of('stream').length + cell.of('stream', cell.late).length;
        if (cell.timedOut) note = `idle did not come within 20 s; the reply was ${cell.status ?? 'missing'}`;
        else times.push(cell.ms);
      }
      const value = times.length ? { ...spread(times), messages } : undefined;
      const worst = where.reduce((a, b) => (b.before < a.before ? b : a));
      return {
        lines: value ? { text: milliseconds(value.median), value, met: value.median <= 100 } : cannot(note),
        linesWhere: {
          text: `${worst.before} / ${worst.after} / ${worst.lost}`,
          value: where,
          met: worst.before === LINES && lost === 0,
          note: `sent as ${messages} ${messages === 1 ? 'message' : 'messages'}${runs > 1 ? '; the worst run is shown' : ''}`,
        },
      };
    }),

  async longline(spec, { runs }) {
    const times = [];
    const peaks = [];
    const afterwards = [];
    const lost = [];
    for (let run = 0; run < Math.min(runs, 5); run++) {
      await withKernel(spec, async (kernel, client, cells) => {
        await warmUp(client, cells);
        const cell = await client.execute(cells.longLine(LONG_LINE), { timeout: 60_000 });
        const memory = kernel.memory();
        peaks.push(memory.peak - memory.languageServer);
        afterwards.push(memory.rss);
        if (!cell.timedOut) times.push(cell.ms);
        await client.drain();
        lost.push(LONG_LINE - countX(cell.text('stdout')) - countX(cell.text('stdout', cell.late)));
      });
    }
    const peak = median(peaks);
    const worst = Math.max(...lost);
    const value = times.length ? spread(times) : undefined;
    return {
      longLine: value
        ? { text: seconds(value.median), value, met: value.median <= 400 }
        : cannot('it did not end within 60 s'),
      longLinePeak: Number.isNaN(peak)
        ? cannot('this system does not tell a process’s peak')
        : {
            text: megabytes(peak),
            value: { peak: spread(peaks), rssAfterwards: median(afterwards) },
            met: peak <= 300,
          },
      longLineLost: { text: String(worst), value: lost, met: worst === 0 },
    };
  },

  async memory(spec, { runs }) {
    const samples = [];
    for (let run = 0; run < Math.min(runs, 5); run++) {
      await withKernel(spec, async kernel => {
        await pause(1_000);
        samples.push(kernel.memory());
      });
    }
    const rss = median(samples.map(sample => sample.rss - sample.languageServer));
    const pss = median(samples.map(sample => sample.pss - sample.languageServerPss));
    const server = median(samples.map(sample => sample.languageServer));
    const { processes } = samples[0];
    return {
      rss: Number.isNaN(rss)
        ? cannot('this system does not tell')
        : {
            text: megabytes(rss),
            value: { rss, languageServer: server, processes },
            met: rss <= 130,
            note: `${processes} ${processes === 1 ? 'process' : 'processes'}${server ? `; its language server has another ${megabytes(server)}` : ''}`,
          },
      pss: Number.isNaN(pss) ? cannot('only Linux tells') : { text: megabytes(pss), value: pss },
    };
  },

  async interrupt(spec, { runs }) {
    return {
      interruptLoop: await interrupt(spec, 'syncLoop', runs),
      interruptAwait: await interrupt(spec, 'neverResolves', runs),
    };
  },
};

async function interrupt(spec, what, runs) {
  if (!CELLS[spec.language][what]) return cannot('it has no top-level await');
  const times = [];
  let kept = true;
  for (let run = 0; run < Math.min(runs, 5); run++) {
    const problem = await withKernel(spec, async (kernel, client, cells) => {
      await client.execute(cells.keep, { timeout: 5_000 });
      const cell = client.start(cells[what]);
      await pause(500);
      const interruptedAt = performance.now();
      kernel.interrupt();
      await Promise.race([client.wait(cell, 5_000), kernel.exit]);
      if (!kernel.alive) return `the kernel process ended (${kernel.exited})`;
      if (cell.timedOut) return 'the cell went on for 5 s';
      times.push(Math.max(cell.replyAt, cell.idleAt) - interruptedAt);
      // tslab aborts what arrives shortly after a failed cell.
      await pause(700);
      const after = await client.execute(cells.kept, { timeout: 5_000 });
      if (!shownBy(after).includes('77')) kept = false;
      return undefined;
    });
    if (problem) return cannot(problem);
  }
  const value = { ...spread(times), kept };
  return {
    text: `${milliseconds(value.median)}, state ${kept ? 'kept' : 'lost'}`,
    value,
    met: value.median <= 1_000 && kept,
  };
}

/** What a cell shows for its last expression; tslab prints it, Deno may send it after idle. */
const shownBy = cell => cell.value ?? cell.lateValue ?? cell.text();
const matchesOf = answer => answer.reply?.content.matches ?? [];
const countLines = text => text.match(/^line \d+$/gm)?.length ?? 0;

/** How many `x` a text holds, without building an array of fifty million matches. */
function countX(text) {
  let count = 0;
  for (let index = 0; index < text.length; index++) if (text.charCodeAt(index) === 120) count++;
  return count;
}
