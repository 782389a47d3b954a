"""Train many small networks at once: the networks are one more batch dimension.

A network of a dozen parameters keeps a processor busy for a microsecond, and PyTorch
needs longer than that to be asked. So the weights of N networks of one shape are
stacked, `baddbmm` multiplies all of them in one call, and one backward pass gives all
gradients: the networks share no parameter, hence the gradient of the sum of their
losses with respect to a network's parameters is the gradient of its own loss. Each
network keeps its own learning rate, optimizer and loss. A network that has reached the
goal stops there and leaves the batch, which gets cheaper as it goes.

Pages: XOR from many starts, and which activation is best.
"""

import sys
from collections.abc import Callable, Iterable, Sequence
from copy import deepcopy
from dataclasses import dataclass
from functools import cached_property
from math import inf, isnan
from typing import Literal

import torch
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812 - torch's own name for it

__all__ = [
    "Networks",
    "Run",
    "Training",
    "cross_entropy_of_logit",
    "squared_error_of_sigmoid",
    "train_networks",
]

OptimizerName = Literal["sgd", "momentum", "adam"]
# Maps outputs and targets, elementwise, to losses of the same shape.
Loss = Callable[[Tensor, Tensor], Tensor]

# What torch.optim.SGD(momentum=0.9) and torch.optim.Adam do by default.
MOMENTUM = 0.9
BETA1, BETA2, EPSILON = 0.9, 0.999, 1e-8

_KEEP = {"sgd": 0.0, "momentum": MOMENTUM, "adam": BETA1}
_TAKE = {"sgd": 1.0, "momentum": 1.0, "adam": 1 - BETA1}

# What acts on each number by itself, always in the same way, and has no parameters.
_ELEMENTWISE = {
    *(nn.Identity, nn.ReLU, nn.ReLU6, nn.LeakyReLU, nn.ELU, nn.CELU, nn.SELU, nn.GELU),
    *(nn.SiLU, nn.Mish, nn.Hardswish, nn.Hardsigmoid, nn.Hardtanh, nn.Sigmoid),
    *(nn.LogSigmoid, nn.Tanh, nn.Softplus, nn.Softsign, nn.Threshold),
    *(nn.Hardshrink, nn.Softshrink, nn.Tanhshrink),
}


def squared_error_of_sigmoid(z: Tensor, y: Tensor) -> Tensor:
    """Return (σ(z) − y)², elementwise: z is a logit, y lies between 0 and 1."""
    return (torch.sigmoid(z) - y).square()


def cross_entropy_of_logit(z: Tensor, y: Tensor) -> Tensor:
    """Return −y log σ(z) − (1 − y) log σ(−z), elementwise, sound for any finite z."""
    return F.binary_cross_entropy_with_logits(z, y.expand_as(z), reduction="none")


@dataclass(frozen=True)
class Training:
    """How one network is trained.

    Attributes:
        optimizer: ``"sgd"``, ``"momentum"`` (SGD with momentum 0.9) or ``"adam"``
            (betas 0.9 and 0.999, epsilon 1e-8), each as `torch.optim` has it.
        lr: The learning rate.
        loss: What is minimised: the mean of ``loss(outputs, targets)``, which is
            elementwise, over the rows of an update.

    Raises:
        ValueError: If the optimizer has another name, or the learning rate is negative,
            infinite or NaN.
    """

    optimizer: OptimizerName
    lr: float
    loss: Loss

    def __post_init__(self) -> None:
        if self.optimizer not in [*_KEEP]:
            known = ", ".join(_KEEP)
            raise ValueError(f"no optimizer is called {self.optimizer!r} here: {known}")
        if not 0 <= self.lr < inf:
            raise ValueError(
                f"a learning rate of {self.lr}: it must be finite and at least 0"
            )


