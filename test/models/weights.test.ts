/** The embedded base model, and whether its card is true. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { inference } from '../../lib/generation/index.ts';
import { AutoModelForCausalLM, listSafetensors } from '../../lib/models/index.ts';
import { AutoTokenizer } from '../../lib/tokenizers/index.ts';

const folder = fileURLToPath(new URL('../../models/tunelab-base/', import.meta.url));
const card = readFileSync(join(folder, 'README.md'), 'utf8');
const figures = JSON.parse(readFileSync(join(folder, 'training.json'), 'utf8')) as {
  parameters: number;
  steps: number;
  tokens: number;
  heldOutLoss: Record<string, number>;
  perplexity: Record<string, number>;
};

const sets = fileURLToPath(new URL('../../datasets/', import.meta.url));
const datasets = readdirSync(sets).filter(name => name.endsWith('.jsonl'));
const wordsOf = (text: string): string[] => text.toLowerCase().match(/\p{L}+/gu) ?? [];

describe('the base model', () => {
  it('is float16 and below 16 MB', async () => {
    const path = join(folder, 'model.safetensors');
    const tensors = await listSafetensors(path);
    expect(new Set([...tensors.values()].map(({ dtype }) => dtype))).toEqual(new Set(['F16']));
    expect(statSync(path).size).toBeLessThan(16e6);
  });

  it('writes English words', async () => {
    const model = await AutoModelForCausalLM.fromPretrained(folder);
    const tokenizer = await AutoTokenizer.fromPretrained(folder);
    expect(model.numParameters()).toBe(figures.parameters);
    const known = new Set(wordsOf(datasets.map(name => readFileSync(join(sets, name), 'utf8')).join(' ')));
    const words: string[] = [];
    for (const beginning of ['Once upon a time there was', 'The function returns', 'My fellow citizens,']) {
      words.push(...wordsOf(await inference(beginning, model, tokenizer, { maxOutputTokens: 60 })));
    }
    expect(words.length).toBeGreaterThan(80);
    expect(words.filter(word => known.has(word)).length / words.length).toBeGreaterThan(0.8);
  });

  it('is better than counting pairs of tokens', () => {
    expect(figures.heldOutLoss['tunelab-base']).toBeLessThan(figures.heldOutLoss.bigram! - 0.5);
  });
});

describe('its card', () => {
  it.each(Object.keys(figures.perplexity))('has the perplexity of %s', name => {
    expect(card).toContain(
      `| ${name} | ${figures.heldOutLoss[name]!.toFixed(2)} | ${figures.perplexity[name]!.toFixed(1)} |`,
    );
  });

  it('says how long it was trained', () => {
    expect(card).toContain(`${figures.steps.toLocaleString('en')} steps`);
    expect(card).toContain(`${(figures.tokens / 1e6).toFixed(1)} million tokens`);
  });
});
