/** Hosted models behind the interface of OpenAI, which many servers speak. */
import { checkOptions } from '../host.ts';
import { ask, excerpt, missingKey, type Server, textOf } from './chatRequest.ts';
import { serverEvents } from './serverEvents.ts';

export interface OpenAIRunnerOptions {
  /** The model's name at the server, such as `gpt-4o-mini`. */
  readonly model: string;
  /** The server's address up to `/chat/completions`; `OPENAI_BASE_URL` if not given, or OpenAI's own. */
  readonly baseUrl?: string;
  /** `OPENAI_API_KEY` if not given; needed at OpenAI, and elsewhere if the server wants one. */
  readonly apiKey?: string;
  /** What the model is told before each question. */
  readonly systemPrompt?: string;
  /** 0 for the likeliest answer; the server's own if not given. */
  readonly temperature?: number;
  /** Where an answer is cut, in tokens; the server's own limit if not given. */
  readonly maxTokens?: number;
  /** Seconds without a sign of the server after which a try is given up. 60 if not given. */
  readonly timeout?: number;
  /** How often a question is asked again where the server is busy or the connection breaks. 2 if not given. */
  readonly maxRetries?: number;
}

export interface AskOptions {
  /** Ends the asking: what waits then throws the signal's reason. */
  readonly signal?: AbortSignal;
}

const OPENAI = 'https://api.openai.com/v1';
/** So many questions of a list are under way at once. */
const CONCURRENCY = 4;

const OPTIONS = [
  'model',
  'baseUrl',
  'apiKey',
  'systemPrompt',
  'temperature',
  'maxTokens',
  'timeout',
  'maxRetries',
];

/**
 * A model on a server that speaks OpenAI's chat completions: OpenAI, DeepSeek, Together, vLLM, llama.cpp, Ollama.
 *
 * @example
 * const hosted = new OpenAIRunner({ model: 'gpt-4o-mini', maxTokens: 100 });
 * await hosted.run('What is an epoch?');
 * @example
 * const local = new OpenAIRunner({ model: 'llama3.2', baseUrl: 'http://localhost:11434/v1' });
 * for await (const piece of local.stream('What is an epoch?')) process.stdout.write(piece);
 * @see https://platform.openai.com/docs/api-reference/chat
 */
export class OpenAIRunner {
  readonly model: string;
  readonly #server: Server;
  readonly #messages: readonly object[];
  readonly #settings: object;

