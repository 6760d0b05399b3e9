/** How deep code may nest: the native parser's stack ends at some depth, and the process with it. */

/** Brackets inside brackets that the native parser is given; at some 20,000 its stack ends, and the process with it. */
export const DEEPEST = 5_000;

/** Where the nesting of brackets passes the limit. */
export function deepBracket(source: string): number | undefined {
  if (passesDepth(source) === undefined) return undefined;
  // Brackets in strings and comments nest nothing.
  const blank = (text: string): string => ' '.repeat(text.length);
  return passesDepth(
    source.replace(/'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|\/\/[^\n]*|\/\*[\s\S]*?\*\//g, blank),
  );
}

function passesDepth(source: string): number | undefined {
  let depth = 0;
  for (let at = 0; at < source.length; at++) {
    const code = source.charCodeAt(at);
    if (code === 40 || code === 91 || code === 123) depth++;
    else if (code === 41 || code === 93 || code === 125) depth--;
    if (depth > DEEPEST) return at;
  }
  return undefined;
}
