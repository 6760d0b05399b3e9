/** Fine-tuning in three lines: a model, its data, and the answers before and after. */
import { Dataset, loadDataset } from '../datasets/index.ts';
import type { InferenceOptions } from '../generation/index.ts';
import { checkOptions } from '../host.ts';
import { AutoModelForCausalLM, type CausalLM, type RunOptions } from '../models/index.ts';
import { type PromptTemplate, templates } from '../prompts/index.ts';
import { AutoTokenizer, type PreTrainedTokenizer } from '../tokenizers/index.ts';
import { Trainer, TrainingArguments, type TrainOutput } from '../training/index.ts';
import { answer } from './answers.ts';
import { type AnswerRow, AnswerTable } from './answerTable.ts';
import { type Pair, readPairs } from './pairs.ts';
import { type PairTemplate, pairTemplate } from './pairTemplate.ts';
import { trainingRows } from './trainingRows.ts';

export interface RunnerOptions extends Pick<RunOptions, 'device' | 'threads'> {
  /** How questions and answers are written: two slots, the answer's at the end. `templates.questionAnswer` if not given. */
  readonly template?: PromptTemplate<string, string>;
}

export interface LoadDataOptions {
  /** The column that is asked; `input` if not given. */
  readonly inputKey?: string;
  /** The column that is to be answered; `output` if not given. */
  readonly outputKey?: string;
  /** A share or a number of rows that are kept from training, for `evaluate`; 0 for none. 0.1 if not given. */
  readonly testSize?: number;
}

/** Any training argument; with `completionOnlyLoss` the loss is of the answers alone and not, as in the course, of the whole text. */
export type RunnerTrainOptions = Partial<TrainingArguments>;

export interface EvaluateOptions extends InferenceOptions {
  /** What to ask; if not given, the first rows that were kept from training, with their true answers. */
  readonly questions?: readonly string[];
  /** How many of those rows. 5 if not given. */
  readonly rows?: number;
  /** More columns by their titles: anything that answers a list of questions, such as an `OpenAIRunner`. */
  readonly compare?: Readonly<
    Record<string, { run(questions: readonly string[]): Promise<readonly string[]> }>
  >;
}

/** As the course splits its rows, so that they are the same ones. */
const SPLIT = { shuffle: true, seed: 123 };

/** For models of some millions of parameters; larger ones want a smaller learning rate. */
const DEFAULTS: Partial<TrainingArguments> = {
  numTrainEpochs: 3,
  perDeviceTrainBatchSize: 4,
  learningRate: 5e-4,
  warmupRatio: 0.05,
  loggingSteps: 10,
  saveStrategy: 'no',
};

/**
 * A language model that is tuned on questions and answers and then compared with what it was before.
 *
 * Questions are put into the same template for training and for asking; an answer ends at the template's stop string.
 *
 * @example
 * const runner = new BasicModelRunner('tunelab-base');
 * await runner.loadDataFromJsonl('tunelab_docs', { inputKey: 'question', outputKey: 'answer' });
 * await runner.train({ numTrainEpochs: 2 });
 * await runner.evaluate();
 */
export class BasicModelRunner {
  /** The folder or the hub id of the model that is tuned. */
  readonly modelName: string;
  readonly #template: PairTemplate;
  readonly #runOptions: RunOptions;
  #train: readonly Pair[] = [];
  #test: readonly Pair[] = [];
  #opened: { readonly base: CausalLM; readonly tokenizer: PreTrainedTokenizer } | undefined;
  #tuned: CausalLM | undefined;

  /**
   * The model is loaded when it is first needed.
   *
   * @param modelName what `AutoModelForCausalLM.fromPretrained` loads
   * @throws if the template has not two slots, or does not end with the second
   */
  constructor(modelName: string, options: RunnerOptions = {}) {
    checkOptions('BasicModelRunner', options, ['template', 'device', 'threads']);
    const { template = templates.questionAnswer, ...runOptions } = options;
    this.modelName = modelName;
    this.#template = pairTemplate(template);
    this.#runOptions = runOptions;
  }

