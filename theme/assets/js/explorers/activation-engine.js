// The activation functions of recipes 4-1 and 4-2 in float64, each with its
// derivative and with PyTorch's choice at the corners. No value is computed as a
// difference of nearly equal numbers, so tails keep their digits.

import { sigmoid } from "./sigmoid.js";

const sigmoidSlope = (x) => sigmoid(x) * sigmoid(-x);
const softplus = (x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
const tanhSlope = (x) => 4 * sigmoidSlope(2 * x);

const ROOT_PI = Math.sqrt(Math.PI);

/** erfc(x): below 2 by the series of DLMF 7.6.2, whose terms are all positive;
 * from 2 on by the continued fraction of DLMF 7.9.4, evaluated from its end. */
export function erfc(x) {
  if (x < 0) return 2 - erfc(-x);
  if (x < 2) return 1 - erf(x);
  let fraction = x;
  for (let k = 120; k > 0; k--) fraction = x + k / 2 / fraction;
  return Math.exp(-x * x) / fraction / ROOT_PI;
}

export function erf(x) {
  if (Math.abs(x) >= 2) return Math.sign(x) * (1 - erfc(Math.abs(x)));
  let term = (2 * x * Math.exp(-x * x)) / ROOT_PI;
  let sum = term;
  for (let n = 1; n < 50; n++) sum += term *= (2 * x * x) / (2 * n + 1);
  return sum;
}

const normal = (x) => erfc(-x / Math.SQRT2) / 2;
const density = (x) => Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI);

const GELU = Math.sqrt(2 / Math.PI);
const inner = (x) => GELU * (x + 0.044715 * x ** 3);
const SCALE = 1.0507009873554805;
const ALPHA = 1.6732632423543772;

const elu = (x, a) => (x > 0 ? x : a * Math.expm1(x));
const eluSlope = (x, a) => (x > 0 ? 1 : a * Math.exp(x));

/** A function of x and its parameter: what it is called, its value and slope, and its
 * parameter's name, default, smallest and largest number. */
const known = (name, value, slope, ...parameter) => ({ name, value, slope, parameter });

export const functions = {
  linear: known("linear", (x, w) => w * x, (x, w) => w, "w", 1, -3, 3),
  sigmoid: known("sigmoid", sigmoid, sigmoidSlope),
  tanh: known("tanh", Math.tanh, tanhSlope),
  logsigmoid: known("log-sigmoid", (x) => -softplus(-x), (x) => sigmoid(-x)),
  // NaN stays NaN, as in PyTorch.
  relu: known("ReLU", (x) => (x <= 0 ? 0 : x), (x) => +(x > 0)),
  leaky_relu: known(
    "leaky ReLU",
    (x, a) => (x > 0 ? x : a * x),
    (x, a) => (x > 0 ? 1 : a),
    "α", 0.01, 0, 1,
  ),
  // Above its threshold of 20, PyTorch takes the line itself.
  softplus: known(
    "softplus",
    (x, b) => (b * x > 20 ? x : softplus(b * x) / b),
    (x, b) => (b * x > 20 ? 1 : sigmoid(b * x)),
    "β", 1, 0.1, 10,
  ),
  gelu: known("GELU", (x) => x * normal(x), (x) => normal(x) + x * density(x)),
  // (1 + tanh u) / 2 = σ(2u)
  gelu_tanh: known(
    "GELU (tanh)",
    (x) => x * sigmoid(2 * inner(x)),
    (x) =>
      sigmoid(2 * inner(x)) +
      x * 2 * sigmoidSlope(2 * inner(x)) * GELU * (1 + 3 * 0.044715 * x * x),
  ),
  silu: known(
    "SiLU",
    (x) => x * sigmoid(x),
    (x) => sigmoid(x) * (1 + x * sigmoid(-x)),
  ),
  elu: known("ELU", elu, eluSlope, "α", 1, 0, 3),
  selu: known("SELU", (x) => SCALE * elu(x, ALPHA), (x) => SCALE * eluSlope(x, ALPHA)),
  hardswish: known(
    "Hardswish",
    (x) => (x <= -3 ? 0 : x < 3 ? (x * (x + 3)) / 6 : x),
    (x) => (x <= -3 ? 0 : x < 3 ? x / 3 + 0.5 : 1),
  ),
  mish: known(
    "Mish",
    (x) => x * Math.tanh(softplus(x)),
    (x) => Math.tanh(softplus(x)) + x * tanhSlope(softplus(x)) * sigmoid(x),
  ),
};
