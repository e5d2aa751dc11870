"""Writes foreign.h5 and its refused neighbours, as other programs would: python3 make_foreign.py"""
import h5py
import numpy as np

with h5py.File("foreign.h5", "w") as file:
    file.attrs["json"] = np.bytes_('{"width": 32}')
    file.attrs["varying"] = "Mneme, grüßt"
    file.attrs["flag"] = True
    file.attrs["sizes"] = np.array([1, 2, 3], "<i4")
    file.attrs["rate"] = np.float32(0.5)
    file.attrs["words"] = np.array([b"one", b"three"])
    weights = file.create_group("weights")
    weights.create_dataset("single", data=np.arange(6, dtype="<f4").reshape(2, 3), compression="gzip", shuffle=True)
    weights.create_dataset("double", data=np.array([0.1, -0.0, np.nan]))
    weights.create_dataset("half", data=np.array([0.5, 2.0], "<f2"))
    weights.create_dataset("big_endian", data=np.array([1.5, -2.5], ">f8"))
    weights.create_dataset("empty", shape=(2, 0, 3), dtype="<f4")
    weights.create_dataset("scalar", data=np.float64(3.5))
    counts = file.create_group("counts")
    for kind in ["i1", "u1", "<i2", "<u2", "<i4", "<u4", "<i8", "<u8", ">i4"]:
        name = kind.replace("<", "").replace(">", "big_")
        counts.create_dataset(name, data=np.array([1, 100], kind))
    counts.create_dataset("flags", data=np.array([True, False]))
    counts.create_dataset("enum", data=np.array([2, 0]), dtype=h5py.enum_dtype({"A": 0, "C": 2}, basetype="<i4"))
    texts = file.create_group("texts")
    texts.create_dataset("varying", data=["a", "", "ä"])
    texts.create_dataset("fixed", data=np.array([b"abc", b"d"]))
    step = file.create_dataset("series/step", data=np.arange(3))
    loss = file.create_dataset("series/loss", data=np.ones((3, 2)))
    step.make_scale("step")
    loss.dims[0].attach_scale(step)
    file["link"] = h5py.SoftLink("/weights/scalar")


def virtual(file):
    layout = h5py.VirtualLayout(shape=(8,), dtype="f8")
    layout[0:] = h5py.VirtualSource("foreign.h5", "weights/scalar", shape=(8,))
    file.create_virtual_dataset("all", layout)


def repeated(file):
    data = file.create_dataset("d000", shape=(15 << 20,), dtype="<f4")
    for number in range(1, 200):
        file["d%03d" % number] = data


for name, make in {
    "compound": lambda file: file.create_dataset("pair", data=np.zeros(2, [("a", "<i4"), ("b", "<f4")])),
    "circle": lambda file: file.create_group("a").__setitem__("again", file["/"]),
    "huge": lambda file: file.create_dataset("all", shape=(1 << 40, 1 << 20), dtype="<f4", chunks=(1, 4096)),
    "nowhere": lambda file: file.__setitem__("link", h5py.SoftLink("/absent")),
    # What leads to other files, and what asks for more memory than there is.
    "elsewhere": lambda file: file.__setitem__("link", h5py.ExternalLink("foreign.h5", "/weights/scalar")),
    "detour": lambda file: (
        file.__setitem__("a", h5py.ExternalLink("foreign.h5", "/weights")),
        file.__setitem__("b", h5py.SoftLink("/a/scalar")),
        file.move("a", "z"),
    ),
    "raw": lambda file: file.create_dataset("bytes", (8,), "u1", external=[("foreign.h5", 0, 8)]),
    "virtual": lambda file: virtual(file),
    "repeated": lambda file: repeated(file),
    "chunks": lambda file: file.create_dataset("one", shape=(1,), maxshape=(None,), dtype="u1", chunks=(1 << 31,)),
    "packed": lambda file: file.create_dataset("near", data=np.arange(9), scaleoffset=0, chunks=(9,)),
    "deep": lambda file: file.create_group("/".join("g" * 70)),
}.items():
    with h5py.File(name + ".h5", "w") as file:
        make(file)