  /**
   * Takes rows to train on, in the place of those before.
   *
   * @throws naming a row that has not both texts
   * @example
   * const rows = [{ input: 'What is an epoch?', output: 'One pass over the data.' }];
   * runner.loadData(rows, { testSize: 0 });
   */
  loadData(rows: Iterable<object>, options: LoadDataOptions = {}): void {
    checkOptions('loadData', options, ['inputKey', 'outputKey', 'testSize']);
    const { inputKey = 'input', outputKey = 'output', testSize = 0.1 } = options;
    const pairs = readPairs(rows, inputKey, outputKey);
    if (testSize === 0) {
      [this.#train, this.#test] = [pairs, []];
      return;
    }
    const { train, test } = Dataset.fromRows(pairs).trainTestSplit({ testSize, ...SPLIT });
    [this.#train, this.#test] = [train.toRows(), test.toRows()];
  }

  /**
   * Loads rows to train on, in the place of those before.
   *
   * @param path a file, one of the course's sets by its name, or anything else that `loadDataset` finds
   * @throws as `loadDataset`, and naming a row that has not both texts
   * @example await runner.loadDataFromJsonl('tunelab_docs.jsonl', { inputKey: 'question', outputKey: 'answer' });
   */
  async loadDataFromJsonl(path: string, options: LoadDataOptions = {}): Promise<void> {
    this.loadData(await openRows(path), options);
  }

  /**
   * Tunes the model on the rows; a second call goes on from there.
   *
   * Three epochs, four rows a step, a learning rate of 5e-4 and no checkpoints, where nothing else is said. With
   * `evalStrategy` the loss of the rows kept from training is logged too.
   *
   * @throws if no rows are loaded, and as `Trainer`; then the next training begins at the base model again
   * @example await runner.train({ numTrainEpochs: 2, learningRate: 1e-5, optim: 'adafactor' });
   */
  async train(settings: RunnerTrainOptions = {}): Promise<TrainOutput> {
    if (this.#train.length === 0) {
      throw new Error(
        "There are no rows to train on; load some first: await runner.loadDataFromJsonl('tunelab_docs', { inputKey: 'question', outputKey: 'answer' }).",
      );
    }
    const args = new TrainingArguments({ ...DEFAULTS, ...settings });
    const { tokenizer } = await this.#open();
    const model = this.#tuned ?? (await this.#loadModel());
    const tokenized = (pairs: readonly Pair[]) =>
      trainingRows(pairs, this.#template, tokenizer, model.architecture.maxPositions);
    const trainDataset = await tokenized(this.#train);
    const evalDataset = this.#test.length > 0 ? await tokenized(this.#test) : undefined;
    const trainer = new Trainer({
      model,
      args,
      trainDataset,
      tokenizer,
      ...(evalDataset && { evalDataset }),
    });
    this.#tuned = model;
    try {
      return await trainer.train();
    } catch (error) {
      // Its weights may be no numbers any more.
      this.#tuned = undefined;
      throw error;
    }
  }

  /**
   * Asks the tuned model and the base model the same questions.
   *
   * @returns a table that shows itself in a notebook and in a terminal; before training it has the base model alone
   * @throws if there is nothing to ask
   * @example await runner.evaluate({ questions: ['What do you think of Mars?'], maxOutputTokens: 60 });
   * @example await runner.evaluate({ rows: 3, compare: { hosted: new OpenAIRunner({ model: 'gpt-4o-mini' }) } });
   */
  async evaluate({
    questions,
    rows = 5,
    compare = {},
    ...options
  }: EvaluateOptions = {}): Promise<AnswerTable> {
    if (!Number.isSafeInteger(rows) || rows < 1) {
      throw new RangeError(`evaluate: rows must be a whole number from 1 on, not ${String(rows)}.`);
    }
    const pairs = (this.#test.length > 0 ? this.#test : this.#train).slice(0, rows);
    const asked = questions ?? pairs.map(({ input }) => input);
    if (asked.length === 0) {
      throw new Error("There is nothing to ask; load rows first, or say evaluate({ questions: ['…'] }).");
    }
    const { base } = await this.#open();
    const columns: Record<string, readonly string[]> = { question: asked };
    if (this.#tuned) columns['tuned answer'] = await this.#answer(asked, this.#tuned, options, 'tuned model');
    columns['base answer'] = await this.#answer(asked, base, options, 'base model');
    for (const [title, runner] of Object.entries(compare)) columns[title] = await runner.run(asked);
    if (questions === undefined) columns['true answer'] = pairs.map(({ output }) => output);
    const titles = Object.keys(columns);
    return new AnswerTable(
      asked.map(
        (_, row) => Object.fromEntries(titles.map(title => [title, columns[title]![row]])) as AnswerRow,
      ),
    );
  }

  /**
   * Answers a question, or each of several: with the tuned model if there is one, else with the base model.
   *
   * @throws as `inference`
   * @example await runner.run('What is an epoch?');
   * @example await runner.run(['What is an epoch?', 'What is a batch?'], { maxOutputTokens: 40 });
   */
  async run(question: string, options?: InferenceOptions): Promise<string>;
  async run(questions: readonly string[], options?: InferenceOptions): Promise<string[]>;
  async run(asked: string | readonly string[], options: InferenceOptions = {}): Promise<string | string[]> {
    const { base } = await this.#open();
    const answers = await this.#answer([asked].flat(), this.#tuned ?? base, options, 'answers');
    return typeof asked === 'string' ? answers[0]! : answers;
  }

  /**
   * Writes the tuned model (before training the base model) and its tokenizer into a folder that a runner can open.
   *
   * @example await runner.saveModel('my-model');
   */
  async saveModel(folder: string): Promise<void> {
    const { base, tokenizer } = await this.#open();
    await (this.#tuned ?? base).savePretrained(folder);
    await tokenizer.savePretrained(folder);
  }

  async #answer(
    questions: readonly string[],
    model: CausalLM,
    options: InferenceOptions,
    description: string,
  ): Promise<string[]> {
    const { tokenizer } = await this.#open();
    return answer(questions, model, tokenizer, this.#template, options, description);
  }

  async #open(): Promise<{ readonly base: CausalLM; readonly tokenizer: PreTrainedTokenizer }> {
    if (this.#opened === undefined) {
      const tokenizer = await AutoTokenizer.fromPretrained(this.modelName);
      tokenizer.padToken ??= tokenizer.eosToken;
      this.#opened = { base: await this.#loadModel(), tokenizer };
    }
    return this.#opened;
  }

  #loadModel(): Promise<CausalLM> {
    return AutoModelForCausalLM.fromPretrained(this.modelName, this.#runOptions);
  }
}

/** The rows of a file or of a set; the course's own sets also by the names of their files. */
async function openRows(path: string): Promise<Iterable<object>> {
  try {
    return await loadDataset(path, { split: 'train' });
  } catch (error) {
    const name = /^(\w+)\.jsonl$/.exec(path)?.[1];
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || name === undefined) throw error;
    return loadDataset(name, { split: 'train' }).catch(() => {
      throw error;
    });
  }
}
