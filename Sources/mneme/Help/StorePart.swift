/// A file or folder of a store, and what it is.
struct StorePart {
  /// From the store's folder; `XX` are the first two digits of a hash, `HASH` all 64, `N` other digits, `KIND` a word.
  let path: String
  let words: String

  static let all = [
    StorePart(path: "VERSION", words: "says that the folder is a store"),
    StorePart(path: "runs/XX/HASH/spec", words: "the settings that the run is named by, in CBOR"),
    StorePart(path: "runs/XX/HASH/lock", words: "held by who computes the run; empty"),
    StorePart(
      path: "runs/XX/HASH/result.h5", words: "settings, metrics, their history and digests; written once"),
    StorePart(path: "runs/XX/HASH/weights.h5", words: "final weights by the names of parameters"),
    StorePart(path: "runs/XX/HASH/attempts/N/attempt.json", words: "who began when, where, with which code"),
    StorePart(path: "runs/XX/HASH/attempts/N/log", words: "what was said meanwhile"),
    StorePart(path: "runs/XX/HASH/attempts/N/live.jsonl", words: "how far it was, line by line"),
    StorePart(path: "runs/XX/HASH/attempts/N/checkpoint-N.h5", words: "where an unfinished run goes on"),
    StorePart(path: "runs/XX/HASH/attempts/N/beats", words: "signs of life for other machines"),
    StorePart(path: "runs/XX/HASH/attempts/N/end.json", words: "how it ended, and what it cost"),
    StorePart(
      path: "objects/XX/HASH.KIND", words: "manifests, plans and other things ever used, by their hash"),
    StorePart(path: "jobs/HASH/N_N.log", words: "what jobs of a cluster wrote"),
    StorePart(path: "jobs/lock", words: "held by who submits"),
    StorePart(path: "notes.jsonl", words: "notes and tags, a line each"),
    StorePart(
      path: "index/results", words: "numbers of results once more, for speed; may be deleted at any time"),
    StorePart(path: "trash/", words: "what is being removed"),
  ]
}
