# %% [markdown]
# # Training dynamics
#
# How do regions move while a network learns? Two moons, a network of two layers of
# 16 units, and a callback that counts its regions exactly after every few epochs.

# %%
import numpy as np
import pleats
import torch
from matplotlib import pyplot as plt

chance = np.random.default_rng(0)
angle = chance.uniform(0, np.pi, 400)
moons = np.concatenate([
    np.stack([np.cos(angle[:200]), np.sin(angle[:200])], axis=1),
    np.stack([1 - np.cos(angle[200:]), 0.5 - np.sin(angle[200:])], axis=1)])
moons += chance.normal(0, 0.1, moons.shape)
x = torch.tensor(moons, dtype=torch.float32)
y = torch.tensor([0.0] * 200 + [1.0] * 200)

# %%
torch.manual_seed(1)
model = torch.nn.Sequential(
    torch.nn.Linear(2, 16), torch.nn.ReLU(), torch.nn.Linear(16, 16),
    torch.nn.ReLU(), torch.nn.Linear(16, 1))
box = (-1.5, 2.5, -1, 1.5)
callback = pleats.LinearRegionCallback(
    pleats.Box([-1.5, -1.0], [2.5, 1.5]), every=10, plane=box,
    log="moons.jsonl", example=torch.zeros(1, 2), color="class")

# %%
optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
for epoch in range(201):
    optimizer.zero_grad()
    logits = model(x)[:, 0]
    loss = torch.nn.functional.binary_cross_entropy_with_logits(logits, y)
    loss.backward()
    optimizer.step()
    right = ((logits > 0) == (y > 0)).float().mean()
    callback(model, epoch, loss=loss.item(), accuracy=right.item())
print(open("moons.jsonl").readlines()[-1])

# %% [markdown]
# The counts against the epochs, with the loss: all of them are exact.

# %%
assert {record["label"] for record in callback.records} == {"exact"}
figure, ax = plt.subplots(figsize=(7, 4))
callback.plot(ax)
other = ax.twinx()
other.plot([record["epoch"] for record in callback.records],
           [record["loss"] for record in callback.records], color="gray")
other.set_ylabel("loss (gray)")
plt.show()

# %% [markdown]
# The first, a middle and the last of them. Walls gather where the classes meet.

# %%
figure, axes = plt.subplots(1, 3, figsize=(17, 4.2))
for ax, i in zip(axes, (0, 5, len(callback.nets) - 1)):
    callback.nets[i].plane(box=box).plot(ax, color="slope")
    ax.plot(*moons[:200].T, ".", color="tab:cyan", markersize=3)
    ax.plot(*moons[200:].T, ".", color="tab:green", markersize=3)
    ax.set_title(f"epoch {callback.records[i]['epoch']}: "
                 f"{callback.records[i]['regions']} regions")
plt.show()

# %% [markdown]
# All of them as a film: one HTML file with a slider.

# %%
shown = callback.film("moons-film.html", title="two moons")
print(len(shown), "pictures,", sum(drawing.regions for drawing in shown),
      "regions")
