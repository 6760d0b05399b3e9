/** Help on a value: what it is, its source or its members. */
import type { Look } from './complete.ts';

interface Help {
  readonly found: boolean;
  readonly data: Record<string, string>;
  readonly metadata: Record<string, never>;
}

/** Lines of source that the short form shows. */
const SHORT = 12;

/** Functions of cells are kept without their name, so that they call whatever it means later. */
function named(source: string, expression: string): string {
  return source.replace(/^((?:async )?function)\s*(\*?)\s*\(/, `$1$2 ${expression}(`);
}

/** @param detail 1 shows the whole source and all members */
export async function describeValue(expression: string, detail: 0 | 1, look: Look): Promise<Help> {
  const reply = expression === '' ? undefined : await look({ type: 'describe', expression });
  const description = reply && 'description' in reply ? reply.description : null;
  if (!description) {
    const text =
      expression === ''
        ? 'Nothing here to describe.'
        : `'${expression}' has no value yet: run the cell that declares it.`;
    return { found: false, data: { 'text/plain': text }, metadata: {} };
  }
  const limit = detail === 1 ? 400 : SHORT;
  const values = description.members.filter(({ value }) => value !== undefined);
  const methods = description.members
    .filter(({ name, value }) => value === undefined && !(name in Object.prototype))
    .map(({ name, type }) => (type === 'function' ? `${name}()` : name));
  const lines = values.length
    ? [description.text, ...values.map(({ name, value }) => `  ${name}: ${value}`)]
    : named(description.text, expression).split('\n');
  const source =
    lines.slice(0, limit).join('\n') + (lines.length > limit ? `\n… ${lines.length - limit} more lines` : '');
  const shown = detail === 1 ? methods : methods.slice(0, 24);
  const members = shown.length ? `\n\n${shown.join(', ')}${methods.length > shown.length ? ', …' : ''}` : '';
  const heading = `${expression}: ${description.type}`;
  return {
    found: true,
    data: {
      'text/plain': `${heading}\n\n${source}${members}`,
      'text/markdown': `**${heading}**\n\n\`\`\`typescript\n${source}\n\`\`\`${members}`,
    },
    metadata: {},
  };
}
