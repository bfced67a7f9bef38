#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Fine-tunes MobileNetV2 on a folder of images as cxr-train does, with PyTorch and OpenCV from Python.

This is what cxr-training-bench compares the trainer with: same network, batch, loss, optimiser, averaging, images and
augmentation, written as one would in Python. Prints the versions, then for each step the seconds it waited for images
and those of forward, backward and update. Needs Debian's python3-torch and python3-opencv.
"""
import argparse
import ctypes
import math
import pathlib
import signal
import sys
import time

try:
    import cv2
    import numpy as np
    import torch
    from torch import nn
    from torch.utils.data import DataLoader, Dataset
except ImportError as error:
    sys.exit(f"training_throughput.py: {error}. The comparison needs Debian's python3-torch (1 GB with what it takes "
             "along) and python3-opencv: integration/install-dependencies.sh python3-torch python3-opencv")

CLASSES = ("BACTERIA", "NORMAL", "VIRUS")
SIDE = 224
# Expansion, channels, repeats and first stride of each stage (Sandler et al. 2018, table 2).
STAGES = ((1, 16, 1, 1), (6, 24, 2, 2), (6, 32, 3, 2), (6, 64, 4, 2), (6, 96, 3, 1), (6, 160, 3, 2), (6, 320, 1, 1))


class Clamp6(nn.Module):
    """ReLU6 for bfloat16: hardtanh has no gradient in bfloat16 on the CPU in LibTorch 1.13."""

    def forward(self, x):
        return torch.clamp(x, 0, 6)


class InvertedResidual(nn.Module):
    def __init__(self, channels, out, stride, expansion, layer):
        super().__init__()
        hidden = channels * expansion
        self.residual = stride == 1 and channels == out
        expand = [layer(channels, hidden, 1)] if expansion != 1 else []
        self.layers = nn.Sequential(*expand, layer(hidden, hidden, 3, stride, hidden),
                                    nn.Conv2d(hidden, out, 1, bias=False), nn.BatchNorm2d(out))

    def forward(self, x):
        return x + self.layers(x) if self.residual else self.layers(x)


def mobilenet_v2(activation):
    """MobileNetV2 1.0 with a head of three classes, as in torchvision."""

    def layer(channels, out, kernel, stride=1, groups=1):
        return nn.Sequential(nn.Conv2d(channels, out, kernel, stride, kernel // 2, groups=groups, bias=False),
                             nn.BatchNorm2d(out), activation())

    blocks, channels = [layer(3, 32, 3, 2)], 32
    for expansion, out, repeats, first_stride in STAGES:
        for repeat in range(repeats):
            blocks.append(InvertedResidual(channels, out, first_stride if repeat == 0 else 1, expansion, layer))
            channels = out
    blocks.append(layer(channels, 1280, 1))
    return nn.Sequential(*blocks, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Dropout(0.2), nn.Linear(1280, len(CLASSES)))


def crop(image, dice):
    area, shape = dice.uniform(0.6, 1), math.exp(dice.uniform(-0.22, 0.22))
    width = min(SIDE, int(math.sqrt(area * shape) * SIDE))
    height = min(SIDE, int(math.sqrt(area / shape) * SIDE))
    x, y = dice.integers(SIDE - width + 1), dice.integers(SIDE - height + 1)
    return cv2.resize(image[y:y + height, x:x + width], (SIDE, SIDE), interpolation=cv2.INTER_LINEAR)


def flip_and_warp(image, dice):
    center = ((SIDE - 1) / 2, (SIDE - 1) / 2)
    warp = cv2.getRotationMatrix2D(center, dice.uniform(-10, 10), dice.uniform(0.88, 1.12))
    warp[:, 2] += dice.uniform(-0.06, 0.06, 2) * SIDE
    if dice.random() < 0.5:
        warp = warp @ np.array([[-1, 0, SIDE - 1], [0, 1, 0], [0, 0, 1]], np.float64)
    return cv2.warpAffine(image, warp, (SIDE, SIDE), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)


def change_intensity(image, dice):
    unit = np.clip((image + 1) / 2, 0, 1) ** np.float32(math.exp(dice.uniform(-0.4, 0.4)))
    contrast, brightness = np.float32(dice.uniform(0.75, 1.25)), np.float32(dice.uniform(-0.1, 0.1))
    image = 2 * ((unit - np.float32(0.5)) * contrast + np.float32(0.5) + brightness) - 1
    if dice.random() < 0.2:
        image += np.float32(dice.uniform(0, 0.04)) * dice.standard_normal(image.shape, np.float32)
    return image


def lose_resolution(image, dice):
    factor = dice.uniform(0.4, 0.9)
    small = cv2.resize(image, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
    return cv2.resize(small, (SIDE, SIDE), interpolation=cv2.INTER_LINEAR)


def compress(image, dice):
    pixels = np.clip(image * 127.5 + 128, 0, 255).astype(np.uint8)
    _, data = cv2.imencode(".jpg", pixels, (cv2.IMWRITE_JPEG_QUALITY, 25 + int(dice.integers(71))))
    return cv2.imdecode(data, cv2.IMREAD_GRAYSCALE).astype(np.float32) / np.float32(127.5) - 1


def erase(image, dice):
    height, width = (int(side * SIDE) for side in dice.uniform(0.1, 0.35, 2))
    y, x = dice.integers(SIDE - height), dice.integers(SIDE - width)
    image[y:y + height, x:x + width] = dice.uniform(-1, 1)


def augment(image, dice):
    """The changes of trainer/data/augmentation.cpp, with the recipe's share of crops and JPEG noise."""
    image = flip_and_warp(crop(image, dice), dice)
    if dice.random() < 0.25:
        image = lose_resolution(image, dice)
    image = change_intensity(image, dice)
    if dice.random() < 0.3:
        image = compress(image, dice)
    if dice.random() < 0.25:
        erase(image, dice)
    return np.clip(image, -1, 1)


