/** Help on a value: its signature and documentation, what it is, its source or its members. */
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

/**
 * @param detail 1 shows the whole source and all members
 * @param explained what types say of it, in Markdown
 */
export async function describeValue(
  expression: string,
  detail: 0 | 1,
  look: Look,
  explained?: string,
): Promise<Help> {
  const reply = expression === '' ? undefined : await look({ type: 'describe', expression });
  const description = reply && 'description' in reply ? reply.description : null;
  if (!description && explained) return help(explained);
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
  // The source of what is built in says nothing.
  const isNative = /^[^\n]*\{ \[native code\] \}$/.test(description.text);
  const fenced = ['\n\n```typescript\n', '\n```'];
  const looks = (before: string, after: string): string =>
    isNative && explained ? members : `${before}${source}${after}${members}`;
  return help(explained, `${heading}${looks('\n\n', '')}`, `**${heading}**${looks(fenced[0]!, fenced[1]!)}`);
}

/** Joins what types say, in Markdown, and what the value looks like. */
function help(explained: string | undefined, plain = '', markdown = plain): Help {
  const said = explained?.trim();
  const saidPlainly = said?.replace(/^```\w*\n?/gm, '').replace(/(?<![\w*/])\*(@?\w+)\*(?!\w)/g, '$1');
  const join = (...parts: (string | undefined)[]): string => parts.filter(Boolean).join('\n\n');
  return {
    found: true,
    data: { 'text/plain': join(saidPlainly?.trim(), plain), 'text/markdown': join(said, markdown) },
    metadata: {},
  };
}
