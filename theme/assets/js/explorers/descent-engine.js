// Gradient descent on recipe 4-3's line, ŷ = wx + b, with the sum of squares as loss.

export const points = {
  x: [
    13.3, 14.4, 15.5, 16.71, 16.93, 14.168, 19.779, 16.182, 17.59, 12.167, 17.042, 10.791,
    15.313, 17.997, 15.654, 19.27, 13.1,
  ],
  y: [
    11.7, 12.76, 12.09, 13.19, 11.694, 11.573, 13.366, 12.596, 12.53, 11.221, 12.827,
    13.465, 11.65, 12.904, 12.42, 12.94, 11.3,
  ],
};

const sum = (numbers) => numbers.reduce((total, each) => total + each, 0);
const mean = (numbers) => sum(numbers) / numbers.length;

/** The same points with the mean of x at zero. */
export const centred = ({ x, y }) => ({ x: x.map((each) => each - mean(x)), y });

export const loss = ({ x, y }, [w, b]) => sum(x.map((xi, i) => (w * xi + b - y[i]) ** 2));

export function gradient({ x, y }, [w, b]) {
  const error = x.map((xi, i) => w * xi + b - y[i]);
  return [2 * sum(error.map((e, i) => e * x[i])), 2 * sum(error)];
}

export const step = (data, at, lr) => {
  const g = gradient(data, at);
  return [at[0] - lr * g[0], at[1] - lr * g[1]];
};

/** The bowl: its bottom, its two eigenvalues, the smaller first, with eigenvectors as
 * rows, and the learning rate above which the descent diverges. */
export function bowl({ x, y }) {
  const dx = x.map((each) => each - mean(x));
  const w = sum(dx.map((d, i) => d * (y[i] - mean(y)))) / sum(dx.map((d) => d * d));
  const [p, q, r] = [2 * sum(x.map((each) => each * each)), 2 * sum(x), 2 * x.length];
  const largest = (p + r) / 2 + Math.hypot((p - r) / 2, q);
  // Their product is the determinant; the difference of two large numbers cancels.
  const smallest = (4 * x.length * sum(dx.map((d) => d * d))) / largest;
  const angle = Math.atan2(2 * q, p - r) / 2;
  const [c, s] = [Math.cos(angle), Math.sin(angle)];
  return {
    bottom: [w, mean(y) - w * mean(x)],
    eigenvalues: [smallest, largest],
    eigenvectors: [[-s, c], [c, s]],
    bound: 2 / largest,
  };
}
