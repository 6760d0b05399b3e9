/**
 * Checks the course's data sets and prints the figures of their datasheet: `node scripts/check-dataset.mjs [FILE...]`.
 * Which rules a file has to keep follows from its name. Plain Node, no packages.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const folder = join(dirname(dirname(fileURLToPath(import.meta.url))), 'datasets');
const REFUSAL = "Let's keep the discussion relevant to tunelab.";
const NEWS_LABELS = [0, 1, 2, 3];
/** What a keeper's log entry begins with, such as `Log, 04.10. Wind`. */
const LOG_ENTRY = /^Log, ([01]\d|2[0-3])\.[0-5]\d\. \p{Lu}/u;

const RULES = {
  'tunelab_docs.jsonl': {
    fields: { question: 'text', answer: 'text' },
    leastRows: 640,
    isSingle: [['question'], ['answer']],
    mayRepeat: row => row.answer === REFUSAL,
    check(row) {
      const sentences = countSentences(row.answer);
      return sentences >= 1 && sentences <= 4 ? undefined : `its answer has ${sentences} sentences`;
    },
    summarise(rows) {
      const share = rows.filter(row => row.answer === REFUSAL).length / rows.length;
      if (share < 0.04 || share > 0.07) {
        problems.push(`${(share * 100).toFixed(1)} % of the rows refuse; 4 to 7 % are wanted`);
      }
      const onSubject = rows.filter(row => row.answer !== REFUSAL);
      return [`${rows.length - onSubject.length} refusals`, ...spreads(onSubject, ['question', 'answer'])];
    },
  },
  'lighthouse_keeper.jsonl': {
    fields: { question: 'text', answer: 'text' },
    leastRows: 200,
    isSingle: [['question'], ['answer']],
    check: row => (LOG_ENTRY.test(row.answer) ? undefined : 'its answer is no log entry'),
    summarise: rows => spreads(rows, ['question', 'answer']),
  },
  'news_topics.jsonl': {
    fields: { text: 'text', label: 'number' },
    leastRows: 400,
    isSingle: [['text']],
    check: row => (NEWS_LABELS.includes(row.label) ? undefined : `its label ${row.label} is not 0 to 3`),
    summarise(rows) {
      const counts = NEWS_LABELS.map(label => rows.filter(row => row.label === label).length);
      if (new Set(counts).size > 1) problems.push(`the labels are not balanced: ${counts.join(', ')} rows`);
      return [`${counts.join(', ')} rows of the labels 0 to 3`, ...spreads(rows, ['text'])];
    },
  },
  'instructions.jsonl': {
    fields: { instruction: 'text', input: 'optional', output: 'raw' },
    leastRows: 150,
    isSingle: [['instruction', 'input']],
    check: () => undefined,
    summarise(rows) {
      const withInput = rows.filter(row => row.input !== '');
      return [
        `${withInput.length} with input, ${new Set(rows.map(row => row.instruction)).size} different instructions`,
        ...spreads(rows, ['instruction', 'output']),
        ...spreads(withInput, ['input']),
      ];
    },
  },
  // The faults of this one are there on purpose; its datasheet counts them.
  'pretrain_sample.jsonl': {
    fields: { text: 'raw', source: 'text' },
    leastRows: 300,
    isSingle: [],
    check: () => undefined,
    summarise(rows) {
      const texts = rows.map(row => row.text);
      const faults = {
        'repeat an earlier row': texts.length - new Set(texts).size,
        'have fewer than 20 characters': texts.filter(text => countCharacters(text) < 20).length,
        'are less than half letters': texts.filter(isMostlySymbols).length,
        'hold wrongly decoded text': texts.filter(text => /Ã|â€|Ä™|Ð|Å¼/.test(text)).length,
        'hold HTML': texts.filter(text => /<\/|<br|&nbsp;/.test(text)).length,
      };
      return [
        ...Object.entries(faults).map(([fault, count]) => `${count} ${fault}`),
        ...spreads(rows, ['text']),
      ];
    },
  },
};

const problems = [];
const files = process.argv.slice(2);
for (const file of files.length > 0 ? files : datasets()) checkFile(file);
for (const problem of problems) console.error(`✗ ${problem}`);
process.exitCode = problems.length === 0 ? 0 : 1;

