/** `model.generate(…)`, as in Python: models are a room below this one and do not know it. */
import { CausalLM } from '../models/index.ts';
import { generate } from './generate.ts';
import type { GenerationOptions } from './options.ts';
import type { GenerationInput } from './prompt.ts';

declare module '../models/causalLM.ts' {
  interface CausalLM {
    /**
     * Continues one prompt or several; see `generate`.
     *
     * @example const [ids] = await model.generate(await tokenizer('Once upon a time'), { maxNewTokens: 50 });
     */
    generate(input: GenerationInput, options?: GenerationOptions): Promise<number[][]>;
  }
}

CausalLM.prototype.generate = function (this: CausalLM, input, options) {
  return generate(this, input, options);
};
