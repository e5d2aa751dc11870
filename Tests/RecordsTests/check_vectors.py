"""The second checker of the published vectors: each byte and hash again, from its description, with cbor2.

usage: /usr/bin/python3 check_vectors.py Vectors/vectors.json      (Debian: apt install python3-cbor2)
       … check_vectors.py ../HarnessTests/Manifest/Frozen/specifications.json: stored runs by their bytes and ids
cbor2 sorts keys by length and then by bytes, which for keys of text is the order of RFC 8949 section 4.2.1.
Its compiled encoder (5.4.6) gives 32 bits to halves from 32768 on, so its encoder in Python is taken.
"""
import hashlib, json, math, sys
from cbor2.decoder import loads
from cbor2.encoder import dumps

def item(written):
    (kind, value), = written.items()
    return {"integer": int, "real": lambda t: float(t) + 0.0, "text": str, "boolean": bool,
            "null": lambda _: None, "bytes": bytes.fromhex, "list": lambda items: [item(i) for i in items],
            "map": lambda members: {key: item(i) for key, i in members.items()}}[kind](value)

def settings(entries, neutral):
    tree = {}
    for key, written in entries.items():
        if neutral.get(key) == written: continue
        *groups, last = key.split(".")
        group = tree
        for word in groups: group = group.setdefault(word, {})
        group[last] = item(written)
    return tree

def number(text):
    value = float(text) + 0.0
    if math.isnan(value): return None
    return value if math.isfinite(value) else "infinity" if value > 0 else "-infinity"

def structure(v):
    digest, by_bytes = bytes.fromhex, lambda members: sorted(members.items(), key=lambda p: p[0].encode())
    return {"item": lambda: item(v["item"]), "run": lambda: settings(v["settings"], v["neutral"]),
            "manifest": lambda: {"runs": sorted({digest(r) for r in v["runs"]}), "tier": v["tier"],
                                 "tables": [[name, item(i)] for name, i in by_bytes(v["tables"])],
                                 "references": [[path, digest(d)] for path, d in by_bytes(v["references"])],
                                 **({"figures": [[name, item(i)] for name, i in by_bytes(v["figures"])]}
                                    if "figures" in v else {})},
            "code": lambda: {key: v[key] if key == "toolchain" else digest(v[key])
                             for key in ("executable", "sources", "toolchain") if key in v},
            "result": lambda: {"metrics": {name: number(x) for name, x in v["metrics"].items()},
                               "digests": {name: digest(d) for name, d in v["digests"].items()},
                               "weights": digest(v["weights"])}}[v["kind"]]()

def allowed(x, depth=0):
    if isinstance(x, dict):
        return depth < 64 and all(isinstance(k, str) and k.isascii() and allowed(x[k], depth + 1) for k in x)
    if isinstance(x, list): return depth < 64 and all(allowed(i, depth + 1) for i in x)
    if isinstance(x, float): return math.isfinite(x) and (x != 0 or math.copysign(1, x) > 0)
    return x is None or isinstance(x, (bool, str, bytes)) or (isinstance(x, int) and -2**64 <= x < 2**64)

def refuses(encoded):
    try: x = loads(encoded)
    except Exception: return True
    return not allowed(x) or dumps(x, canonical=True) != encoded

def check_frozen(runs):
    wrong = []
    for run in runs:
        encoded = bytes.fromhex(run["bytes"])
        if refuses(encoded) or not isinstance(loads(encoded), dict): wrong.append(f"{run['name']}: not canonical")
        found = hashlib.sha256(b"mneme/run/v1\0" + encoded).hexdigest()
        if found != run["id"]: wrong.append(f"{run['name']}: id {found}, not {run['id']}")
    print(*wrong, f"{len(runs)} frozen runs checked", sep="\n")
    sys.exit(1 if wrong or not runs else 0)

if __name__ == "__main__":
    published, wrong = json.load(open(sys.argv[1], encoding="utf-8")), []
    if "specifications" in published: check_frozen(published["specifications"])
    for v in published["vectors"]:
        encoded = dumps(structure(v), canonical=True)
        domain = b"" if v["kind"] == "item" else b"mneme/%s/v1\0" % v["kind"].encode()
        found = {"bytes": encoded.hex(), "sha256": hashlib.sha256(domain + encoded).hexdigest()}
        wrong += [f"{v['name']}: {key} {found[key]}, not {v[key]}" for key in found if found[key] != v[key]]
    refused = published["refused"]
    wrong += [f"{r['name']}: accepted" for r in refused if not refuses(bytes.fromhex(r["bytes"]))]
    print(*wrong, f"{len(published['vectors'])} vectors and {len(refused)} refusals checked", sep="\n")
    sys.exit(1 if wrong or not published["vectors"] else 0)
