/** The paragraphs of plain text and of Markdown. */

/** Paragraphs stand between blank lines; the lines of one are joined. */
export function plainParagraphs(text) {
  return text
    .replace(/\r\n?/g, '\n')
    .split(/\n[ \t]*\n/)
    .map(unwrap)
    .filter(Boolean);
}

/** Joins the lines of a hard-wrapped paragraph. */
export function unwrap(text) {
  return text.replace(/\s+/g, ' ').trim();
}

/** Markdown's paragraphs and list items, without headings, listings, tables, badges and addresses of links. */
export function markdownParagraphs(text) {
  const plain = text
    .replace(/\r\n?/g, '\n')
    .replace(/^---\n[\s\S]*?\n---\n/, '')
    .replace(/<!--[\s\S]*?-->/g, '')
    .replace(/^(`{3,}|~{3,})[\s\S]*?^\1.*$/gm, '\n')
    .replace(/^( {4}|\t).*$/gm, '\n')
    .replace(/^.*\n(=+|-+)$/gm, '\n')
    .replace(/^\s*(#.*|\|.*|\[[^\]]+\]:.*|>.*|[-*_]{3,})$/gm, '\n')
    .replace(/!\[[^\]]*\](\([^)]*\)|\[[^\]]*\])/g, '')
    .replace(/\[([^\]]*)\](\([^)]*\)|\[[^\]]*\])/g, '$1')
    .replace(/<\/?[a-z][^>]*>/gi, '')
    .replace(/`([^`]*)`/g, '$1')
    .replace(/(\*\*|__)(?=\S)(.*?\S)\1/g, '$2')
    .replace(/(?<!\w)([*_])(?=\S)([^*_\n]*\S)\1(?!\w)/g, '$2')
    .replace(/^\s*([-*+]|\d+[.)])\s+/gm, '\n\n');
  return plainParagraphs(plain);
}

const SENTENCE_END =
  /(?<=[.!?]["'”’)]*)(?<!\b(?:Mr|Mrs|Ms|Dr|St|No|vs|etc|e\.g|i\.e|[A-Z])\.)\s+(?=["'“‘(]?[A-Z0-9])/;

/** Cuts running text into sentences; abbreviations and initials end none. */
export function sentences(text) {
  return text.split(SENTENCE_END);
}

/** Groups the sentences of a text that came without paragraphs, each group of at least so many characters. */
export function regroup(parts, characters) {
  const groups = [];
  let group = '';
  for (const part of parts) {
    group = group ? `${group} ${part}` : part;
    if (group.length < characters) continue;
    groups.push(group);
    group = '';
  }
  if (group) groups.push(group);
  return groups;
}