@dataclass(frozen=True, eq=False)
class Networks:
    """N networks of one architecture.

    Attributes:
        architecture: The layers, in order: `nn.Linear` with bias, and PyTorch's
            activations that act on each number by itself. The parameters that it
            holds itself do not matter.
        parameters: A row for each network, shape (N, P): its P parameters one after
            the other, in the order of ``architecture.parameters()``.

    Raises:
        ValueError: If the architecture holds anything else (a softmax, a dropout, a
            subclass, a layer that works in place, has a hook or is frozen), if a layer
            does not fit the one before it, if it holds parameters twice, or has not P
            of them.
    """

    architecture: nn.Sequential
    parameters: Tensor

    def __post_init__(self) -> None:
        _require_plain_layers(self.architecture)
        sizes = [p.numel() for p in self.architecture.parameters()]
        if self.parameters.dim() != 2 or self.parameters.shape[1] != sum(sizes):
            raise ValueError(
                f"parameters of shape {tuple(self.parameters.shape)} for networks of "
                f"{sum(sizes)} parameters: give (N, {sum(sizes)})"
            )

    def __len__(self) -> int:
        return len(self.parameters)

    def outputs(self, x: Tensor) -> Tensor:
        """Run all networks: inputs (rows, in) to outputs (N, rows, out)."""
        tensors = iter(self.tensors)
        a = x.expand(len(self), *x.shape)
        for layer in self.architecture:
            if isinstance(layer, nn.Linear):
                weight, bias = next(tensors), next(tensors)
                a = torch.baddbmm(bias.unsqueeze(1), a, weight.mT)
            else:
                a = layer(a)
        return a

    @cached_property
    def tensors(self) -> list[Tensor]:
        """The weights and biases, shape (N, *its own): views of ``parameters``."""
        shapes = [p.shape for p in self.architecture.parameters()]
        parts = torch.split(self.parameters, [s.numel() for s in shapes], dim=1)
        return [
            part.view(-1, *shape) for part, shape in zip(parts, shapes, strict=True)
        ]

    def network(self, index: int) -> nn.Sequential:
        """Return one of the networks as a module of its own."""
        net = deepcopy(self.architecture)
        nn.utils.vector_to_parameters(self.parameters[index].detach(), net.parameters())
        return net


@dataclass(frozen=True, eq=False)
class Run:
    """What training N networks gave.

    Attributes:
        networks: The networks as training left them. One that reached the goal is as
            it was then.
        epochs: Shape (N,), float64: after how many epochs the network first reached
            the goal, 0 for one that started there, infinite for one that never did.
        errors: Shape (N,): the mean of the criterion over all rows, at the end.
        history: Shape (K, N): the same at every ``record_every``-th epoch, from 0 on
            (one that has reached the goal keeps its last value), and shape (0, N)
            where nothing was to be recorded.
    """

    networks: Networks
    epochs: Tensor
    errors: Tensor
    history: Tensor


def stack_networks(networks: Sequence[nn.Sequential]) -> Networks:
    """Put networks of one architecture into one stack; the networks stay as they are.

    Args:
        networks: Each an `nn.Sequential` of the layers that `Networks` allows.

    Raises:
        ValueError: If there is no network, if one holds another kind of layer, or if
            layers, shapes or dtypes are not the same in all of them.
    """
    if not networks:
        raise ValueError("no networks to stack")
    for net in networks:
        _require_plain_layers(net)
    first = _described(networks[0])
    for net in networks:
        if (described := _described(net)) != first:
            raise ValueError(
                "networks of different architectures cannot be stacked: "
                f"{described} is not {first}"
            )
    rows = [nn.utils.parameters_to_vector(net.parameters()) for net in networks]
    return Networks(deepcopy(networks[0]), torch.stack(rows).detach())


