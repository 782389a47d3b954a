// The activation functions of recipes 4-1 and 4-2 in float64, each with its
// derivative and with PyTorch's choice at the corners. No value is computed as a
// difference of nearly equal numbers, so tails keep their digits.

const sigmoid = (x) => (x < 0 ? Math.exp(x) / (1 + Math.exp(x)) : 1 / (1 + Math.exp(-x)));
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

/** What each function is called, its parameter [name, default, smallest, largest],
 * f(x, parameter) and f′(x, parameter). */
export const functions = {
  linear: {
    name: "linear",
    parameter: ["w", 1, -3, 3],
    value: (x, w) => w * x,
    slope: (x, w) => w,
  },
  sigmoid: { name: "sigmoid", value: sigmoid, slope: sigmoidSlope },
  tanh: { name: "tanh", value: Math.tanh, slope: tanhSlope },
  logsigmoid: { name: "log-sigmoid", value: (x) => -softplus(-x), slope: (x) => sigmoid(-x) },
  // NaN stays NaN, as in PyTorch.
  relu: { name: "ReLU", value: (x) => (x <= 0 ? 0 : x), slope: (x) => +(x > 0) },
  leaky_relu: {
    name: "leaky ReLU",
    parameter: ["α", 0.01, 0, 1],
    value: (x, a) => (x > 0 ? x : a * x),
    slope: (x, a) => (x > 0 ? 1 : a),
  },
  softplus: {
    name: "softplus",
    parameter: ["β", 1, 0.1, 10],
    // Above its threshold of 20, PyTorch takes the line itself.
    value: (x, b) => (b * x > 20 ? x : softplus(b * x) / b),
    slope: (x, b) => (b * x > 20 ? 1 : sigmoid(b * x)),
  },
  gelu: {
    name: "GELU",
    value: (x) => x * normal(x),
    slope: (x) => normal(x) + x * density(x),
  },
  gelu_tanh: {
    name: "GELU (tanh)", // (1 + tanh u) / 2 = σ(2u)
    value: (x) => x * sigmoid(2 * inner(x)),
    slope: (x) =>
      sigmoid(2 * inner(x)) +
      x * 2 * sigmoidSlope(2 * inner(x)) * GELU * (1 + 3 * 0.044715 * x * x),
  },
  silu: {
    name: "SiLU",
    value: (x) => x * sigmoid(x),
    slope: (x) => sigmoid(x) * (1 + x * sigmoid(-x)),
  },
  elu: { name: "ELU", parameter: ["α", 1, 0, 3], value: elu, slope: eluSlope },
  selu: {
    name: "SELU",
    value: (x) => SCALE * elu(x, ALPHA),
    slope: (x) => SCALE * eluSlope(x, ALPHA),
  },
  hardswish: {
    name: "Hardswish",
    value: (x) => (x <= -3 ? 0 : x < 3 ? (x * (x + 3)) / 6 : x),
    slope: (x) => (x <= -3 ? 0 : x < 3 ? x / 3 + 0.5 : 1),
  },
  mish: {
    name: "Mish",
    value: (x) => x * Math.tanh(softplus(x)),
    slope: (x) => Math.tanh(softplus(x)) + x * tanhSlope(softplus(x)) * sigmoid(x),
  },
};
