"""Modules of torch, as ONNX files in memory."""
from __future__ import annotations

import inspect
import io
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np

from ._library import module
from .errors import InputError

# How far a file may be from the module that it was made of, in units of the
# largest output: this finds another function, not rounding.
FAR, TINY = 1e-3, 1e-6
N_CHECKS = 3


def is_module(source: Any) -> bool:
    """Without importing torch."""
    return any(kind.__module__.startswith("torch.nn")
               for kind in type(source).__mro__)


def exported(model: Any, example: Any) -> tuple[bytes, np.ndarray, np.ndarray]:
    """The file; inputs [N_CHECKS, ...] and outputs [N_CHECKS, ...] at the
    example and at points near it, in doubles: what depends on the input where
    it should not is a constant at the example alone.

    The module is taken as `eval` makes it: means and variances of a
    BatchNorm are the running ones, a Dropout is left out; its modes are as
    before afterwards.  The first axis of the example is the batch, of which
    the first row is taken."""
    if example is None:
        raise InputError("a module of torch needs an example input: "
                         "pleats.load(model, example=torch.zeros(1, 2))")
    torch = module("torch", "loading a module of torch")
    if model.training:
        warnings.warn("the module is in training mode; what is looked at is "
                      "what model.eval() makes of it", stacklevel=5)
    inputs = _inputs(torch, model, example)
    with _evaluating(model), torch.no_grad():
        try:
            inputs = _one_row(inputs, model(*inputs))
        except Exception as error:
            raise InputError(f"the module fails at the example input: {error}"
                             ) from error
        file = _file(torch, model, inputs)
        points = [inputs, *_near(torch, inputs)]
        return (file, np.stack([_flat(point) for point in points]),
                np.stack([_flat(model(*point)) for point in points]))


def check(found: np.ndarray, wanted: np.ndarray) -> None:
    """That the file computes what the module does; [N_CHECKS, ...] each."""
    far = FAR * float(np.abs(wanted).max(initial=0)) + TINY
    if found.shape != wanted.shape or not bool(
            np.all(np.abs(found - wanted) <= far)):
        raise InputError(
            "what torch exported does not compute what the module does: its "
            "code may depend on the input or on chance, or this exporter is "
            "wrong about it")


@contextmanager
def _evaluating(model: Any) -> Iterator[None]:
    """Parts may have modes of their own."""
    modes = [(part, part.training) for part in model.modules()]
    try:
        model.eval()
        yield
    finally:
        for part, is_training in modes:
            part.training = is_training


def _inputs(torch: Any, model: Any, example: Any) -> tuple[Any, ...]:
    """Tensors where the module's parameters are, with their type."""
    parameter = next(iter(model.parameters()), None)
    given = example if isinstance(example, (tuple, list)) and any(
        torch.is_tensor(item) or isinstance(item, np.ndarray)
        for item in example) else (example,)
    tensors = tuple(torch.as_tensor(item) for item in given)
    if parameter is None:
        return tensors
    return tuple(
        tensor.to(device=parameter.device, dtype=parameter.dtype
                  if not tensor.is_complex() else None) for tensor in tensors)


def _one_row(inputs: Any, outputs: Any) -> Any:
    """The first row of a batch, where there is one: all inputs and outputs
    have as many rows."""
    first = outputs[0] if isinstance(outputs, (tuple, list)) else outputs
    sizes = {tuple(x.shape[:1]) for x in (*inputs, first)}
    if len(sizes) != 1 or sizes & {(), (1,)}:
        return inputs
    return tuple(tensor[:1] for tensor in inputs)


def _near(torch: Any, inputs: Any) -> Iterator[Any]:
    """Other inputs, the same each time."""
    chance = torch.Generator().manual_seed(1)
    for _ in range(N_CHECKS - 1):
        yield tuple(
            tensor + torch.randn(tensor.shape, generator=chance,
                                 dtype=torch.float64).to(tensor)
            for tensor in inputs)


def _flat(tensors: Any) -> np.ndarray:
    if not isinstance(tensors, (tuple, list)):
        tensors = (tensors,)
    return np.concatenate([
        tensor.detach().cpu().double().numpy().ravel() for tensor in tensors])


def _file(torch: Any, model: Any, inputs: Any) -> bytes:
    """By the dynamo exporter where torch has it, which reads more models; else,
    and where that fails, by the one for TorchScript."""
    if "dynamo" in inspect.signature(torch.onnx.export).parameters:
        try:
            program = torch.onnx.export(model, inputs, dynamo=True)
            found: bytes = program.model_proto.SerializeToString()
            return found
        except Exception as error:
            first = f" (and by dynamo: {_line(error)})"
            return _by_script(torch, model, inputs, first, dynamo=False)
    return _by_script(torch, model, inputs, "")


def _by_script(torch: Any, model: Any, inputs: Any, first: str,
               **words: Any) -> bytes:
    """Nothing is folded or fused: a BatchNorm that is multiplied into the
    weights before it would be rounded once more."""
    stream = io.BytesIO()
    try:
        torch.onnx.export(
            model, inputs, stream, do_constant_folding=False,
            training=torch.onnx.TrainingMode.PRESERVE, **words)
    except Exception as error:
        raise InputError(f"torch cannot export the module: {_line(error)}"
                         f"{first}") from error
    return stream.getvalue()


def _line(error: BaseException) -> str:
    lines = str(error).strip().splitlines()
    return lines[0] if lines else type(error).__name__
