"""Reverse-mode automatic differentiation of plain numbers, small enough to read.

Page: recipe 4-4, autograd inside.
"""

from __future__ import annotations

import math
from itertools import count

__all__ = ["Value"]


class Value:
    """A number that remembers how it was computed, and can say its slopes.

    Each operation notes its inputs and, for each, its local slope: the derivative of
    the result with respect to that input alone. `backward` multiplies local slopes
    along each path and adds where paths meet, which is the chain rule.

    Args:
        data: The number.
        inputs: Pairs of an input and the local slope; none for a leaf.

    Attributes:
        data: The number.
        inputs: The pairs.
        grad: What `backward` has added up; 0 before.

    Values and slopes are those of PyTorch in float64 but for rounding, NaN and ±∞
    included, unless a power underflows; a division by y is a product with y⁻¹.

    Raises:
        ZeroDivisionError: For a division by 0, and for a power below 1 of 0, other
            than 0⁰ = 1.
        ValueError: For a fractional power of a negative number, and for the logarithm
            of a number that is not positive.
        OverflowError: For an exponential, a power or a slope of a power that no float
            holds.

    Source: the chain rule. Page: autograd inside.
    """

    numbers = count()

    def __init__(
        self, data: float, inputs: tuple[tuple[Value, float], ...] = ()
    ) -> None:
        self.data = data
        self.inputs = inputs
        self.number = next(Value.numbers)
        self.grad = 0.0

    def __add__(self, other: Value | float) -> Value:
        other = other if isinstance(other, Value) else Value(other)
        return Value(self.data + other.data, ((self, 1.0), (other, 1.0)))

    def __mul__(self, other: Value | float) -> Value:
        other = other if isinstance(other, Value) else Value(other)
        slopes = ((self, other.data), (other, self.data))
        return Value(self.data * other.data, slopes)

    def __pow__(self, power: float) -> Value:
        if self.data < 0 and power % 1:
            raise ValueError(f"{self.data} to the power of {power} is not real")
        slope = power * self.data ** (power - 1) if power else 0.0
        return Value(self.data**power, ((self, slope),))

    def exp(self) -> Value:
        """Return e to the power of this number."""
        result = math.exp(self.data)
        return Value(result, ((self, result),))

    def log(self) -> Value:
        """Return the natural logarithm; ValueError unless the number is positive."""
        return Value(math.log(self.data), ((self, 1 / self.data),))

    def tanh(self) -> Value:
        """Return the hyperbolic tangent."""
        result = math.tanh(self.data)
        return Value(result, ((self, 1 - result**2),))

    def relu(self) -> Value:
        """Return max(0, x), with the slope 0 at 0 and 1 at NaN, as PyTorch has it."""
        return Value(max(self.data, 0.0), ((self, float(not self.data <= 0)),))

    def __neg__(self) -> Value:
        return self * -1

    def __sub__(self, other: Value | float) -> Value:
        return self + -other

    def __rsub__(self, other: float) -> Value:
        return -self + other

    def __truediv__(self, other: Value | float) -> Value:
        return self * other**-1

    def __rtruediv__(self, other: float) -> Value:
        return self**-1 * other

    __radd__, __rmul__ = __add__, __mul__

    def backward(self) -> None:
        """Add the derivative of this number to the `grad` of every leaf behind it.

        A number is made after its inputs, so that going from the newest to the oldest
        each is reached when all gradients that it waits for have arrived.
        """
        nodes, found = {self}, [self]
        while found:
            fresh = {each for each, _ in found.pop().inputs} - nodes
            nodes |= fresh
            found += fresh
        gradient = dict.fromkeys(nodes, 0.0) | {self: 1.0}
        for node in sorted(nodes, key=lambda each: -each.number):
            for each, slope in node.inputs:
                gradient[each] += slope * gradient[node]
            if not node.inputs:
                node.grad += gradient[node]
