/** Slots of a template: what stands between braces, found by the type checker and by the parser alike. */

/** The slot names of a template text that is known as a literal; `string` where it is not. */
export type SlotsOf<Text extends string> = string extends Text
  ? string
  : Text extends `${string}{${infer After}`
    ? After extends `{${infer Rest}`
      ? SlotsOf<Rest>
      : After extends `${infer Name}}${infer Rest}`
        ? Name | SlotsOf<Rest>
        : never
    : never;

/** A piece of a template: text as it is, or the name of the slot that stands there. */
export type Piece = { readonly text: string } | { readonly slot: string };

const SLOT_NAME = /^[\p{L}_][\p{L}\p{N}_ .-]*$/u;
const SHOWN_CHARACTERS = 40;

/**
 * Splits a template into text and slots; doubled braces become single ones.
 *
 * @throws if a brace has no partner, or what stands in braces is no name
 */
export function parseTemplate(template: string): Piece[] {
  const pieces: Piece[] = [];
  let text = '';
  let at = 0;
  while (at < template.length) {
    const char = template[at]!;
    if ((char === '{' || char === '}') && template[at + 1] === char) {
      text += char;
      at += 2;
    } else if (char === '{') {
      const end = template.indexOf('}', at);
      if (end < 0) throw lonelyBrace(template, at);
      if (text !== '') pieces.push({ text });
      text = '';
      pieces.push({ slot: checkName(template.slice(at + 1, end)) });
      at = end + 1;
    } else if (char === '}') {
      throw lonelyBrace(template, at);
    } else {
      text += char;
      at++;
    }
  }
  if (text !== '') pieces.push({ text });
  return pieces;
}

/** Doubles the braces of a text, so that it stands in a template as it is. */
export function escapeBraces(text: string): string {
  return text.replace(/[{}]/g, '$&$&');
}

function checkName(name: string): string {
  if (SLOT_NAME.test(name)) return name;
  const shown = name.length > SHOWN_CHARACTERS ? `${name.slice(0, SHOWN_CHARACTERS)}…` : name;
  throw new SyntaxError(
    `{${shown}} in the template is no slot: a slot is a name such as {question}; write {{ and }} for braces themselves.`,
  );
}

function lonelyBrace(template: string, at: number): SyntaxError {
  const around = template.slice(Math.max(0, at - SHOWN_CHARACTERS / 2), at + SHOWN_CHARACTERS / 2);
  return new SyntaxError(
    `The template has a single ${template[at]} at character ${at} (${JSON.stringify(around)}); write ${template[at]}${template[at]} for the brace itself.`,
  );
}