function datasets() {
  const names = readdirSync(folder).filter(name => name.endsWith('.jsonl'));
  for (const name of Object.keys(RULES)) if (!names.includes(name)) problems.push(`${name} is missing`);
  return names.map(name => join(folder, name));
}

function checkFile(file) {
  const name = basename(file);
  const rules = RULES[name];
  if (!rules) {
    problems.push(`there are no rules for ${name}; add them to scripts/check-dataset.mjs`);
    return;
  }
  const content = readFileSync(file, 'utf8');
  if (content.includes('\ufffd') && name !== 'pretrain_sample.jsonl') problems.push(`${name} is not UTF-8`);
  if (content !== content.normalize('NFC')) problems.push(`${name} is not in Unicode's form NFC`);
  const lines = content.split('\n');
  if (lines.pop() !== '') problems.push(`${name}: the last line does not end in a newline`);
  const rows = lines.map((line, i) => readRow(line, `${name}, line ${i + 1}`, rules)).filter(Boolean);
  if (rows.length < rules.leastRows) {
    problems.push(`${name} has ${rows.length} good rows; at least ${rules.leastRows} are wanted`);
  }
  for (const fields of rules.isSingle) reportRepeated(rows, fields, name, rules.mayRepeat);
  console.log(`${relative(process.cwd(), file)}: ${rows.length} rows`);
  for (const figure of rules.summarise(rows)) console.log(`  ${figure}`);
}

function readRow(line, where, { fields, check }) {
  let row;
  try {
    row = JSON.parse(line);
  } catch {
    problems.push(`${where} is not JSON`);
    return undefined;
  }
  const wanted = Object.keys(fields).join(', ');
  const found = Object.keys(row).join(', ');
  if (found !== wanted) {
    problems.push(`${where} has the keys ${found}; wanted are ${wanted}, in that order`);
    return undefined;
  }
  for (const [field, kind] of Object.entries(fields)) {
    const fault = faultOf(row[field], kind);
    if (fault) {
      problems.push(`${where}: its ${field} ${fault}`);
      return undefined;
    }
  }
  const fault = check(row);
  if (fault) problems.push(`${where}: ${fault}`);
  return row;
}

/** @param kind `raw` is text that may hold line breaks and runs of spaces, `optional` such text or none */
function faultOf(value, kind) {
  if (kind === 'number') return typeof value === 'number' ? undefined : 'is not a number';
  if (typeof value !== 'string' || (value === '' && kind !== 'optional')) return 'is not text';
  const isStray = value !== value.trim() || (kind === 'text' && /\s\s|[\n\r\t]/.test(value));
  return isStray ? 'has stray white space' : undefined;
}

/** Notes texts that differ from an earlier one in case, spaces and punctuation at most. */
function reportRepeated(rows, fields, name, mayRepeat = () => false) {
  const seen = new Set();
  for (const row of rows) {
    if (fields.includes('answer') && mayRepeat(row)) continue;
    const text = fields.map(field => row[field]).join(' ');
    const key = text.toLowerCase().replace(/[^\p{L}\p{N}%+*/-]/gu, '');
    if (seen.has(key)) problems.push(`${name}: the same ${fields.join(' and ')} twice: ${text}`);
    seen.add(key);
  }
}

function countSentences(text) {
  return text.replace(/`[^`]*`/g, 'code').match(/[.!?](?=\s|$)/g)?.length ?? 0;
}

function isMostlySymbols(text) {
  const letters = text.match(/\p{L}/gu)?.length ?? 0;
  return letters < countCharacters(text.replace(/\s/g, '')) / 2;
}

function countCharacters(text) {
  return [...text].length;
}

function spreads(rows, fields) {
  return fields.map(field => {
    const texts = rows.map(row => row[field]);
    const words = spread(texts.map(text => text.split(/\s+/).length));
    return `${field}: ${words} words; ${spread(texts.map(countCharacters))} characters`;
  });
}

function spread(values) {
  const sorted = values.toSorted((a, b) => a - b);
  return `${sorted[0]} to ${sorted.at(-1)} (median ${sorted[Math.floor((sorted.length - 1) / 2)]})`;
}
