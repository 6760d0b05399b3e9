/** Dictionary prose out of WordNet's database files: what a word means, with an example where there is one. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const NAMES_OF_PLACES = '15';
const PARTS = ['noun', 'verb', 'adj', 'adv'];

/**
 * Entries of a part of speech, neighbours in the file together because they are neighbours in meaning.
 *
 * Only words that were counted in WordNet's tagged texts are taken, so that rare terms stay out.
 *
 * @param folder with `data.noun`, `index.sense` and so on
 * @returns lists of paragraphs
 */
export function* wordnetEntries(folder) {
  const counted = countedWords(folder);
  for (const part of PARTS) {
    let group = [];
    for (const line of readFileSync(join(folder, `data.${part}`), 'utf8').split('\n')) {
      const entry = line.startsWith(' ') ? undefined : parseEntry(line);
      if (!entry?.words.some(word => counted.has(word.toLowerCase()))) continue;
      group.push(describe(entry, part));
      if (group.length < 6) continue;
      yield group;
      group = [];
    }
    if (group.length > 0) yield group;
  }
}

function countedWords(folder) {
  const words = new Set();
  for (const line of readFileSync(join(folder, 'index.sense'), 'utf8').split('\n')) {
    const [key, , , count] = line.split(' ');
    if (Number(count) > 0) words.add(key.slice(0, key.indexOf('%')));
  }
  return words;
}

/** One line of a data file: `offset file type count word id … | gloss`. */
export function parseEntry(line) {
  const bar = line.indexOf(' | ');
  if (bar < 0) return undefined;
  const fields = line.slice(0, bar).split(' ');
  const count = Number.parseInt(fields[3], 16);
  const words = Array.from({ length: count }, (_, index) => fields[4 + 2 * index].replace(/\(\w+\)$/, ''));
  const gloss = line.slice(bar + 3).trim();
  const quote = gloss.search(/[;:,]?\s*"/);
  const meaning = (quote < 0 ? gloss : gloss.slice(0, quote)).replace(/^\([^)]*\)\s*/, '').trim();
  const examples = [...gloss.matchAll(/"([^"]+)"/g)].map(match => match[1].trim());
  if (!meaning) return undefined;
  return { file: fields[1], words, meaning, examples, isInstance: fields.includes('@i') };
}

function describe({ file, words, meaning, examples, isInstance }, part) {
  const [word, ...others] = words.map(name => name.replaceAll('_', ' '));
  const first = defined(word, meaning, part, isInstance, file);
  const example = examples[0] ? ` For example: ${sentence(examples[0])}` : '';
  const same =
    others.length > 0 && !isInstance
      ? ` ${others.length > 1 ? 'Other words' : 'Another word'} for it: ${others.slice(0, 3).join(', ')}.`
      : '';
  return `${first}${example}${same}`;
}

/** A place is something; another thing with a name of its own is described; a word means something. */
function defined(word, meaning, part, isInstance, file) {
  if (part === 'verb') return `To ${word} means to ${meaning}.`;
  if (!isInstance) return `${capital(word)} means ${meaning}.`;
  return file === NAMES_OF_PLACES ? `${word} is ${meaning}.` : `${word}: ${meaning}.`;
}

function capital(text) {
  return text[0].toUpperCase() + text.slice(1);
}

function sentence(text) {
  return /[.!?]$/.test(text) ? capital(text) : `${capital(text)}.`;
}
