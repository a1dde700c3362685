"""Small modules of torch of the kinds that people train: each by name, with a
function that makes it and the shape of an input without its batch axis."""
import torch
from torch import nn
from torch.nn import functional as F


def example_of(shape):
    return torch.randn(2, *shape)


def chain(*parts):
    return lambda: settled(nn.Sequential(*[part() for part in parts]))


def settled(model):
    """Running means and variances as after some training."""
    for part in model.modules():
        if isinstance(part, nn.modules.batchnorm._BatchNorm):
            part.running_mean.normal_(0, 0.2)
            part.running_var.uniform_(0.5, 2)
            part.weight.data.uniform_(0.5, 1.5)
            part.bias.data.normal_(0, 0.2)
    return model


def linear(n, m, bias=True):
    return lambda: nn.Linear(n, m, bias=bias)


def conv(n, m, k=3, **words):
    return lambda: nn.Conv2d(n, m, k, **words)


def basic_block(n, m, stride=1):
    """Of a ResNet-18."""
    class Block(nn.Module):
        def __init__(self):
            super().__init__()
            self.conv1 = nn.Conv2d(n, m, 3, stride, 1, bias=False)
            self.bn1 = nn.BatchNorm2d(m)
            self.conv2 = nn.Conv2d(m, m, 3, 1, 1, bias=False)
            self.bn2 = nn.BatchNorm2d(m)
            self.down = nn.Identity() if stride == 1 and n == m else (
                nn.Sequential(nn.Conv2d(n, m, 1, stride, bias=False),
                              nn.BatchNorm2d(m)))

        def forward(self, x):
            y = F.relu(self.bn1(self.conv1(x)))
            return F.relu(self.bn2(self.conv2(y)) + self.down(x))
    return lambda: settled(Block())


class Bottleneck(nn.Module):
    def __init__(self):
        super().__init__()
        self.path = nn.Sequential(
            nn.Conv2d(4, 2, 1, bias=False), nn.BatchNorm2d(2), nn.ReLU(True),
            nn.Conv2d(2, 2, 3, 1, 1, bias=False), nn.BatchNorm2d(2),
            nn.ReLU(True), nn.Conv2d(2, 4, 1, bias=False), nn.BatchNorm2d(4))

    def forward(self, x):
        return F.relu(x + self.path(x))


class Fire(nn.Module):
    """Of SqueezeNet: two branches that are joined."""

    def __init__(self):
        super().__init__()
        self.squeeze = nn.Conv2d(3, 2, 1)
        self.one, self.three = nn.Conv2d(2, 3, 1), nn.Conv2d(2, 3, 3, padding=1)

    def forward(self, x):
        x = F.relu(self.squeeze(x))
        return torch.cat([F.relu(self.one(x)), F.relu(self.three(x))], 1)


class Inception(nn.Module):
    def __init__(self):
        super().__init__()
        self.one = nn.Conv2d(2, 2, 1)
        self.three = nn.Conv2d(2, 2, 3, padding=1)
        self.pool = nn.Conv2d(2, 2, 1)

    def forward(self, x):
        pooled = F.max_pool2d(x, 3, stride=1, padding=1)
        return torch.cat([F.relu(self.one(x)), F.relu(self.three(x)),
                          F.relu(self.pool(pooled))], 1)


class Dense(nn.Module):
    """Of DenseNet: each layer reads all before it."""

    def __init__(self):
        super().__init__()
        self.norms = nn.ModuleList(nn.BatchNorm2d(2 + 2 * i) for i in range(3))
        self.convs = nn.ModuleList(
            nn.Conv2d(2 + 2 * i, 2, 3, padding=1, bias=False)
            for i in range(3))

    def forward(self, x):
        for norm, conv_ in zip(self.norms, self.convs):
            x = torch.cat([x, conv_(F.relu(norm(x)))], 1)
        return x


def shuffle(x, groups):
    n, c, h, w = x.shape
    return x.view(n, groups, c // groups, h, w).transpose(1, 2).reshape(
        n, c, h, w)


class Shuffle(nn.Module):
    def __init__(self):
        super().__init__()
        self.inner = nn.Sequential(
            nn.Conv2d(2, 2, 1), nn.ReLU(),
            nn.Conv2d(2, 2, 3, padding=1, groups=2), nn.Conv2d(2, 2, 1),
            nn.ReLU())

    def forward(self, x):
        left, right = x.chunk(2, dim=1)
        return shuffle(torch.cat([left, self.inner(right)], 1), 2)


