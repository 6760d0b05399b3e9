/** Normalizing the features of each token. */
import { node, type Tensor } from '../tensor.ts';
import { add, div, mul, sqrt, square, sub } from './arithmetic.ts';
import { mean, sumTo } from './reduce.ts';

const last = { axes: [-1], keepDims: true } as const;

/**
 * Layer normalization: mean 0 and variance 1 along the last axis, then a learned scale and shift.
 *
 * @param x [..., size]
 * @param weight [size]
 * @param bias [size]
 * @see Ba, Kiros and Hinton, 2016, https://arxiv.org/abs/1607.06450
 */
export function layerNorm(x: Tensor, weight: Tensor, bias: Tensor, epsilon: number): Tensor {
  const centred = sub(x, mean(x, last));
  const deviation = sqrt(add(mean(square(centred), last), epsilon));
  const normal = div(centred, deviation);
  return node('layerNorm', [x, weight, bias], {
    body: add(mul(normal, weight), bias),
    // What moves all features alike or along the normal vector itself is normalized away again.
    gradient: g => {
      const dNormal = mul(g, weight);
      const along = mul(normal, mean(mul(dNormal, normal), last));
      const dx = div(sub(sub(dNormal, mean(dNormal, last)), along), deviation);
      return [dx, sumTo(mul(g, normal), weight.shape), sumTo(g, bias.shape)];
    },
    lower: (onnx, inputs) =>
      onnx.emit('LayerNormalization', inputs, { axis: -1, epsilon: { float: epsilon } }),
  });
}

/**
 * RMS normalization: a root mean square of 1 along the last axis, then a learned scale.
 *
 * @param x [..., size]
 * @param weight [size]
 * @see Zhang and Sennrich, 2019, https://arxiv.org/abs/1910.07467
 */
export function rmsNorm(x: Tensor, weight: Tensor, epsilon: number): Tensor {
  const rms = sqrt(add(mean(square(x), last), epsilon));
  const normal = div(x, rms);
  return node('rmsNorm', [x, weight], {
    body: mul(normal, weight),
    gradient: g => {
      const dNormal = mul(g, weight);
      const along = mul(normal, mean(mul(dNormal, normal), last));
      return [div(sub(dNormal, along), rms), sumTo(mul(g, normal), weight.shape)];
    },
  });
}
