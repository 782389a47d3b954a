"""Which point tilts the line: leverage, studentised residuals, Cook's distance.

Each says something about a single point of a least squares line, and each can be had
without fitting the line again. Page: the point that was not moved.
"""

from torch import Tensor

from torch_recipes.basic_network import build_network, least_squares

__all__ = [
    "cooks_distances",
    "deleted_studentised_residuals",
    "leverages",
    "studentised_residuals",
]


def leverages(x: Tensor) -> Tensor:
    """Return hᵢ = 1/n + (xᵢ − x̄)² / Σⱼ (xⱼ − x̄)², how far each yᵢ pulls its own ŷᵢ.

    hᵢ is ∂ŷᵢ/∂yᵢ for the least squares line. It depends on x alone, lies between 1/n
    and 1, and the leverages of all points add up to 2, the number of weights.

    Source: Hoaglin and Welsch, The American Statistician 32 (1978).
    Page: the point that was not moved.

    Args:
        x: Inputs of shape (n,).

    Returns:
        The leverages, of shape (n,); meaningless if all of ``x`` are equal.
    """
    dx = x - x.mean()
    return 1 / len(x) + dx**2 / dx.dot(dx)


def studentised_residuals(x: Tensor, y: Tensor) -> Tensor:
    """Return rᵢ = eᵢ / (s √(1 − hᵢ)), with s² = Σᵢ eᵢ² / (n − 2).

    The residual eᵢ = yᵢ − ŷᵢ in units of its own standard deviation, which is smaller
    where the leverage is larger. "Internally" studentised: the point itself takes part
    in s, so that rᵢ² cannot exceed n − 2.

    Source: Cook and Weisberg, Residuals and Influence in Regression (1982).
    Page: the point that was not moved.

    Args:
        x: Inputs of shape (n,), at least 3 of them.
        y: Targets of shape (n,).

    Returns:
        The residuals, of shape (n,); meaningless where the leverage is 1 or
        the line fits all points exactly.

    Raises:
        ValueError: If all of ``x`` are equal.
        RuntimeError: If ``x`` or ``y`` is not one-dimensional or holds integers, if
            their lengths differ, or if there are no points.
    """
    e = y - build_network(x, *least_squares(x, y))
    s = (e.dot(e) / (len(x) - 2)).sqrt()
    return e / (s * (1 - leverages(x)).sqrt())


def deleted_studentised_residuals(x: Tensor, y: Tensor) -> Tensor:
    """Return tᵢ = rᵢ √((n − 3) / (n − 2 − rᵢ²)).

    "Externally" studentised: rᵢ with the s of the line of all the other points. Where
    the errors are independent and normal with one variance, tᵢ follows Student's
    distribution with n − 3 degrees of freedom.

    Source: Cook and Weisberg, Residuals and Influence in Regression (1982).
    Page: the point that was not moved.

    Args:
        x: Inputs of shape (n,), at least 4 of them.
        y: Targets of shape (n,).

    Returns:
        The residuals, of shape (n,); meaningless where the leverage is 1 or
        a line fits all the other points exactly.

    Raises:
        ValueError: If all of ``x`` are equal.
        RuntimeError: If ``x`` or ``y`` is not one-dimensional or holds integers, if
            their lengths differ, or if there are no points.
    """
    r = studentised_residuals(x, y)
    return r * ((len(x) - 3) / (len(x) - 2 - r**2)).sqrt()


def cooks_distances(x: Tensor, y: Tensor) -> Tensor:
    """Return Dᵢ = rᵢ² hᵢ / (2 (1 − hᵢ)), how far all predictions move without point i.

    That is Σⱼ (ŷⱼ − ŷⱼ₍ᵢ₎)² / (2 s²), where ŷⱼ₍ᵢ₎ comes from the line of the others.

    Source: Cook, Technometrics 19 (1977).
    Page: the point that was not moved.

    Args:
        x: Inputs of shape (n,), at least 3 of them.
        y: Targets of shape (n,).

    Returns:
        The distances, of shape (n,); meaningless where the leverage is 1 or
        the line fits all points exactly.

    Raises:
        ValueError: If all of ``x`` are equal.
        RuntimeError: If ``x`` or ``y`` is not one-dimensional or holds integers, or
            if their lengths differ.
        ZeroDivisionError: If there are no points.
    """
    h = leverages(x)
    return studentised_residuals(x, y) ** 2 * h / (2 * (1 - h))
