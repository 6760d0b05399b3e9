/** Makes documents of the paragraphs of a chapter or a page. */
import { regroup, sentences } from './plain.mjs';

export const SHORTEST_DOCUMENT = 200;
const LONGEST = 4000;

/**
 * Packs paragraphs that follow each other into texts of 200 to 4000 characters; what is left over and shorter is dropped.
 *
 * @param paragraphs cleaned, in order
 * @param aim characters after which the next document begins
 */
export function documentsOf(paragraphs, aim = 2400) {
  const documents = [];
  let text = '';
  const flush = () => {
    if (text.length >= SHORTEST_DOCUMENT) documents.push(text);
    text = '';
  };
  for (const paragraph of paragraphs.flatMap(whole)) {
    if (text.length + paragraph.length + 2 > LONGEST) flush();
    text = text ? `${text}\n\n${paragraph}` : paragraph;
    if (text.length >= aim) flush();
  }
  flush();
  return documents;
}

/** A paragraph too long for a document, cut between sentences. */
function whole(paragraph) {
  if (paragraph.length <= LONGEST) return [paragraph];
  return regroup(sentences(paragraph), 1200).filter(part => part.length <= LONGEST);
}
