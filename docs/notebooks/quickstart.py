# %% [markdown]
# # Quick start
#
# Into how many linear regions does a network cut its input space? The network
# here separates the two moons of scikit-learn; it has two inputs and two layers of
# 16 units.

# %%
import pleats
from matplotlib import pyplot as plt

net = pleats.load("examples/moons.onnx")
net

# %% [markdown]
# The count is exact: every verdict is a proof, with the weights taken as the
# numbers that they are.

# %%
net.count(box=(-1, 1), what=("regions", "pieces", "maps"))

# %% [markdown]
# On all of the plane there are more; a limit leaves a proven lower bound, and
# says so.

# %%
print(net.count())
print(net.count(cells=100))

# %% [markdown]
# ## The plane
#
# Each region is a polygon on which the network is affine. The black line is the
# decision boundary, where the output is 0.

# %%
plane = net.plane(box=(-2, 3, -2, 2.5))
figure, axes = plt.subplots(1, 3, figsize=(16, 5))
for ax, color in zip(axes, ("pattern", "slope", "class")):
    plane.plot(ax, color=color)
    ax.set_title(color)
plt.show()

# %% [markdown]
# As the last line of a cell, `plane` is a page to be explored: what is under the
# pointer, its units, its neighbours.

# %%
plane

# %% [markdown]
# ## One region
#
# Around a point: the walls that count, in exact coefficients, and the corners.

# %%
region = net.region([0.1, 0.2])
print(len(region.halfspaces), "half-spaces, of which", len(region.facets),
      "are facets")
for halfspace in region.halfspaces:
    if halfspace.facet is not None:
        print("unit", halfspace.unit, ":", halfspace.a, ". x +", halfspace.b,
              ">= 0")
print("the nearest wall is at least", region.distance, "away")

# %% [markdown]
# ## All regions
#
# In batches of arrays, or as one table.

# %%
table = net.cells(box=(-1, 1)).to_pandas()
table["slope"] = (table["A[0,0]"] ** 2 + table["A[0,1]"] ** 2) ** 0.5
table[["x0", "x1", "slope"]].describe()

# %% [markdown]
# ## Out of reach
#
# Where regions are too many to be gone through, random sweeps give an unbiased
# estimate with an interval, and points a lower bound. Here both can be compared with
# the truth.

# %%
estimate = net.estimate(box=(-1, 1), exact_time=0, sweeps=400, seed=1)
sample = net.sample(box=(-1, 1), points=20000)
print("estimate:", round(estimate.mean), "in", (estimate.lo, estimate.hi))
print("points see", int(sample), "of 185")
