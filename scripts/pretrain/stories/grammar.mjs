/**
 * Fills in templates: `{this|that}` chooses, choices may stand inside choices, `[name]` puts in a word from the story's
 * world and `[Name]` the same with a capital. "a" becomes "an" where it must.
 */

/** One of a list. */
export function pick(list, random) {
  return list[Math.floor(random() * list.length)];
}

/** Several different ones of a list. */
export function pickSeveral(list, count, random) {
  const rest = [...list];
  return Array.from({ length: count }, () => rest.splice(Math.floor(random() * rest.length), 1)[0]);
}

/**
 * @param world words by name; one may be a template itself
 * @throws naming the template if the world lacks a word
 */
export function fill(template, world, random) {
  let text = template;
  for (;;) {
    const next = text
      .replace(/\{([^{}]*)\}/g, (_, choices) => pick(choices.split('|'), random))
      .replace(/\[([a-z]+)\]/gi, (_, name) => wordOf(name, world, template));
    if (next === text) break;
    text = next;
  }
  return text.replace(/\b([Aa]) (?=["']?(\w+))/g, (whole, article, word) =>
    startsWithVowel(word) ? `${article}n ` : whole,
  );
}

function wordOf(name, world, template) {
  const word = world[name] ?? world[name[0].toLowerCase() + name.slice(1)];
  if (word === undefined) throw new Error(`No word for [${name}] in: ${template}`);
  return name in world ? word : capital(word);
}

/** With a capital at the beginning; what begins with a digit stays as it is. */
export function capital(text) {
  return text.replace(/^\p{L}/u, letter => letter.toUpperCase());
}

function startsWithVowel(word) {
  if (/^(uni|use|usu|eu|one\b|once)/i.test(word)) return false;
  return /^([aeiou]|hour|honest|heir)/i.test(word);
}

/** "apples", "apples and pears", "apples, pears and plums". */
export function list(words) {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
}
