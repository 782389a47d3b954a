/** σ(z); it keeps its digits in both tails. */
export const sigmoid = (z) => 1 / (1 + Math.exp(-z));
