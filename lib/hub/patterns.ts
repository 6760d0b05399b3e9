/** File name patterns. */

type Step =
  | { readonly kind: 'one' | 'many'; readonly accepts: (char: string) => boolean }
  /** Goes on with the next step, or leaves out so many. */
  | { readonly kind: 'maybe'; readonly length: number };

const MOST_ALTERNATIVES = 1000;
const anything = (): boolean => true;
const inFolder = (char: string): boolean => char !== '/';

/**
 * A test for names that match a pattern: `*` and `?` stand for anything, `[ab]` and `[!ab]` for one character, `{a,b}`
 * for one of several.
 *
 * Patterns come from cards of data sets too, so no pattern takes longer than its length times that of the name, as a
 * regular expression might.
 *
 * @param folders `cross`: `*` also stands for `/`, as in Python's `fnmatch`; `keep`: only `**` does, as in a shell
 * @throws if the alternatives in braces are too many
 */
export function globMatcher(pattern: string, folders: 'cross' | 'keep'): (name: string) => boolean {
  const alternatives = expandBraces(pattern);
  const programs = alternatives.map(alternative =>
    stepsOf(alternative, folders === 'cross' ? anything : inFolder),
  );
  return name => programs.some(steps => matches(steps, name));
}

function expandBraces(pattern: string): string[] {
  let expanded = [pattern];
  for (let isOpen = true; isOpen; ) {
    isOpen = false;
    expanded = expanded.flatMap(text => {
      const braces = /\{([^{}]*)\}/.exec(text);
      if (!braces) return [text];
      isOpen = true;
      const [before, after] = [text.slice(0, braces.index), text.slice(braces.index + braces[0].length)];
      return braces[1]!.split(',').map(part => before + part + after);
    });
    if (expanded.length > MOST_ALTERNATIVES) {
      throw new RangeError(
        `The pattern ${pattern} stands for more than ${MOST_ALTERNATIVES} others; write it with fewer braces.`,
      );
    }
  }
  return expanded;
}

function stepsOf(pattern: string, star: (char: string) => boolean): Step[] {
  const steps: Step[] = [];
  for (const token of pattern.match(/\*\*\/|\*+|\[!?[^\]]+\]|./gsu) ?? []) {
    if (token === '**/') {
      steps.push({ kind: 'maybe', length: 2 }, { kind: 'many', accepts: anything });
      steps.push({ kind: 'one', accepts: char => char === '/' });
    } else if (token.startsWith('*')) {
      steps.push({ kind: 'many', accepts: token.length > 1 ? anything : star });
    } else if (token === '?') steps.push({ kind: 'one', accepts: star });
    else if (token.length > 2 && token.startsWith('['))
      steps.push({ kind: 'one', accepts: setOf(token.slice(1, -1)) });
    else steps.push({ kind: 'one', accepts: char => char === token });
  }
  return steps;
}

/** `a-z0_`, or with `!` before it all others. */
function setOf(set: string): (char: string) => boolean {
  const isNegated = set.startsWith('!');
  const parts = (isNegated ? set.slice(1) : set).match(/.-.|./gsu) ?? [];
  return char =>
    parts.some(part => (part.length > 2 ? part[0]! <= char && char <= part.at(-1)! : part === char)) !==
    isNegated;
}

/** Follows all ways through the steps at once. */
function matches(steps: readonly Step[], name: string): boolean {
  let places = arrivals(steps, [0]);
  for (const char of name) {
    const reached: number[] = [];
    for (const place of places) {
      const step = steps[place];
      if (!step || step.kind === 'maybe' || !step.accepts(char)) continue;
      reached.push(step.kind === 'many' ? place : place + 1);
    }
    places = arrivals(steps, reached);
  }
  return places.has(steps.length);
}

/** The places, and those that can be reached from them without a character. */
function arrivals(steps: readonly Step[], places: readonly number[]): Set<number> {
  const all = new Set<number>(places);
  // A Set's loop also visits what is added during it.
  for (const place of all) {
    const step = steps[place];
    if (step && step.kind !== 'one') all.add(place + 1);
    if (step?.kind === 'maybe') all.add(place + 1 + step.length);
  }
  return all;
}
