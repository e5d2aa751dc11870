"""Prints every parameter of a weights.h5 with its shape and sum: python3 read_weights.py weights.h5"""
import sys

import h5py

with h5py.File(sys.argv[1]) as file:
    print(file.attrs["format"].decode(), "of run", file.attrs["run"].decode()[:12])
    weights = {name: array[()] for name, array in file["parameters"].items()}

for name, array in weights.items():
    print(name, "x".join(map(str, array.shape)), array.dtype, float(array.sum()))