  /** @throws if there is no key for OpenAI, or naming an option that cannot be */
  constructor(options: OpenAIRunnerOptions) {
    checkOptions('OpenAIRunner', options, OPTIONS);
    const { model, systemPrompt, temperature, maxTokens, timeout = 60, maxRetries = 2 } = options;
    if (typeof model !== 'string' || model === '') {
      throw new TypeError("OpenAIRunner needs the model's name at the server: { model: 'gpt-4o-mini' }.");
    }
    check('temperature', temperature, value => value >= 0, 'a number from 0 on');
    check('maxTokens', maxTokens, value => Number.isInteger(value) && value > 0, 'a whole number from 1 on');
    check('timeout', timeout, value => value > 0, 'a number of seconds above 0');
    check(
      'maxRetries',
      maxRetries,
      value => Number.isInteger(value) && value >= 0,
      'a whole number from 0 on',
    );
    const url = addressOf(options.baseUrl ?? (process.env.OPENAI_BASE_URL || OPENAI));
    const apiKey = (options.apiKey ?? process.env.OPENAI_API_KEY)?.trim() || undefined;
    if (apiKey !== undefined && !/^[\x21-\x7e]+$/.test(apiKey)) {
      throw new RangeError('OpenAIRunner: the key has characters that no key has; copy it again.');
    }
    const { host } = new URL(url);
    const isOpenAI = host === new URL(OPENAI).host;
    if (isOpenAI && apiKey === undefined) throw missingKey(host);
    this.model = model;
    this.#server = { url, apiKey, timeout, maxRetries };
    this.#messages = systemPrompt === undefined ? [] : [{ role: 'system', content: systemPrompt }];
    this.#settings = {
      model,
      temperature,
      // OpenAI's newer models refuse the older name, and other servers may not know the newer one.
      [isOpenAI ? 'max_completion_tokens' : 'max_tokens']: maxTokens,
    };
  }

  /**
   * Asks a question, or each of several, and gives the answers.
   *
   * @throws if the server cannot be reached, refuses, or gives something else than an answer
   * @example const [first, second] = await hosted.run(['What is an epoch?', 'What is a batch?']);
   */
  async run(question: string, options?: AskOptions): Promise<string>;
  async run(questions: readonly string[], options?: AskOptions): Promise<string[]>;
  async run(asked: string | readonly string[], options: AskOptions = {}): Promise<string | string[]> {
    checkOptions('run', options, ['signal']);
    if (typeof asked === 'string') return this.#ask(asked, options.signal);
    const failed = new AbortController();
    const signal = AbortSignal.any([failed.signal, ...(options.signal ? [options.signal] : [])]);
    const answers: string[] = [];
    const questions = asked.entries();
    const work = async (): Promise<void> => {
      for (const [index, question] of questions) answers[index] = await this.#ask(question, signal);
    };
    try {
      await Promise.all(Array.from({ length: CONCURRENCY }, work));
    } catch (error) {
      failed.abort(error);
      throw error;
    }
    return answers;
  }

  /**
   * Asks a question and gives the answer piece by piece, as the server writes it.
   *
   * @throws as `run`; also when the answer breaks off, since what was given cannot be taken back
   * @example for await (const piece of hosted.stream('What is an epoch?')) process.stdout.write(piece);
   */
  async *stream(question: string, options: AskOptions = {}): AsyncGenerator<string, void> {
    checkOptions('stream', options, ['signal']);
    const body = { ...this.#bodyFor(question), stream: true };
    const pieces = await ask(this.#server, body, options.signal, answer => answer);
    let isWhole = false;
    for await (const data of serverEvents(pieces)) {
      if (data === '[DONE]') return;
      const { text, reason } = this.#read(data, 'delta');
      if (text) yield text;
      isWhole ||= reason !== undefined;
    }
    if (!isWhole) throw this.#complaint('ended before the answer did');
  }

  async #ask(question: string, signal: AbortSignal | undefined): Promise<string> {
    const answer = await ask(this.#server, this.#bodyFor(question), signal, textOf);
    const { text, reason } = this.#read(answer, 'message');
    if (reason === 'length' && !text) {
      throw this.#complaint(
        'spent all of maxTokens before it wrote an answer, as models that think first do; raise maxTokens',
      );
    }
    if (text === undefined) throw this.#complaint(`gave no text (finish_reason ${reason ?? 'unknown'})`);
    return text;
  }

  #bodyFor(question: string): object {
    if (typeof question !== 'string') {
      throw new TypeError(`A question is a text, not ${String(question)}.`);
    }
    return { ...this.#settings, messages: [...this.#messages, { role: 'user', content: question }] };
  }

  /** What an answer, or a piece of one, holds. */
  #read(json: string, part: 'message' | 'delta'): { text: string | undefined; reason: string | undefined } {
    let answer: ChatAnswer;
    try {
      answer = JSON.parse(json);
    } catch {
      throw this.#complaint(`gave what is not JSON (${excerpt(json)}); check baseUrl`);
    }
    if (answer?.error)
      throw this.#complaint(`failed (${excerpt(answer.error.message ?? JSON.stringify(answer.error))})`);
    if (!Array.isArray(answer?.choices)) {
      throw this.#complaint(`gave no chat completion (${excerpt(json)}); check baseUrl`);
    }
    const [choice] = answer.choices;
    const { content, refusal } = choice?.[part] ?? {};
    return { text: content ?? refusal ?? undefined, reason: choice?.finish_reason ?? undefined };
  }

  #complaint(what: string): Error {
    return new Error(`${new URL(this.#server.url).host} ${what}.`);
  }
}

/** The parts of an answer that are read; a server may leave any of them out. */
interface ChatAnswer {
  readonly error?: { readonly message?: string };
  readonly choices?: readonly {
    readonly message?: Message;
    readonly delta?: Message;
    readonly finish_reason?: string | null;
  }[];
}

interface Message {
  readonly content?: string | null;
  /** What the model says instead where it declines to answer. */
  readonly refusal?: string | null;
}

function addressOf(baseUrl: string): string {
  const url = URL.canParse(baseUrl) ? new URL(baseUrl) : undefined;
  if (url?.protocol !== 'https:' && url?.protocol !== 'http:') {
    throw new RangeError(
      `OpenAIRunner: baseUrl must be an address such as 'http://localhost:11434/v1', not "${baseUrl}".`,
    );
  }
  return `${baseUrl.replace(/\/+$/, '')}/chat/completions`;
}

function check(
  name: string,
  value: number | undefined,
  holds: (value: number) => boolean,
  wanted: string,
): void {
  if (value === undefined || (Number.isFinite(value) && holds(value))) return;
  throw new RangeError(`OpenAIRunner: ${name} must be ${wanted}, not ${String(value)}.`);
}