def train_networks(
    networks: Sequence[nn.Sequential],
    trainings: Sequence[Training],
    x: Tensor,
    y: Tensor,
    max_epochs: int,
    *,
    criterion: Loss = squared_error_of_sigmoid,
    goal: float | None = 0.01,
    batch_size: int | None = None,
    record_every: int | None = None,
    progress: bool = False,
) -> Run:
    """Train each network in its own way, all of them at once.

    An epoch goes once over all rows: in one update, or with ``batch_size`` in several,
    each on the next so many rows, in the order in which they stand. Before each epoch
    and after the last, the criterion's mean over all rows is taken. Where it is below
    the goal, the number of epochs until then is noted and the network is left as it is.

    Args:
        networks: The starts, N networks of one architecture. They are not changed.
        trainings: How each is trained, N of them.
        x: Inputs, shape (rows, in), of the networks' dtype.
        y: Targets, shape (rows, out), of the same dtype.
        max_epochs: The cap: networks that need more count as never there.
        criterion: Elementwise, of outputs and targets; what ``errors`` and ``history``
            are the mean of. By default the mean squared error of the sigmoid.
        goal: What the criterion's mean must fall below, None to train to the cap.
        batch_size: Rows in an update, None for all.
        record_every: Epochs between two entries of ``history``, None for no history.
        progress: Whether to say on a terminal's standard error how far things are.

    Raises:
        ValueError: If there are not as many trainings as networks, if `Networks` does
            not allow a layer, if the networks are not of one architecture and dtype,
            if there are no rows, if inputs or targets have another shape or dtype, if a
            loss is not elementwise, if the goal is NaN, or for numbers of epochs and
            rows that are negative, 0 where there must be one, or not whole.

    Page: XOR from many starts.
    """
    if len(trainings) != len(networks):
        raise ValueError(
            f"{len(trainings)} trainings for {len(networks)} networks: "
            "there must be one for each"
        )
    counts = [count for count in (batch_size, record_every) if count is not None]
    is_whole = all(count % 1 == 0 for count in (max_epochs, *counts))
    if not is_whole or max_epochs < 0 or min(counts, default=1) < 1:
        raise ValueError(
            f"max_epochs {max_epochs} must be at least 0; batch_size {batch_size} and "
            f"record_every {record_every} at least 1, or None; and all be whole"
        )
    if goal is not None and isnan(goal):
        raise ValueError(
            "a goal of nan: nothing falls below it; None trains to the cap"
        )
    start = stack_networks(networks)
    _require_inputs(start, x, y)
    z = start.outputs(x)
    _require_same_shape(z[0], y)
    for loss in {criterion, *(training.loss for training in trainings)}:
        if (shape := loss(z, y).shape) != z.shape:
            raise ValueError(
                f"a loss of shape {tuple(shape)} for outputs of shape "
                f"{tuple(z.shape)}: it must be elementwise"
            )

    state = _State.start(start, trainings)
    active = torch.arange(len(start))
    parameters = start.parameters.clone()
    epochs = torch.full((len(start),), inf, dtype=torch.float64)
    errors = torch.full((len(start),), inf, dtype=parameters.dtype)
    history: list[Tensor] = []

    for epoch in range(max_epochs + 1):
        z = state.networks.outputs(x)
        error = criterion(z.detach(), y).mean(dim=(1, 2))
        done = error < (-inf if goal is None else goal)
        is_due = record_every is not None and epoch % record_every == 0
        if done.any() or is_due or epoch == max_epochs:
            parameters[active] = state.networks.parameters
            errors[active] = error
            epochs[active[done]] = epoch
        if is_due:
            history.append(errors.clone())
        if done.any():
            active, state = active[~done], state.only(~done)
            z = state.networks.outputs(x)
        if progress:
            _report(epoch, max_epochs, len(start) - len(active), len(start))
        if epoch == max_epochs or len(active) == 0:
            break
        if batch_size is None:
            state.update(z, y)
            continue
        for first in range(0, len(x), batch_size):
            rows = slice(first, first + batch_size)
            state.update(state.networks.outputs(x[rows]), y[rows])

    recorded = torch.stack(history) if history else errors.new_empty(0, len(start))
    return Run(Networks(start.architecture, parameters), epochs, errors, recorded)


@dataclass(eq=False)
class _State:
    """Networks in training, and what their optimizers remember: a row for each.

    Attributes:
        networks: The networks. Their parameters are changed in place, and gradients
            are taken by ``networks.tensors``: were those made anew at each update,
            autograd would have to go through their making, which costs a third more.
        lr: Learning rates, shape (N, 1).
        keep: How much of the mean gradient stays at an update: 0 for SGD.
        take: How much of a new gradient is added to it: 1 but for Adam.
        is_adam: Which are divided by the root of the mean square.
        losses: Each loss with those that it is for, shape (N, 1, 1).
        mean: Mean gradients, shape (N, P).
        square: Mean squares of the gradients, shape (N, P).
        num_updates: How many there have been.
    """

    networks: Networks
    lr: Tensor
    keep: Tensor
    take: Tensor
    is_adam: Tensor
    losses: list[tuple[Loss, Tensor]]
    mean: Tensor
    square: Tensor
    num_updates: int = 0

    @classmethod
    def start(cls, networks: Networks, trainings: Sequence[Training]) -> "_State":
        """Return the state before the first update."""
        parameters = networks.parameters

        def column(values: Iterable[float]) -> Tensor:
            return parameters.new_tensor(list(values)).unsqueeze(1)

        optimizers = [training.optimizer for training in trainings]
        names = list(dict.fromkeys(training.loss for training in trainings))
        masks = [torch.tensor([t.loss is loss for t in trainings]) for loss in names]
        return cls(
            _trainable(networks.architecture, parameters.clone()),
            lr=column(training.lr for training in trainings),
            keep=column(_KEEP[name] for name in optimizers),
            take=column(_TAKE[name] for name in optimizers),
            is_adam=column(name == "adam" for name in optimizers).bool(),
            losses=[
                (loss, mask[:, None, None])
                for loss, mask in zip(names, masks, strict=True)
            ],
            mean=torch.zeros_like(parameters),
            square=torch.zeros_like(parameters),
        )

    def only(self, kept: Tensor) -> "_State":
        """Return the state of some of the networks, given by a mask of shape (N,)."""
        parameters = self.networks.parameters[kept]
        losses = [(loss, mask[kept]) for loss, mask in self.losses]
        return _State(
            _trainable(self.networks.architecture, parameters),
            self.lr[kept],
            self.keep[kept],
            self.take[kept],
            self.is_adam[kept],
            [(loss, mask) for loss, mask in losses if mask.any()],
            self.mean[kept],
            self.square[kept],
            self.num_updates,
        )

    def update(self, z: Tensor, y: Tensor) -> None:
        """Make one update of all networks, from the outputs z that they gave.

        mean ← keep · mean + take · g,   θ ← θ − lr · mean

        With keep 0 and take 1 this is SGD, with keep 0.9 momentum. Adam has a take of
        0.1, mends the means for having started at 0, and divides by the square's root.
        """
        gradients = torch.autograd.grad(self._total_loss(z, y), self.networks.tensors)
        g = torch.cat([gradient.flatten(1) for gradient in gradients], dim=1)
        self.num_updates += 1
        self.mean.mul_(self.keep).add_(self.take * g)
        step = self.mean
        if self.is_adam.any():
            self.square.mul_(BETA2).addcmul_(g, g, value=1 - BETA2)
            mean = self.mean / (1 - BETA1**self.num_updates)
            root = (self.square / (1 - BETA2**self.num_updates)).sqrt()
            step = torch.where(self.is_adam, mean / (root + EPSILON), step)
        self.networks.parameters.sub_(self.lr * step)

    def _total_loss(self, z: Tensor, y: Tensor) -> Tensor:
        """The sum over all networks of their mean losses."""
        (loss, _), *others = self.losses
        values = loss(z, y)
        for other, mask in others:
            values = torch.where(mask, other(z, y), values)
        return values.sum() / y.numel()