class UNet(nn.Module):
    """Down, up by the nearest neighbour (or otherwise), and across."""

    def __init__(self, up="nearest"):
        super().__init__()
        self.first = nn.Conv2d(1, 2, 3, padding=1)
        self.low = nn.Conv2d(2, 4, 3, padding=1)
        self.up = (nn.ConvTranspose2d(4, 4, 2, 2) if up == "transpose" else
                   nn.Upsample(scale_factor=2, mode=up) if up == "nearest" else
                   nn.Upsample(scale_factor=2, mode=up, align_corners=False))
        self.last = nn.Conv2d(6, 1, 3, padding=1)

    def forward(self, x):
        x = F.relu(self.first(x))
        low = F.relu(self.low(F.max_pool2d(x, 2)))
        return self.last(torch.cat([x, self.up(low)], 1))


class Maxout(nn.Module):
    def __init__(self, n, m, k):
        super().__init__()
        self.linear, self.k = nn.Linear(n, m * k), k

    def forward(self, x):
        return self.linear(x).view(x.shape[0], -1, self.k).max(dim=2)[0]


class GroupSort(nn.Module):
    """[Anil2019]: units of a group in order; groups of two are MaxMin."""

    def __init__(self, size):
        super().__init__()
        self.size = size

    def forward(self, x):
        groups = x.view(x.shape[0], -1, self.size)
        return groups.sort(dim=2)[0].reshape(x.shape)


class MaxMin(nn.Module):
    def forward(self, x):
        a, b = x.chunk(2, dim=1)
        return torch.cat([torch.max(a, b), torch.min(a, b)], 1)


class CReLU(nn.Module):
    def forward(self, x):
        return torch.cat([F.relu(x), F.relu(-x)], 1)


class Skip(nn.Module):
    """A residual block of fully connected layers."""

    def __init__(self, n):
        super().__init__()
        self.a, self.b = nn.Linear(n, n), nn.Linear(n, n)

    def forward(self, x):
        return x + self.b(F.relu(self.a(x)))


class Functional(nn.Module):
    def __init__(self):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(5, 3))

    def forward(self, x):
        y = torch.clamp(x @ self.weight.t(), min=0)
        return torch.where(y > 1, y, torch.ones_like(y)).abs().sum(1, True)


class Mixer(nn.Module):
    """Of an MLP-Mixer, with ReLU: over places, then over channels."""

    def __init__(self):
        super().__init__()
        self.places = nn.Sequential(nn.Linear(4, 6), nn.ReLU(),
                                    nn.Linear(6, 4))
        self.channels = nn.Sequential(nn.Linear(3, 6), nn.ReLU(),
                                      nn.Linear(6, 3))

    def forward(self, x):
        x = x + self.places(x.transpose(1, 2)).transpose(1, 2)
        return (x + self.channels(x)).mean(dim=1)


class Recurrent(nn.Module):
    """A recurrent network with ReLU, unrolled."""

    def __init__(self):
        super().__init__()
        self.read, self.keep = nn.Linear(2, 4), nn.Linear(4, 4)

    def forward(self, x):
        state = torch.zeros(x.shape[0], 4)
        for i in range(3):
            state = F.relu(self.read(x[:, i]) + self.keep(state))
        return state


