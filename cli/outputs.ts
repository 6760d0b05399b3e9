/** Turns what a kernel publishes while a cell runs into the outputs that a notebook keeps. */
import type { Incoming, Json } from '../kernel/protocol/index.ts';
import type { MimeBundle, Output } from './notebook.ts';

/** A stream of one output longer than this is cut, with a line that says so: a cell that prints for ever must not fill the disk. */
const STREAM_LIMIT = 20_000_000;

type Displayed = Extract<Output, { output_type: 'display_data' | 'execute_result' }>;

/** The displays of a whole notebook that can still be updated: a later cell may update an earlier cell's. */
export class Displays {
  readonly #shown = new Map<string, Set<Displayed>>();

  add(id: string, output: Displayed): void {
    const outputs = this.#shown.get(id);
    if (outputs) outputs.add(output);
    else this.#shown.set(id, new Set([output]));
  }

  update(id: string, data: MimeBundle, metadata: Json): void {
    for (const output of this.#shown.get(id) ?? []) {
      output.data = data;
      output.metadata = metadata;
    }
  }

  remove(output: Output): void {
    for (const outputs of this.#shown.values()) outputs.delete(output as Displayed);
  }
}

/** Records the outputs of one cell. */
export class OutputRecorder {
  readonly outputs: Output[] = [];
  executionCount: number | null = null;
  readonly #displays: Displays;
  #clearBeforeNext = false;

  constructor(displays: Displays = new Displays()) {
    this.#displays = displays;
  }

  add({ header, content }: Pick<Incoming, 'header' | 'content'>): void {
    switch (header.msg_type) {
      case 'execute_input':
        if (typeof content.execution_count === 'number') this.executionCount = content.execution_count;
        break;
      case 'stream':
        this.#stream(String(content.name), String(content.text));
        break;
      case 'display_data':
        this.#display({ output_type: 'display_data', ...bundleOf(content) }, content);
        break;
      case 'execute_result':
        this.#display(
          {
            output_type: 'execute_result',
            ...bundleOf(content),
            execution_count: (content.execution_count as number) ?? null,
          },
          content,
        );
        break;
      case 'update_display_data': {
        const id = displayId(content);
        const { data, metadata } = bundleOf(content);
        if (id !== undefined) this.#displays.update(id, data, metadata);
        break;
      }
      case 'clear_output':
        if (content.wait) this.#clearBeforeNext = true;
        else this.#clear();
        break;
      case 'error':
        this.error(
          String(content.ename),
          String(content.evalue),
          ((content.traceback as unknown[]) ?? []).map(String),
        );
        break;
    }
  }

  error(ename: string, evalue: string, traceback: string[] = [`${ename}: ${evalue}`]): void {
    this.#push({ output_type: 'error', ename, evalue, traceback });
  }

  #stream(name: string, text: string): void {
    if (this.#clearBeforeNext) this.#clear();
    const last = this.outputs.at(-1);
    if (last?.output_type !== 'stream' || last.name !== name) {
      this.outputs.push({ output_type: 'stream', name, text: cut(text) });
    } else if (last.text.length <= STREAM_LIMIT) {
      last.text = cut(last.text + text);
    }
  }

  /** Keeps the help of `name?`, which a client would show in a pager. */
  pages(payload: unknown): void {
    for (const { source, data } of Array.isArray(payload) ? (payload as Json[]) : []) {
      if (source === 'page') this.#display({ output_type: 'display_data', ...bundleOf({ data }) }, {});
    }
  }

  #display(output: Displayed, content: Json): void {
    this.#push(output);
    const id = displayId(content);
    if (id !== undefined) this.#displays.add(id, output);
  }

  #push(output: Output): void {
    if (this.#clearBeforeNext) this.#clear();
    this.outputs.push(output);
  }

  #clear(): void {
    this.#clearBeforeNext = false;
    for (const output of this.outputs) this.#displays.remove(output);
    this.outputs.length = 0;
  }
}

function bundleOf(content: Json): { data: MimeBundle; metadata: Json } {
  return { data: { ...(content.data as MimeBundle) }, metadata: { ...(content.metadata as Json) } };
}

function displayId(content: Json): string | undefined {
  const id = (content.transient as Json | undefined)?.display_id;
  return typeof id === 'string' ? id : undefined;
}

function cut(text: string): string {
  if (text.length <= STREAM_LIMIT) return text;
  return `${text.slice(0, STREAM_LIMIT)}\n[tunelab run: output cut after ${STREAM_LIMIT / 1e6} million characters]\n`;
}
