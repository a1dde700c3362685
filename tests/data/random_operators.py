"""Random networks of one operator, for comparisons with other programs: each
of MAKERS takes a random generator and returns a `Made`."""
from random_moves import (affine_grid, blocks, depth, gather, gather_nd,
                          grid_sample, pad, resize, scatter, scatter_nd,
                          selection, sequence, shapes, slices, unique,
                          upsample)
from random_sums import (batch_norm, binary, clip, conv, conv_transpose,
                         dequantize, einsum, fused, fused_conv, gemm,
                         global_pool, learning, matmul, pool, reduce, unary)

MAKERS = [binary, unary, clip, gemm, matmul, conv, conv_transpose, pool,
          global_pool, reduce, batch_norm, pad, slices, gather, gather_nd,
          scatter, scatter_nd, shapes, depth, selection, einsum, resize,
          resize, resize, upsample, grid_sample, blocks, sequence, dequantize,
          fused, fused_conv, learning, unique, affine_grid]
