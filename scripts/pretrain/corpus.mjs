/**
 * Builds the corpus that the embedded base model is pretrained on, in an ignored folder:
 *
 *     node scripts/pretrain/corpus.mjs [--out out/pretrain]
 *
 * Fetches the sources (what was fetched once is kept, so a second run goes on where the first stopped), takes the prose
 * out of them, cleans it, makes up stories, and writes `train-*.jsonl` and `heldout.jsonl` with rows `{ text, source }`,
 * and `report.json` with what was kept and what was left out. A source that cannot be had on this machine is named
 * and left out. Plain Node; wants npm and tar, and for Debian's packages apt-get and dpkg-deb.
 */
import { mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { normalise, rejection, SHORTEST, withoutAnnouncement } from './clean.mjs';
import { documentsOf, SHORTEST_DOCUMENT } from './documents.mjs';
import { Seen } from './duplicates.mjs';
import { fetchPackage } from './fetch.mjs';
import { hashOf, randomFrom, shuffle } from './random.mjs';
import { HERE, SOURCES } from './sources.mjs';
import { madeUpTexts } from './stories.mjs';

const SHARD_CHARACTERS = 8_000_000;
const HELD_OUT = 0.01;
const SEED = 42;

const { values: options } = parseArgs({ options: { out: { type: 'string', default: 'out/pretrain' } } });
const started = Date.now();
const seen = new Seen();
const report = [];
const documents = [];

for (const source of SOURCES) {
  let folder;
  try {
    folder =
      source.from === HERE
        ? undefined
        : fetchPackage(source.from, source.package, join(options.out, 'packages'));
  } catch (error) {
    console.error(`Left out: ${source.name}. ${error.message}.`);
    report.push({ source: source.name, missing: error.message });
    continue;
  }
  collect(source, source.read(folder));
}
for (const { name, texts } of madeUpTexts()) collectMadeUp(name, texts);

shuffle(documents, randomFrom(SEED));
write(documents);

/** Cleans what a source gives and keeps its documents. */
function collect({ name, kind, most = Infinity }, sections) {
  const counts = newCounts();
  let characters = 0;
  for (const section of sections) {
    if (characters >= most) break;
    const kept = [];
    for (const raw of section) {
      counts.paragraphs++;
      const normal = normalise(raw);
      const text = kind === 'manual' ? withoutAnnouncement(normal) : normal;
      // Short lines of dialogue return in good prose.
      const reason = rejection(text, kind) ?? (text.length < SHORTEST.manual ? undefined : seen.check(text));
      if (reason) counts.dropped[reason] = (counts.dropped[reason] ?? 0) + 1;
      else kept.push(text);
    }
    const texts = documentsOf(kept);
    counts.remnants += kept.join('\n\n').length - texts.join('\n\n').length;
    characters += keep(name, texts, counts);
  }
  finish(name, counts);
}

function collectMadeUp(name, texts) {
  const counts = newCounts();
  const seenHere = new Seen();
  for (const text of texts) {
    counts.paragraphs++;
    const reason = text.length < SHORTEST_DOCUMENT ? 'too short' : seenHere.check(text);
    if (reason) counts.dropped[reason] = (counts.dropped[reason] ?? 0) + 1;
    else keep(name, [text], counts);
  }
  finish(name, counts);
}

function newCounts() {
  return { paragraphs: 0, dropped: {}, remnants: 0, documents: 0, characters: 0 };
}

function keep(source, texts, counts) {
  let characters = 0;
  for (const text of texts) {
    documents.push({ text, source });
    characters += text.length;
  }
  counts.documents += texts.length;
  counts.characters += characters;
  return characters;
}

function finish(source, counts) {
  if (counts.documents === 0)
    throw new Error(
      `${source}: no text was found; its package is laid out in another way than sources.mjs says.`,
    );
  report.push({ source, ...counts });
  console.log(`${source}: ${(counts.characters / 1e6).toFixed(2)} MB in ${counts.documents} documents`);
}

function write(rows) {
  mkdirSync(options.out, { recursive: true });
  for (const name of readdirSync(options.out))
    if (/^(train-\d+|heldout)\.jsonl$/.test(name)) rmSync(join(options.out, name));
  const isHeldOut = row => hashOf(row.text) < HELD_OUT * 2 ** 32;
  writeRows('heldout.jsonl', rows.filter(isHeldOut));
  let shard = [];
  let size = 0;
  let number = 0;
  for (const row of rows.filter(row => !isHeldOut(row))) {
    shard.push(row);
    size += row.text.length;
    if (size < SHARD_CHARACTERS) continue;
    writeRows(shardName(number++), shard);
    shard = [];
    size = 0;
  }
  writeRows(shardName(number), shard);
  const total = rows.reduce((sum, row) => sum + row.text.length, 0);
  const dropped = {};
  for (const entry of report)
    for (const [reason, count] of Object.entries(entry.dropped ?? {}))
      dropped[reason] = (dropped[reason] ?? 0) + count;
  const seconds = Math.round((Date.now() - started) / 1000);
  const summary = { seconds, characters: total, documents: rows.length, dropped, sources: report };
  writeFileSync(join(options.out, 'report.json'), `${JSON.stringify(summary, undefined, 2)}\n`);
  console.table(
    report
      .filter(entry => !entry.missing)
      .map(({ source, documents, characters }) => ({
        source,
        documents,
        MB: (characters / 1e6).toFixed(2),
        share: `${((100 * characters) / total).toFixed(1)} %`,
      })),
  );
  console.table(dropped);
  console.log(`${(total / 1e6).toFixed(1)} MB in ${rows.length} documents, ${seconds} s, in ${options.out}`);
}

function shardName(number) {
  return `train-${String(number).padStart(5, '0')}.jsonl`;
}

/** Under a temporary name first, so that a shard is never half there. */
function writeRows(name, rows) {
  const path = join(options.out, name);
  writeFileSync(`${path}.tmp`, rows.map(row => `${JSON.stringify(row)}\n`).join(''));
  renameSync(`${path}.tmp`, path);
}
