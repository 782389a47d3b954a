// The 2-3-1 XOR network in float64, every intermediate kept. The 13 parameters
// stand in one array, in the order of XORNet.parameters(): W1 row by row, b1, W2, b2.

import { sigmoid } from "./sigmoid.js";

export const X = [[0, 0], [0, 1], [1, 0], [1, 1]];
export const Y = [0, 1, 1, 0];
export const NAMES =
  "W₁[1,1] W₁[1,2] W₁[2,1] W₁[2,2] W₁[3,1] W₁[3,2] b₁[1] b₁[2] b₁[3] W₂[1] W₂[2] W₂[3] b₂".split(" ");
/** XOR counts as learnt below this mean squared error over the four rows. */
export const TARGET = 0.01;

/** The weights that the post prints. */
export const POST = [
  -0.3122, 0.5551, -0.2819, -0.0666, 0.6712, -0.2915, 0.2816, -0.4757, -0.4125,
  -0.5761, -0.2721, 0.4413, -0.1019,
];

/** What XORNet() starts from after torch.manual_seed(seed): float32 numbers of the
 * Mersenne Twister MT19937 (Matsumoto and Nishimura, 1998), uniform in ±1/√inputs. */
export function fromSeed(seed) {
  const state = new Uint32Array(624).fill(seed);
  for (let i = 1; i < 624; i++)
    state[i] = Math.imul(1812433253, state[i - 1] ^ (state[i - 1] >>> 30)) + i;
  let index = 624;
  const random = () => {
    if (index === 624) {
      for (let i = 0; i < 624; i++) {
        const y = (state[i] & 0x80000000) | (state[(i + 1) % 624] & 0x7fffffff);
        state[i] = state[(i + 397) % 624] ^ (y >>> 1) ^ (y & 1 ? 0x9908b0df : 0);
      }
      index = 0;
    }
    let y = state[index++];
    y ^= y >>> 11;
    y ^= (y << 7) & 0x9d2c5680;
    y ^= (y << 15) & 0xefc60000;
    return (y ^ (y >>> 18)) & 0xffffff;
  };
  const { fround } = Math;
  return NAMES.map((_, i) => {
    const bound = fround(1 / Math.sqrt(i < 9 ? 2 : 3));
    return fround((random() / 2 ** 24) * fround(2 * bound) - bound);
  });
}

/** One input forwards: z1 and a1 (3 each), z2, y_hat, and the row's loss of either kind. */
export function forward(p, x, y) {
  const [x1, x2] = x;
  const z1 = [
    p[0] * x1 + p[1] * x2 + p[6],
    p[2] * x1 + p[3] * x2 + p[7],
    p[4] * x1 + p[5] * x2 + p[8],
  ];
  const a1 = [sigmoid(z1[0]), sigmoid(z1[1]), sigmoid(z1[2])];
  const z2 = p[9] * a1[0] + p[10] * a1[1] + p[11] * a1[2] + p[12];
  const y_hat = sigmoid(z2);
  const bce = Math.max(z2, 0) - z2 * y + Math.log1p(Math.exp(-Math.abs(z2)));
  return { x, y, z1, a1, z2, y_hat, mse: (y_hat - y) ** 2, bce };
}

/** The loss's gradient by everything that a row computes, the row being one of `n`
 * whose mean is the loss; `p` is its share in the gradient of each parameter. */
export function backward(p, f, loss, n) {
  const y_hat = (2 * (f.y_hat - f.y)) / n;
  const z2 = loss === "mse" ? y_hat * f.y_hat * (1 - f.y_hat) : (f.y_hat - f.y) / n;
  const [x1, x2] = f.x;
  const [h1, h2, h3] = f.a1;
  const a1 = [p[9] * z2, p[10] * z2, p[11] * z2];
  const z1 = [a1[0] * h1 * (1 - h1), a1[1] * h2 * (1 - h2), a1[2] * h3 * (1 - h3)];
  const [g1, g2, g3] = z1;
  const share = [g1 * x1, g1 * x2, g2 * x1, g2 * x2, g3 * x1, g3 * x2, g1, g2, g3];
  share.push(z2 * h1, z2 * h2, z2 * h3, z2);
  return { y_hat, z2, a1, z1, p: share };
}

/** Everything that an update over some rows sees. */
export function pass(p, rows, loss) {
  const forwards = rows.map((row) => forward(p, X[row], Y[row]));
  const backwards = forwards.map((f) => backward(p, f, loss, rows.length));
  const gradient = new Array(13).fill(0);
  let total = 0;
  for (let i = 0; i < rows.length; i++) {
    total += forwards[i][loss];
    for (let k = 0; k < 13; k++) gradient[k] += backwards[i].p[k];
  }
  return { p, forwards, backwards, loss: total / rows.length, gradient };
}

/** The mean loss over all four rows, of either kind. */
export function lossesOf(p) {
  const rows = X.map((x, row) => forward(p, x, Y[row]));
  const mean = (kind) => rows.reduce((sum, each) => sum + each[kind], 0) / 4;
  return { mse: mean("mse"), bce: mean("bce") };
}

/** A start: parameters, and the optimizer's memory (its two moments and its count). */
export const start = (p) => ({ p: [...p], m: p.map(() => 0), v: p.map(() => 0), t: 0 });

/** The state after one update, as torch.optim.SGD (with momentum 0.9) and Adam make
 * it with their defaults. */
export function update({ p, m, v, t }, gradient, optimizer, lr) {
  t += 1;
  if (optimizer === "sgd") return { p: p.map((w, k) => w - lr * gradient[k]), m, v, t };
  if (optimizer === "momentum") {
    m = m.map((mean, k) => 0.9 * mean + gradient[k]);
    return { p: p.map((w, k) => w - lr * m[k]), m, v, t };
  }
  m = m.map((mean, k) => mean + (1 - 0.9) * (gradient[k] - mean));
  v = v.map((square, k) => 0.999 * square + (1 - 0.999) * gradient[k] ** 2);
  const rate = lr / (1 - 0.9 ** t);
  const root = Math.sqrt(1 - 0.999 ** t);
  p = p.map((w, k) => w - (rate * m[k]) / (Math.sqrt(v[k]) / root + 1e-8));
  return { p, m, v, t };
}

/** The rows of each update of an epoch: all together, one after another, or one. */
export const batches = (rows) =>
  rows === "all" ? [[0, 1, 2, 3]] : rows === "cyclic" ? [[0], [1], [2], [3]] : [[+rows]];

/** The state after one epoch. */
export const epoch = (state, { rows, loss, optimizer, lr }) =>
  batches(rows).reduce(
    (now, batch) => update(now, pass(now.p, batch, loss).gradient, optimizer, lr),
    state,
  );
