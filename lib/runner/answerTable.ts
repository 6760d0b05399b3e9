/** Questions and the answers of several models side by side. */
import { inspect } from 'node:util';
import { displayResult } from '../host.ts';

/** A question with its answers, by the titles of their columns. */
export interface AnswerRow {
  readonly question: string;
  readonly 'base answer': string;
  readonly 'tuned answer'?: string;
  readonly 'true answer'?: string;
  readonly [title: string]: string | undefined;
}

/**
 * What `evaluate` gives: shows itself in a notebook and in a terminal, and is made of rows.
 *
 * @example for (const row of await runner.evaluate()) console.log(row['tuned answer']);
 * @example const df = await frame(await runner.evaluate());
 */
export class AnswerTable implements Iterable<AnswerRow> {
  readonly rows: readonly AnswerRow[];

  constructor(rows: readonly AnswerRow[]) {
    this.rows = rows;
  }

  [Symbol.iterator](): Iterator<AnswerRow> {
    return this.rows[Symbol.iterator]();
  }

  /** A block for each question, since answers are too long for columns of text. */
  toString(): string {
    const blocks = this.rows.map(({ question, ...answers }, index) => {
      const lines = Object.entries(answers).map(
        ([title, text]) => `   ${title}: ${indent(text || '(nothing)')}`,
      );
      return [`${index + 1}. ${indent(question)}`, ...lines].join('\n');
    });
    return blocks.join('\n\n');
  }

  [inspect.custom](): string {
    return this.toString();
  }

  [Symbol.for('Jupyter.display')](): Record<string, unknown> {
    return displayResult({
      data: { 'text/html': toHtml(this.rows), 'text/plain': this.toString() },
      metadata: {},
    });
  }
}

function indent(text: string | undefined): string {
  return (text ?? '').replaceAll('\n', '\n      ');
}

function toHtml(rows: readonly AnswerRow[]): string {
  const titles = Object.keys(rows[0] ?? {});
  const head = titles.map(title => `<th style="${CELL}">${escapeHtml(title)}</th>`).join('');
  const body = rows.map(row => `<tr>${titles.map(title => cell(row[title] ?? '')).join('')}</tr>`).join('');
  return `<table style="table-layout:fixed;width:100%"><thead><tr>${head}</tr></thead><tbody>${body}</tbody></table>`;
}

const CELL = 'text-align:left;vertical-align:top';

function cell(text: string): string {
  return `<td style="${CELL};white-space:pre-wrap;overflow-wrap:anywhere">${escapeHtml(text) || '<em>nothing</em>'}</td>`;
}

function escapeHtml(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
}
