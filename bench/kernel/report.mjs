/** Turns measurements into the Markdown table that the README carries. */
import { cpus, release, type } from 'node:os';

/** What a reader must know to compare: when, on which machine, with which Node. */
export function machine() {
  const cores = cpus();
  return {
    date: new Date().toISOString().slice(0, 10),
    cpu: cores[0]?.model.trim() ?? 'unknown processor',
    cores: cores.length,
    node: process.version,
    system: `${type()} ${release().split('-')[0]}`,
  };
}

/**
 * @param rows the rows to print, from `rows.mjs`
 * @param results `[{ label, name, rows: { [id]: { text, met?, note? } } }]`, this kernel first
 */
export function markdown({ rows, results, host, pinned, missing, runs }) {
  const own = results.find(result => result.name === 'tunelab');
  const lines = [
    `Measured ${host.date} on ${host.cpu}, ${host.cores} cores, ${host.system}, Node ${host.node.slice(1)}; ` +
      `${pinned ? 'kernel and client on one core' : 'not pinned to a core'}; medians, ${runs} kernel starts.`,
    '',
  ];
  const heads = ['', ...results.map(result => result.label), ...(own ? ['target', ''] : [])];
  lines.push(`| ${heads.join(' | ')} |`, `|${heads.map(() => '---').join('|')}|`);
  const notes = [];
  for (const row of rows) {
    const cells = results.map(result => {
      const measured = result.rows[row.id] ?? { text: '–', note: 'not measured' };
      if (!measured.note) return measured.text;
      const note = `${result.label}: ${oneLine(measured.note)}.`;
      if (!notes.includes(note)) notes.push(note);
      return `${measured.text} <sup>${notes.indexOf(note) + 1}</sup>`;
    });
    const met = own?.rows[row.id]?.met;
    const verdict = met === undefined ? '' : met ? 'met' : '**missed**';
    lines.push(`| ${[row.label, ...cells, ...(own ? [row.target, verdict] : [])].join(' | ')} |`);
  }
  if (notes.length) lines.push('', ...notes.map((note, index) => `${index + 1}. ${note}`));
  if (missing.length) lines.push('', `Not measured: ${missing.map(oneLine).join('; ')}.`);
  return lines.join('\n');
}

const oneLine = text => String(text).replace(/\s+/g, ' ').replaceAll('|', '\\|').slice(0, 300);