relu, flat = nn.ReLU, nn.Flatten
image = (1, 6, 6)
MODELS = {
    # fully connected, and what stands for ReLU
    "mlp": (chain(linear(3, 8), relu, linear(8, 8), relu, linear(8, 2)), (3,)),
    "mlp in place": (chain(linear(3, 8), lambda: nn.ReLU(inplace=True),
                           linear(8, 2)), (3,)),
    "no bias": (chain(linear(3, 8, False), relu, linear(8, 2, False)), (3,)),
    "leaky": (chain(linear(3, 6), nn.LeakyReLU, linear(6, 1)), (3,)),
    "prelu": (chain(linear(3, 6), lambda: nn.PReLU(6), linear(6, 1)), (3,)),
    "hardtanh": (chain(linear(3, 6), nn.Hardtanh, linear(6, 1)), (3,)),
    "relu6": (chain(linear(3, 6), nn.ReLU6, linear(6, 1)), (3,)),
    "hard sigmoid": (chain(linear(3, 6), nn.Hardsigmoid, linear(6, 1)), (3,)),
    "shrink": (chain(linear(3, 6), nn.Softshrink, linear(6, 1)), (3,)),
    "crelu": (chain(linear(3, 4), CReLU, linear(8, 1)), (3,)),
    "batch norm": (chain(linear(3, 6), lambda: nn.BatchNorm1d(6), relu,
                         linear(6, 1)), (3,)),
    "dropout": (chain(linear(3, 6), relu, nn.Dropout, linear(6, 1)), (3,)),
    "weight norm": (chain(lambda: nn.utils.weight_norm(nn.Linear(3, 6)), relu,
                          linear(6, 1)), (3,)),
    "maxout": (chain(lambda: Maxout(3, 4, 3), lambda: Maxout(4, 2, 2)), (3,)),
    "group sort": (chain(linear(3, 6), lambda: GroupSort(3), linear(6, 1)),
                   (3,)),
    "max min": (chain(linear(3, 6), MaxMin, linear(6, 2)), (3,)),
    "skip": (chain(lambda: Skip(4), relu, lambda: Skip(4)), (4,)),
    "functional": (Functional, (3,)),
    # convolutions and pools
    "lenet": (chain(conv(1, 2), relu, lambda: nn.MaxPool2d(2), flat,
                    linear(8, 4), relu, linear(4, 3)), image),
    "strides": (chain(conv(1, 3, stride=2, padding=1), relu, flat,
                      linear(27, 2)), image),
    "dilated": (chain(conv(1, 2, dilation=2), relu, flat, linear(8, 2)),
                image),
    "reflected": (chain(conv(1, 2, padding=1, padding_mode="reflect"), relu,
                        flat, linear(72, 2)), image),
    "edges": (chain(conv(1, 2, padding=1, padding_mode="replicate"), relu,
                    flat, linear(72, 2)), image),
    "average": (chain(conv(1, 2), relu, lambda: nn.AvgPool2d(2), flat,
                      linear(8, 2)), image),
    "global average": (chain(conv(1, 4), relu,
                             lambda: nn.AdaptiveAvgPool2d(1), flat,
                             linear(4, 2)), image),
    "global max": (chain(conv(1, 3), lambda: nn.AdaptiveMaxPool2d(1), flat,
                         linear(3, 2)), image),
    "one axis": (chain(lambda: nn.Conv1d(1, 3, 3), relu,
                       lambda: nn.MaxPool1d(2), flat, linear(9, 2)), (1, 8)),
    "three axes": (chain(lambda: nn.Conv3d(1, 2, 2), relu, flat,
                         linear(16, 2)), (1, 3, 3, 3)),
    "transposed": (chain(lambda: nn.ConvTranspose2d(1, 2, 2, stride=2), relu,
                         flat, linear(72, 1)), (1, 3, 3)),
    "depthwise": (chain(conv(2, 2, padding=1, groups=2), relu, conv(2, 4, 1),
                        relu, flat, linear(64, 2)), (2, 4, 4)),
    "mobile": (chain(conv(2, 4, 1, bias=False), lambda: nn.BatchNorm2d(4),
                     nn.ReLU6, conv(4, 4, padding=1, groups=4, bias=False),
                     lambda: nn.BatchNorm2d(4), nn.ReLU6,
                     conv(4, 2, 1, bias=False), lambda: nn.BatchNorm2d(2),
                     flat), (2, 4, 4)),
    "vgg": (chain(conv(1, 2, padding=1), relu, conv(2, 2, padding=1), relu,
                  lambda: nn.MaxPool2d(2), flat, linear(18, 4), relu,
                  nn.Dropout, linear(4, 2)), image),
    "pixel shuffle": (chain(conv(1, 4, padding=1), relu,
                            lambda: nn.PixelShuffle(2), flat), (1, 3, 3)),
    # blocks of torchvision's networks
    "basic block": (basic_block(2, 2), (2, 4, 4)),
    "basic block, stride": (basic_block(2, 3, 2), (2, 4, 4)),
    "bottleneck": (lambda: settled(Bottleneck()), (4, 3, 3)),
    "fire": (Fire, (3, 3, 3)),
    "inception": (Inception, (2, 3, 3)),
    "dense": (lambda: settled(Dense()), (2, 3, 3)),
    "shuffle": (Shuffle, (4, 3, 3)),
    "u-net": (UNet, (1, 4, 4)),
    "u-net, transposed": (lambda: UNet("transpose"), (1, 4, 4)),
    "u-net, bilinear": (lambda: UNet("bilinear"), (1, 4, 4)),
    "mixer": (Mixer, (4, 3)),
    "recurrent": (Recurrent, (3, 2)),
}
