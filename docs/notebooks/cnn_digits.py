# %% [markdown]
# # A convolutional network through three digits
#
# A small LeNet for the digits of scikit-learn, 8 x 8 pixels: two convolutions with
# max pooling, ten outputs. Its input space has 64 dimensions, and its regions there
# cannot be counted; those on a plane through three digits can, exactly.

# %%
import numpy as np
import pleats
from matplotlib import pyplot as plt

net = pleats.load("tests/data/models/digits_lenet.onnx")
print(net)
for layer in net.layers:
    print(f"{layer.op:8} {layer.shape!s:12} {layer.units} units")

# %% [markdown]
# Three digits that the network tells apart, of the rows that come with it.

# %%
data = np.load("tests/data/models/digits_lenet.npz")["x"][:16].astype(float)
classes = net.eval(data.reshape(16, -1)).argmax(axis=1)
first = [int(np.flatnonzero(classes == c)[0]) for c in np.unique(classes)[:3]]
rows = data.reshape(16, -1)[first]
figure, axes = plt.subplots(1, 3, figsize=(6, 2.2))
for ax, i in zip(axes, first):
    ax.imshow(data[i, 0], cmap="gray_r")
    ax.set_title(f"seen as {classes[i]}")
    ax.axis("off")
plt.show()

# %% [markdown]
# The plane through them: coordinates (0, 0), (1, 0) and (0, 1) are the digits.

# %%
plane = net.plane(rows, box=(-0.5, 1.5, -0.5, 1.5))
scene = plane.scene()
print(scene.regions, "regions,", scene.label)
print("made by walls of layers", np.unique(scene.depth).tolist())

# %%
figure, axes = plt.subplots(1, 3, figsize=(17, 5.5))
for ax, color in zip(axes, ("depth", "slope", "class")):
    plane.plot(ax, color=color)
    ax.plot([0, 1, 0], [0, 0, 1], "wo", markeredgecolor="black")
    ax.set_title(color)
plt.show()

# %% [markdown]
# How large are the regions? Areas are in units of the triangle's legs; most of the
# plane belongs to few regions.

# %%
area = np.sort(scene.area)[::-1]
share = np.cumsum(area) / area.sum()
half = int(np.searchsorted(share, 0.5)) + 1
print(f"{half} of {len(area)} regions have half of the plane")
figure, ax = plt.subplots(figsize=(6, 3.5))
ax.hist(np.log10(area), bins=40)
ax.set_xlabel("log10 of the area")
ax.set_ylabel("regions")
plt.show()

# %% [markdown]
# Between two digits the regions on the way are those of a line; between digits of
# different classes there must be a boundary.

# %%
for i, j in ((0, 1), (0, 2), (1, 2)):
    count = net.count(rows=(rows, (i, j), (0, 1)))
    print(f"{classes[first[i]]} to {classes[first[j]]}: {count}")

# %% [markdown]
# And around one digit: how far is the nearest wall, and how many regions meet a
# small ball about it (in all 64 dimensions)? A drawn digit has many equal pixels, so
# that it lies on walls of the max pools, where no single region holds it; a little
# noise moves it into one.

# %%
try:
    net.region(rows[0])
except pleats.InputError as error:
    print(error)
x = rows[0] + np.random.default_rng(0).normal(0, 0.01, 64)
region = net.region(x, vertices=False)
print(len(region.facets), "facets; the nearest wall is at least",
      f"{region.distance:.2g} away")
print("largest max-norm ball without a wall:", f"{float(region.ball):.2g}")
print(net.count(ball=(x, 10 * region.ball), seconds=20))
