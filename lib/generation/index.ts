/** Continuing texts: decoding loops, sampling, beams, streams. */
import './method.ts';

export { type GenerationOutput, generate, generateWithScores, stream } from './generate.ts';
export { type InferenceOptions, inference } from './inference.ts';
export type { GenerationOptions } from './options.ts';
export type { GenerationInput } from './prompt.ts';