def _trainable(architecture: nn.Sequential, parameters: Tensor) -> Networks:
    """Networks whose tensors are leaves that share their memory with the parameters."""
    networks = Networks(architecture, parameters)
    for tensor in networks.tensors:
        tensor.requires_grad_()
    return networks


def _described(net: nn.Sequential) -> list[str]:
    """What must be equal for networks to be stacked: each layer and its dtype."""
    return [
        repr(layer) + "".join(f" {p.dtype}" for p in layer.parameters())
        for layer in net
    ]


def _require_plain_layers(net: nn.Sequential) -> None:
    if type(net) is not nn.Sequential or not len(net):
        raise ValueError(f"{net!r} cannot be stacked: give an nn.Sequential of layers")
    num_linear, kept = 0, None
    for layer in (net, *net):
        hooks = [layer._forward_hooks, layer._forward_pre_hooks]
        hooks += [layer._backward_hooks, layer._backward_pre_hooks]
        hooks += [p._backward_hooks for p in layer.parameters()]
        if any(hooks):
            raise ValueError(f"{layer} cannot be stacked: it has a hook")
    for layer in net:
        if isinstance(layer, nn.Linear):
            fits = (layer.in_features, layer.weight.dtype)
            if kept not in (None, fits):
                told = "{} numbers of {}".format(*kept)
                raise ValueError(f"{layer} cannot be stacked: it is given {told}")
            kept = (layer.out_features, layer.weight.dtype)
        names = [name for name, _ in layer.named_parameters()]
        is_linear = type(layer) is nn.Linear and names == ["weight", "bias"]
        num_linear += is_linear
        if getattr(layer, "inplace", False):
            raise ValueError(f"{layer} cannot be stacked: it works in place")
        if not is_linear and type(layer) not in _ELEMENTWISE:
            raise ValueError(
                f"{layer} cannot be stacked: only nn.Linear with a bias, and "
                "PyTorch's activations that act on each number by itself"
            )
    parameters = list(net.parameters())
    if len(parameters) != 2 * num_linear:
        raise ValueError("a layer that is used twice cannot be stacked")
    if not all(p.requires_grad for p in parameters):
        raise ValueError("a frozen layer cannot be stacked: all parameters are trained")


def _require_inputs(networks: Networks, x: Tensor, y: Tensor) -> None:
    dtype = networks.parameters.dtype
    first = next(iter(networks.architecture.parameters()), None)
    width = "in" if first is None else first.shape[1]
    for name, tensor, shape in (("x", x, (*x.shape[:1], width)), ("y", y, y.shape)):
        if (
            tensor.dim() == 0
            or len(tensor) == 0
            or tensor.dtype != dtype
            or tensor.shape != shape
        ):
            raise ValueError(
                f"{name} of shape {tuple(tensor.shape)} and {tensor.dtype}: give "
                f"(rows, {width if name == 'x' else 'out'}), at least one row, {dtype}"
            )


def _require_same_shape(output: Tensor, y: Tensor) -> None:
    if output.shape != y.shape:
        raise ValueError(
            f"targets of shape {tuple(y.shape)} for outputs of shape "
            f"{tuple(output.shape)}: they must be the same"
        )


def _report(epoch: int, max_epochs: int, num_done: int, num_all: int) -> None:
    """Say on one line of a terminal how far training is, every 50 epochs."""
    is_last = epoch == max_epochs or num_done == num_all
    if sys.stderr.isatty() and (is_last or epoch % 50 == 0):
        line = f"\repoch {epoch} of at most {max_epochs}, {num_done} of {num_all} done"
        print(line, end="\n" if is_last else "", file=sys.stderr, flush=True)
