/** Rotary embeddings, which turn queries and keys by angles that grow with the position: https://arxiv.org/abs/2104.09864 */
import { cast, constant, cos, type Dim, mul, reshape, sin, type Tensor } from '../graph/index.ts';
import { type ModelConfig, numberIn, oneOf, sizeIn } from './config.ts';

/** The ways to slow the angles down for texts longer than those of pretraining that do not depend on a text's length. */
const TYPES = ['default', 'linear', 'llama3'] as const;

/**
 * By how many radians each position turns each pair of features, from `rope_parameters` of transformers 5, or from what
 * older files call them.
 *
 * @param size how many features a head has, of which `partial_rotary_factor` are turned
 * @throws naming the setting that is missing or makes no sense, or the type that is not written here
 */
export function rotaryFrequencies(config: ModelConfig, size: number): number[] {
  const settings = rotarySettings(config);
  const type = oneOf(settings, 'rope_type', TYPES, 'default');
  const positive = (name: string, otherwise?: number): number => {
    const value = numberIn(settings, name, otherwise);
    if (value > 0) return value;
    throw new RangeError(`config.json: ${name} must be above 0, not ${value}.`);
  };
  const theta = positive('rope_theta', numberIn(settings, 'rotary_emb_base', 10000));
  const share = positive('partial_rotary_factor', numberIn(settings, 'rotary_pct', 1));
  const features = Math.floor(size * share);
  if (share > 1 || features % 2 !== 0) {
    throw new RangeError(
      `config.json: ${share} of the ${size} features of a head cannot be turned in pairs.`,
    );
  }
  const frequencies = Array.from({ length: features / 2 }, (_, i) => theta ** ((-2 * i) / features));
  if (type === 'default') return frequencies;
  const factor = positive('factor');
  if (type === 'linear') return frequencies.map(frequency => frequency / factor);
  // Llama 3.1: angles that turn round within the old length stay, slow ones are scaled, and between is between.
  const length = positive(
    'original_max_position_embeddings',
    sizeIn(config, 'max_position_embeddings', 2048),
  );
  const [low, high] = [positive('low_freq_factor'), positive('high_freq_factor')];
  return frequencies.map(frequency => {
    const turns = (length * frequency) / (2 * Math.PI);
    const kept = Math.min(Math.max((turns - low) / (high - low), 0), 1);
    return frequency * (kept + (1 - kept) / factor);
  });
}

/**
 * The most tokens that a text may have. Where all angles are slowed down by a factor, `max_position_embeddings` says it of
 * the time before.
 */
export function longestText(config: ModelConfig): number {
  const settings = rotarySettings(config);
  const longest = sizeIn(config, 'max_position_embeddings', 2048);
  return settings.rope_type === 'linear' ? Math.floor(longest * numberIn(settings, 'factor')) : longest;
}

function rotarySettings(config: ModelConfig): ModelConfig {
  const given = Object(config.rope_scaling ?? config.rope_parameters ?? {}) as ModelConfig;
  return { ...config, ...given, rope_type: given.rope_type ?? given.type };
}

/** [batch, 1, seq, frequencies] cosines and sines of the angles at each position. */
export function rotation(
  positionIds: Tensor,
  frequencies: readonly number[],
): { readonly cosines: Tensor; readonly sines: Tensor } {
  const [batch, seq] = positionIds.shape as [Dim, Dim];
  const positions = cast(reshape(positionIds, [batch, 1, seq, 1]), 'float32');
  const angles = mul(positions, constant(frequencies, [frequencies.length]));
  return { cosines: cos(angles), sines: sin(angles) };
}
