/** The templates of the course, by name. */
import { chooseTemplate } from './choose.ts';
import { PromptTemplate } from './template.ts';

interface AlpacaRow {
  readonly instruction: string;
  readonly input?: string | null;
}

// The fixed wording that Alpaca's models were trained with: PROMPT_DICT in tatsu-lab/stanford_alpaca's train.py.
const ALPACA_WITH_INPUT =
  'Below is an instruction that describes a task, paired with an input that provides further context. Write a response that appropriately completes the request.\n\n### Instruction:\n{instruction}\n\n### Input:\n{input}\n\n### Response:';
const ALPACA_WITHOUT_INPUT =
  'Below is an instruction that describes a task. Write a response that appropriately completes the request.\n\n### Instruction:\n{instruction}\n\n### Response:';

const question = { stop: ['### Question:'] };
const instruction = { stop: ['### Instruction:'] };

const alpacaWithInput = new PromptTemplate(ALPACA_WITH_INPUT, instruction);
const alpacaWithoutInput = new PromptTemplate(ALPACA_WITHOUT_INPUT, instruction);

/**
 * The course's templates; `question` and the Alpaca ones end where the answer begins, and with no white space.
 *
 * @example templates.question.format({ question: 'What is padding?' }); // '### Question:\nWhat is padding?\n\n### Answer:'
 */
export const templates = {
  questionAnswer: new PromptTemplate('### Question:\n{question}\n\n### Answer:\n{answer}', question),
  question: new PromptTemplate('### Question:\n{question}\n\n### Answer:', question),
  alpacaWithInput,
  alpacaWithoutInput,
  /** Alpaca's template with input for rows that have one, and the other one where `input` is empty or absent. */
  alpaca: {
    ...chooseTemplate((row: AlpacaRow) => (row.input ? alpacaWithInput : alpacaWithoutInput)),
    stop: alpacaWithInput.stop,
  },
  /** The tags between which Llama 2 and Mistral models expect an instruction. */
  inst: new PromptTemplate('[INST]{instruction}[/INST]', { stop: ['[INST]'] }),
  /** One turn of a dialogue; `formatTurns` writes a whole one. A turn is a line, so that its end is that of the line. */
  turn: new PromptTemplate('{role}: {content}', { stop: ['\n'] }),
} as const;