class Images(Dataset):
    """`count` augmented images from the class folders, over and over."""

    def __init__(self, folder, count):
        self.files = [(str(file), label) for label, name in enumerate(CLASSES)
                      for file in sorted((pathlib.Path(folder) / name).iterdir())]
        self.count = count

    def __len__(self):
        return self.count

    def __getitem__(self, index):
        file, label = self.files[index % len(self.files)]
        pixels = cv2.imread(file, cv2.IMREAD_GRAYSCALE)
        if pixels.shape != (SIDE, SIDE):
            pixels = cv2.resize(pixels, (SIDE, SIDE), interpolation=cv2.INTER_AREA)
        image = pixels.astype(np.float32) / np.float32(127.5) - 1
        return augment(image, np.random.default_rng(index))[None], label


def start_worker(_):
    cv2.setNumThreads(0)  # the workers are the parallelism


class Trainer:
    def __init__(self, bfloat16):
        activation = Clamp6 if bfloat16 else lambda: nn.ReLU6(inplace=True)
        self.bfloat16 = bfloat16
        self.network = mobilenet_v2(activation).to(memory_format=torch.channels_last).train()
        self.parameters = list(self.network.parameters())
        self.optimizer = torch.optim.AdamW(self.parameters, lr=5e-4, weight_decay=0.02, foreach=True)
        self.loss = nn.CrossEntropyLoss(weight=torch.ones(len(CLASSES)), label_smoothing=0.1)
        floats = [buffer for buffer in self.network.buffers() if buffer.is_floating_point()]
        self.live = [tensor.detach() for tensor in self.parameters + floats]
        self.average = [tensor.clone() for tensor in self.live]
        self.total = self.hits = 0.0

    def step(self, images, labels):
        """Seconds of forward, backward and update."""
        begin = time.perf_counter()
        batch = images.expand(-1, 3, -1, -1).contiguous(memory_format=torch.channels_last)
        with torch.autocast("cpu", dtype=torch.bfloat16, enabled=self.bfloat16):
            logits = self.network(batch)
        value = self.loss(logits.float(), labels)
        forward = time.perf_counter()
        self.optimizer.zero_grad(set_to_none=True)
        value.backward()
        backward = time.perf_counter()
        nn.utils.clip_grad_norm_(self.parameters, 5.0)
        self.optimizer.step()
        torch._foreach_mul_(self.average, 0.99)
        torch._foreach_add_(self.average, self.live, alpha=0.01)
        self.total += value.item() * len(labels)
        self.hits += (logits.argmax(1) == labels).sum().item()
        return forward - begin, backward - forward, time.perf_counter() - backward


def options():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", required=True, help="folder with the folders BACTERIA, NORMAL and VIRUS")
    parser.add_argument("--precision", choices=("float32", "bfloat16"), default="float32")
    parser.add_argument("--steps", type=int, default=8)
    parser.add_argument("--batch-size", type=int, default=32)
    parser.add_argument("--threads", type=int, default=2, help="of the network")
    parser.add_argument("--loaders", type=int, default=2, help="processes that read and augment images")
    parser.add_argument("--keep-memory", action="store_true",
                        help="make malloc keep what is freed, as cxr-train does and Python by itself does not")
    return parser.parse_args()


def keep_freed_memory():
    trim_threshold, mmap_max = -1, -4  # malloc.h
    libc = ctypes.CDLL(None)
    libc.mallopt(mmap_max, 0)
    libc.mallopt(trim_threshold, -1)


def main():
    chosen = options()
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT, signal.SIGTERM})  # the caller may have blocked them
    if chosen.keep_memory:
        keep_freed_memory()
    torch.manual_seed(1)
    torch.set_num_threads(chosen.threads)
    print(f"torch {torch.__version__} opencv {cv2.__version__}", flush=True)
    trainer = Trainer(chosen.precision == "bfloat16")
    loader = DataLoader(Images(chosen.data, chosen.steps * chosen.batch_size), chosen.batch_size, shuffle=True,
                        num_workers=chosen.loaders, worker_init_fn=start_worker)
    batches = iter(loader)
    for _ in range(chosen.steps):
        begin = time.perf_counter()
        images, labels = next(batches)
        waited = time.perf_counter() - begin
        print("step", waited, *trainer.step(images, labels), flush=True)


if __name__ == "__main__":
    main()
