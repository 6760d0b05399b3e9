/** Jinja templates in the environment that transformers gives them in Python. */
import type { Template } from '@huggingface/jinja';
import { strftime } from './strftime.ts';

/** What a template says against the conversation it is given. */
class Refusal extends Error {}

/** The package's own globals, but with dates in English and with all usual directives. */
const GLOBALS: Readonly<Record<string, unknown>> = {
  true: true,
  false: false,
  none: null,
  True: true,
  False: false,
  None: null,
  range,
  raise_exception: (message: string) => {
    throw new Refusal(message);
  },
  strftime_now: (format: string) => strftime(new Date(), format),
};

const parsed = new Map<string, Template['parsed']>();

/** @throws if the template cannot be read or rendered, or with its own words if it refuses what it is given */
export async function renderJinja(text: string, values: Readonly<Record<string, unknown>>): Promise<string> {
  const { Environment, Interpreter, Template } = await import('@huggingface/jinja');
  let program = parsed.get(text);
  if (!program) {
    try {
      program = new Template(text).parsed;
    } catch (error) {
      throw new SyntaxError(`The chat template cannot be read: ${(error as Error).message}`);
    }
    parsed.set(text, program);
  }
  const environment = new Environment();
  for (const [name, value] of Object.entries({ ...GLOBALS, ...values })) environment.set(name, value);
  try {
    return (new Interpreter(environment).run(program) as { value: string }).value;
  } catch (error) {
    const what = error instanceof Refusal ? 'refuses the conversation' : 'cannot be rendered';
    throw new Error(`The chat template ${what}: ${(error as Error).message}`);
  }
}

/** Python's range. */
function range(first: number, end?: number, step = 1): number[] {
  const [from, to] = end === undefined ? [0, first] : [first, end];
  if (step === 0) throw new RangeError('range() takes no step of 0');
  return Array.from(
    { length: Math.max(0, Math.ceil((to - from) / step)) },
    (_, index) => from + index * step,
  );
}
