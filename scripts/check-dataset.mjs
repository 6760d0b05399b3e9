/**
 * Checks datasets/tunelab_docs.jsonl and prints the figures of its datasheet: `node scripts/check-dataset.mjs [FILE]`.
 * Plain Node, no packages.
 */
import { readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const file = process.argv[2] ?? join(root, 'datasets', 'tunelab_docs.jsonl');
const REFUSAL = "Let's keep the discussion relevant to tunelab.";
const MOST_SENTENCES = 4;

const problems = [];
const lines = readFileSync(file, 'utf8').split('\n');
if (lines.pop() !== '') problems.push('the last line does not end in a newline');
const rows = lines.map(readRow).filter(Boolean);
report(rows, row => row.question.toLowerCase().replace(/[^\p{L}\p{N}%]/gu, ''), 'question');
const onTopic = rows.filter(({ answer }) => answer !== REFUSAL);
report(onTopic, row => row.answer, 'answer');

console.log(
  `${relative(process.cwd(), file)}: ${rows.length} rows, ${rows.length - onTopic.length} of them refusals`,
);
for (const field of ['question', 'answer']) {
  const texts = onTopic.map(row => row[field]);
  console.log(
    `${field}: ${spread(texts.map(countWords), 'words')}; ${spread(texts.map(countCharacters), 'characters')}`,
  );
}
for (const problem of problems) console.error(`✗ ${problem}`);
process.exitCode = problems.length === 0 ? 0 : 1;

function readRow(line, index) {
  const where = `line ${index + 1}`;
  let row;
  try {
    row = JSON.parse(line);
  } catch {
    problems.push(`${where} is not JSON`);
    return undefined;
  }
  if (Object.keys(row).join() !== 'question,answer') {
    problems.push(
      `${where} has the keys ${Object.keys(row).join(', ')}; question and answer are wanted, in that order`,
    );
    return undefined;
  }
  for (const [name, text] of Object.entries(row)) {
    if (typeof text !== 'string' || text === '') problems.push(`${where}: its ${name} is not text`);
    else if (text !== text.trim() || /\s\s|[\n\r\t]/.test(text))
      problems.push(`${where}: its ${name} has stray white space`);
  }
  const prose = row.answer.replace(/`[^`]*`/g, 'code');
  const sentences = prose.match(/[.!?](?=\s|$)/g)?.length ?? 0;
  if (sentences < 1 || sentences > MOST_SENTENCES)
    problems.push(`${where}: its answer has ${sentences} sentences`);
  return row;
}

/** Notes rows that have the same key as an earlier one. */
function report(list, keyOf, name) {
  const seen = new Map();
  for (const row of list) {
    const key = keyOf(row);
    if (seen.has(key)) problems.push(`the same ${name} twice: ${seen.get(key)} / ${row.question}`);
    else seen.set(key, row.question);
  }
}

function countWords(text) {
  return text.split(/\s+/).length;
}

function countCharacters(text) {
  return [...text].length;
}

function spread(values, unit) {
  const sorted = values.toSorted((a, b) => a - b);
  return `${sorted[0]} to ${sorted.at(-1)} ${unit}, median ${sorted[Math.floor((sorted.length - 1) / 2)]}`;
}
