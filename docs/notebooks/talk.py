# %% [markdown]
# # Convolutions against fully connected layers, for each parameter
#
# Xiong et al. (ICML 2020) ask which architecture can cut its input space into more
# regions, for the parameters that it has. What they bound, here is exact where it can
# be; all numbers are of the best weights, or of almost all, never of trained ones.

# %%
import pleats
from matplotlib import pyplot as plt

# %% [markdown]
# ## One layer
#
# One convolution with d filters of width 2 on 1 x 3 inputs. The formula R_N is theirs;
# the generic count is what almost every choice of weights has.

# %%
print(" d  parameters  formula  generic")
for d in range(1, 9):
    layer = pleats.layer(f"cnn:in=1x3/conv={d}@2/relu",
                         want=("formula", "generic"))
    spec = pleats.spec(f"cnn:in=1x3/conv={d}@2/relu")
    print(f"{d:2} {spec.n_parameters:11} {int(layer.formula):8} "
          f"{int(layer.generic):8} ({layer.generic.label})")

# %% [markdown]
# In two dimensions the formula is an upper bound only: filters share places, and some
# of the hyperplanes' intersections are forced to meet.

# %%
layer = pleats.layer("cnn:in=1x3x3/conv=2@2x2/relu")
print("formula", int(layer.formula), "- generic", int(layer.generic))

# %% [markdown]
# ## The same number of parameters
#
# Each convolutional network beside the fully connected one whose parameters come
# closest, of as many layers. A lower bound above the other's upper bound is a proof.

# %%
families = {
    "one layer": "cnn:in=1x8/conv={d}@3,p=1/relu",
    "two layers": "cnn:in=1x8/conv={d}@3,p=1/relu/conv={d}@3,p=1/relu",
    "three layers": "cnn:in=1x8/conv={d}@3,p=1/relu/conv={d}@3,p=1/relu/"
                    "conv={d}@3,p=1/relu"}
tables = {name: [pleats.compare([text.format(d=d)], match="fc")
                 for d in (2, 4, 8, 16)]
          for name, text in families.items()}
for name, table in tables.items():
    for rows in table:
        cnn, fc = rows[0], rows[1]
        proved = "proved" if cnn.is_above(fc) else "open"
        print(f"{name:13} {cnn.spec.n_parameters:5} parameters: "
              f"10^{cnn.lower.log10:.1f} to 10^{cnn.upper.log10:.1f}; "
              f"connected, {fc.spec.n_parameters:5}: 10^{fc.lower.log10:.1f} "
              f"to 10^{fc.upper.log10:.1f}: {proved}")

# %%
figure, axes = plt.subplots(1, 3, figsize=(16, 4.5), sharey=True)
for ax, (name, table) in zip(axes, tables.items()):
    for i, color, label in ((0, "tab:orange", "convolutions"),
                            (1, "tab:blue", "fully connected")):
        n = [rows[i].spec.n_parameters for rows in table]
        low = [rows[i].lower.log10 for rows in table]
        high = [rows[i].upper.log10 for rows in table]
        ax.fill_between(n, low, high, color=color, alpha=0.3)
        ax.plot(n, low, "o-", color=color, label=label)
        ax.plot(n, high, "o-", color=color)
    ax.set_xscale("log")
    ax.set_xticks(n, n)
    ax.minorticks_off()
    ax.set_title(name)
    ax.set_xlabel("parameters")
axes[0].set_ylabel("log10 of the maximum: lower and upper bound")
axes[0].legend()
plt.show()

# %% [markdown]
# ## What random weights have
#
# The maximum is one thing, what weights at initialisation have on a box another:
# exact counts of random networks, with Student's interval of their mean.

# %%
for text in ("cnn:in=1x6/conv=2@3,p=1/relu/conv=2@3,p=1/relu/fc=1",
             "cnn:in=6/fc=3/relu/fc=3/relu/fc=1"):
    mean = pleats.mean(text, box=(-1, 1), trials=60, weights="he-normal",
                       bias="normal", deviation=0.5, seed=1)
    print(f"{text}: {pleats.spec(text).n_parameters} parameters, "
          f"{mean.mean:.0f} regions ({mean.lo:.0f} to {mean.hi:.0f}), "
          f"{mean.n_exact} of {len(mean.trials)} exact")
