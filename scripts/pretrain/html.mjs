/** The paragraphs of a page of HTML: text of `p`, `li`, `dd` and `blockquote`, without listings, tables and navigation. */

const SKIPPED =
  /^(head|script|style|pre|table|nav|footer|header|form|button|select|svg|math|sup|dt|h[1-6]|title|figure|aside)$/;
const SKIPPED_CLASS =
  /(?:^|\s)(related|sphinxsidebar|footer|nav\w*|toc\w*|contents|topnav|nosearch|versionmodified|headerlink|breadcrumbs|sidebar|qv|langs|comments_section|api_metadata|api_stability)(?:\s|$)/i;
const PARAGRAPH = /^(p|li|dd|blockquote)$/;
const INLINE =
  /^(a|abbr|b|cite|code|dfn|em|i|kbd|mark|q|s|samp|small|span|strong|sub|tt|u|var|wbr|font|big|acronym)$/;
const TAG = /<!--[\s\S]*?-->|<(\/?)([a-zA-Z][\w-]*)([^>]*)>/g;

/** @returns the paragraphs in order, entities decoded, white space joined */
export function htmlParagraphs(html) {
  const paragraphs = [];
  let text = '';
  let block = '';
  let skipped = '';
  let depth = 0;
  let from = 0;
  const flush = () => {
    const joined = decodeEntities(text).replace(/\s+/g, ' ').trim();
    if (joined && PARAGRAPH.test(block)) paragraphs.push(joined);
    text = '';
  };
  for (const match of html.matchAll(TAG)) {
    if (!skipped) text += html.slice(from, match.index);
    from = match.index + match[0].length;
    const name = match[2]?.toLowerCase();
    if (name === undefined) continue;
    const opens = match[1] === '' && !match[3].endsWith('/');
    if (skipped) {
      if (name === skipped) depth += match[1] ? -1 : Number(opens);
      if (depth === 0) skipped = '';
    } else if (opens && (SKIPPED.test(name) || SKIPPED_CLASS.test(classOf(match[3])))) {
      if (!INLINE.test(name) && name !== 'sup') flush();
      skipped = name;
      depth = 1;
    } else if (name === 'br') text += ' ';
    else if (!INLINE.test(name)) {
      flush();
      block = opens ? name : '';
    }
  }
  if (!skipped) text += html.slice(from);
  flush();
  return paragraphs;
}

function classOf(attributes) {
  return /\b(?:class|role)\s*=\s*["']?([^"'>]*)/i.exec(attributes)?.[1] ?? '';
}

const NAMED = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: ' ',
  mdash: '—',
  ndash: '–',
  hellip: '…',
  lsquo: '‘',
  rsquo: '’',
  ldquo: '“',
  rdquo: '”',
  copy: '©',
};

function decodeEntities(text) {
  return text.replace(/&(#x?[\da-f]+|[a-z]+);/gi, (whole, name) => {
    if (name[0] !== '#') return NAMED[name] ?? whole;
    const code = name[1].toLowerCase() === 'x' ? Number.parseInt(name.slice(2), 16) : Number(name.slice(1));
    return code > 0 && code < 0x110000 ? String.fromCodePoint(code) : whole;
  });
}
