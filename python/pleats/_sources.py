"""What a network may come from: files, bytes, arrays, models of others."""
from __future__ import annotations

import os
from collections.abc import Sequence
from ctypes import byref, c_double, c_int64, sizeof
from typing import Any

import numpy as np

from . import _abi, _torch
from ._call import Context, pointer, sized
from ._library import libpleats
from .errors import InputError

_CONSTANTS = _abi.ENUMS["pleats_layer_type"]


def handle_of(context: Context, source: Any, example: Any,
              words: dict[str, str | bool | None]) -> Any:
    """The handle of a network, for the caller to free; `words` are the texts
    of pleats_load_options."""
    options = sized(_abi.pleats_load_options, **{
        name: value.encode() if isinstance(value, str) else value
        for name, value in words.items() if value is not None})
    if isinstance(source, (str, os.PathLike)):
        return context.kept("net", "pleats_net_load", os.fsencode(source),
                            byref(options))
    if _torch.is_module(source):
        return _from_torch(context, source, example, options)
    if isinstance(source, (bytes, bytearray, memoryview)):
        return _from_bytes(context, bytes(source), None, options)
    if hasattr(source, "coefs_") and hasattr(source, "intercepts_"):
        return _from_sklearn(context, source)
    if isinstance(source, Sequence):
        return _from_layers(context, [_pair(layer) for layer in source])
    raise InputError(
        "a network is a path, bytes, a list of (W, b), a fitted MLP of "
        f"sklearn or a module of torch, and not {type(source).__name__}")


def _from_bytes(context: Context, data: bytes, name: bytes | None,
                options: Any) -> Any:
    return context.kept("net", "pleats_net_from_bytes", data, len(data), name,
                        byref(options))


def _from_torch(context: Context, model: Any, example: Any, options: Any
                ) -> Any:
    """The network must have the module's values, unless other outputs than
    those of the file are asked for."""
    data, x, y = _torch.exported(model, example)
    handle = _from_bytes(context, data, b"torch", options)
    try:
        if x.shape[1] == libpleats.pleats_net_n_inputs(handle) and not (
                options.logits or options.output):
            found = np.empty(
                (len(x), libpleats.pleats_net_n_outputs(handle)))
            for at, to in zip(x, found):
                context.check(libpleats.pleats_net_eval(
                    context.pointer, handle, pointer(at, c_double),
                    pointer(to, c_double), None))
            _torch.check(found, y)
    except BaseException:
        libpleats.pleats_net_free(context.pointer, handle)
        raise
    return handle


def _pair(layer: Any) -> tuple[Any, Any]:
    if not isinstance(layer, Sequence) or len(layer) != 2:
        raise InputError("a layer is a pair (W, b), b may be None; W has shape "
                         "[outputs, inputs]")
    return layer[0], layer[1]


def _from_sklearn(context: Context, model: Any) -> Any:
    """coefs_ are [inputs, outputs].  The last function of a classifier
    (softmax, logistic) is left out: the outputs are its logits."""
    if model.activation not in ("relu", "identity"):
        raise InputError(f"the activation {model.activation!r} is not "
                         "piecewise linear; relu and identity are")
    layers = [(np.transpose(w), b)
              for w, b in zip(model.coefs_, model.intercepts_)]
    return _from_layers(context, layers, relu=model.activation == "relu")


def _from_layers(context: Context, layers: list[tuple[Any, Any]],
                 relu: bool = True) -> Any:
    """Fully connected layers, with ReLU after all but the last."""
    if not layers:
        raise InputError("a network has at least one layer (W, b)")
    made: list[Any] = []
    kept: list[np.ndarray] = []
    width = None
    for i, (weight, bias) in enumerate(layers):
        weight = np.ascontiguousarray(weight, dtype=np.float64)
        if weight.ndim != 2 or (width is not None and weight.shape[1] != width):
            raise InputError(f"layer {i}: W has shape {weight.shape}, and "
                             f"[outputs, {width or 'inputs'}] is wanted")
        width = weight.shape[0]
        layer = _abi.pleats_layer_arrays(
            type=_CONSTANTS["PLEATS_AFFINE"], n_out=width,
            weight=pointer(weight, c_double))
        kept.append(weight)
        if bias is not None:
            bias = np.ascontiguousarray(bias, dtype=np.float64)
            if bias.shape != (width,):
                raise InputError(f"layer {i}: b has shape {bias.shape}, and "
                                 f"({width},) is wanted")
            layer.bias = pointer(bias, c_double)
            kept.append(bias)
        made.append(layer)
        if relu and i + 1 < len(layers):
            made.append(_abi.pleats_layer_arrays(
                type=_CONSTANTS["PLEATS_RELU"]))
    array = (_abi.pleats_layer_arrays * len(made))(*made)
    dims = (c_int64 * 1)(kept[0].shape[1])
    return context.kept("net", "pleats_net_from_arrays", 1, dims, len(made),
                        array, sizeof(_abi.pleats_layer_arrays))
