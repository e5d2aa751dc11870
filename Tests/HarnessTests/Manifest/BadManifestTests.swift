import Harness
import Models
import Testing

/// A change of the sample that makes it impossible, and what a person is told; sentences of other modules are given by
/// their beginning and `…`.
struct BadManifest: Sendable, CustomTestStringConvertible {
  let found: String
  let replacement: String
  let message: String

  init(_ found: String, _ replacement: String, _ message: String) {
    (self.found, self.replacement, self.message) = (found, replacement, message)
  }

  var testDescription: String { replacement.isEmpty ? "without \(found)" : replacement }
}

@Suite struct BadManifests {
  static let cases: [BadManifest] = [
    // The language.
    BadManifest(
      "mneme: 1\nname", "name",
      "sorting.yaml does not say “mneme: 1”, the version of its language; add the line."),
    BadManifest(
      "mneme: 1\nname", "mneme: 2\nname",
      "sorting.yaml:1: mneme is “2”; this program reads version 1 of the language: write “mneme: 1”."),
    BadManifest("name: sorting\n", "", "sorting.yaml does not say name: a label such as sorting-ablation."),
    BadManifest(
      "name: sorting", "name:",
      "sorting.yaml:2: name has no value; expected something, or no such key."),
    BadManifest(
      "name: sorting", "name: [a]",
      "sorting.yaml:2: name is a list; expected a label of at most 100 letters."),
    BadManifest("tier: quick\n", "", "sorting.yaml does not say tier: one of quick, reduced, paper."),
    BadManifest(
      "tier: quick", "tier: quik",
      "sorting.yaml:3: tier is “quik”, which is not one of its values. Known: quick, reduced, paper;"
        + " did you mean quick?"),
    BadManifest(
      "tier: quick", "tier: quick\ngird: {}",
      "sorting.yaml:4: gird is not a key; did you mean grid?"),
    BadManifest(
      "tier: quick", "tier: quick\nmodle.heads: 2",
      "sorting.yaml:4: modle.heads is not a key; did you mean model.heads?"),
    BadManifest(
      "tier: quick", "tier: quick\ntier: paper",
      "sorting.yaml:3: tier is set twice; remove one of them."),
    BadManifest(
      "tier: quick", "tier: quick\nmodel: memoria",
      "sorting.yaml:4: model is “memoria”; expected keys such as model.kind."),
    BadManifest(
      "tier: quick", "tier: !!int quick",
      "sorting.yaml:3: the tag tag:yaml.org,2002:int has no meaning here; types follow from the"
        + " keys: remove it."),
    BadManifest(
      "tier: quick", "!tag tier: quick",
      "sorting.yaml:3: the tag !tag has no meaning here; types follow from the keys: remove it."),
    BadManifest(
      "tier: quick", "tier: [quick",
      "sorting.yaml:4: this is not YAML: a list that begins with “[” is not closed with “]”, or lacks a comma."
    ),
    BadManifest(
      "tier: quick", "tier: quick\n\tname: x",
      "sorting.yaml:4: this is not YAML: a tab indents this line; use spaces."),
    BadManifest(
      "tier: quick", "tier: \"quick",
      "sorting.yaml:11: this is not YAML: a quote that was opened is not closed."),
    BadManifest(
      "tier: quick", "tier: *quick", "sorting.yaml:3: this is not YAML: no “&name” comes before this “*name”."
    ),
    BadManifest(
      "tier: quick", "tier: quick: paper",
      "sorting.yaml:3: this is not YAML: a “:” stands where no key can; write one “key: value” a line, and text that"
        + " holds “: ” in quotes."),
    BadManifest(
      "tier: quick", "tier: quick\n---\na: 1",
      "sorting.yaml:4: this is not YAML: a second document begins here; a manifest is one."),
    BadManifest(
      "tier: quick", "? [tier]\n: quick",
      "sorting.yaml:3: this key is a list or a group of keys; a key is a word such as task.length."),
    BadManifest(
      "tier: quick", "<<: {tier: quick}",
      "sorting.yaml:3: << is not a key that anything here reads: remove it."),
    // Keys.
    BadManifest(
      "heads: 2", "haeds: 2",
      "common/base.yaml:14: model.haeds is not a key; did you mean model.heads?"),
    BadManifest(
      "inner_width: 32", "innerWidth: 32",
      "common/base.yaml:16: model.innerWidth is not a key; did you mean model.inner_width?"),
    BadManifest(
      "engrams: 2", "engrms: 2",
      "common/base.yaml:24: model.memoria.engrms is not a key; did you mean model.memoria.engrams?"),
    BadManifest(
      "length: 35\n  segment_length", "segment_length",
      "common/base.yaml:3: task.length is missing, which the task sorting needs; no file of"
        + " Experiments/common sets it."),
    BadManifest(
      "  heads: 2\n", "",
      "common/base.yaml:12: model.heads is missing, which the model memoria needs; no file of"
        + " Experiments/common sets it."),
    BadManifest(
      "  kind: memoria\n", "",
      "common/base.yaml:12: model.kind is missing, which every run needs; no file of"
        + " Experiments/common sets it."),
    BadManifest(
      "  batch: 8\n", "",
      "common/base.yaml:32: training.batch is missing, which every run needs; no file of"
        + " Experiments/common sets it."),
    BadManifest(
      "\n  seed: [1, 2]", "",
      "sorting.yaml:1: seed is missing, which every run needs; no file of Experiments/common sets it."),
    BadManifest(
      "model:\n  kind", "model.heads: 4\nmodel:\n  kind",
      "common/base.yaml:15: model.heads is set twice, first in common/base.yaml:11; remove one of"
        + " them."),
    BadManifest(
      "heads: 2", "heads: 2\n  heads: 4",
      "common/base.yaml:14: heads is set twice; remove one of them."),
    BadManifest(
      "heads: 2", "heads:",
      "common/base.yaml:14: model.heads has no value; expected a whole number."),
    BadManifest(
      "heads: 2", "heads: {a: 2}",
      "common/base.yaml:14: model.heads.a is not a key; did you mean model.heads?"),
    BadManifest(
      "heads: 2", "heads: [2]",
      "common/base.yaml:14: model.heads is a list; expected a whole number."),
    BadManifest(
      "heads: 2", "heads: 2.0",
      "common/base.yaml:14: model.heads is “2.0”; expected a whole number: write 2."),
    BadManifest(
      "heads: 2", "heads: two",
      "common/base.yaml:14: model.heads is “two”; expected a whole number."),
    BadManifest(
      "heads: 2", "heads: 010",
      "common/base.yaml:14: model.heads is “010”; expected a whole number: a leading zero could mean"
        + " octal, write 10."),
    BadManifest(
      "heads: 2", "heads: 0x2",
      "common/base.yaml:14: model.heads is “0x2”; expected a whole number."),
    BadManifest(
      "heads: 2", "heads: 1_0",
      "common/base.yaml:14: model.heads is “1_0”; expected a whole number."),
    BadManifest(
      "heads: 2", "heads: 9223372036854775808",
      "common/base.yaml:14: model.heads is 9223372036854775808; expected a whole number from"
        + " -9223372036854775808 to 9223372036854775807."),
    BadManifest("heads: 2", "heads: ~", "common/base.yaml:14: model.heads is “~”; expected a whole number."),
    BadManifest(
      "heads: 2", "heads: yes",
      "common/base.yaml:14: model.heads is “yes”; expected a whole number."),
    BadManifest(
      "dropout: 0.1", "dropout: .inf",
      "common/base.yaml:18: model.dropout is “.inf”; expected a number."),
    BadManifest(
      "dropout: 0.1", "dropout: nan",
      "common/base.yaml:18: model.dropout is “nan”; expected a number."),
    BadManifest(
      "dropout: 0.1", "dropout: 1e999",
      "common/base.yaml:18: model.dropout is “1e999”; expected a number: it overflows."),
    BadManifest(
      "dropout: 0.1", "dropout: 0,1",
      "common/base.yaml:18: model.dropout is “0,1”; expected a number."),
    BadManifest(
      "rate: 2e-3", "rate: 00.1",
      "common/base.yaml:34: training.rate is “00.1”; expected a number: a leading zero could mean"
        + " octal, write 0.1."),
    BadManifest(
      "kind: memoria", "kind: memoira",
      "common/base.yaml:12: model.kind is “memoira”, which is not a model. Known: "
        + modelCatalogue.map { $0.name }.sorted().joined(separator: ", ") + "; did you mean memoria?"),
    BadManifest(
      "kind: sorting", "kind: sortng",
      "common/base.yaml:3: task.kind is “sortng”, which is not a task. Known: sorting; did you mean"
        + " sorting?"),
    BadManifest(
      "residual_initialization: plain", "residual_initialization: plan",
      "common/base.yaml:19: model.residual_initialization is “plan”, which is not one of its values."
        + " Known: scaled, plain; did you mean plain?"),
    BadManifest(
      "seed: [1, 2]", "seed: [1, -2]",
      "sorting.yaml:7: seed is -2; expected a whole number from 0 to 9223372036854775807."),
    BadManifest(
      "seed: [1, 2]", "seed: [1, {a: 2}]",
      "sorting.yaml:7: seed is a group of keys; expected a whole number, not negative."),
    // Impossible sizes.
    BadManifest("heads: 2", "heads: 3", "common/base.yaml:14: model.heads …"),
    BadManifest("engrams: 2", "engrams: 9", "common/base.yaml:24: model.memoria.engrams …"),
    BadManifest("dropout: 0.1", "dropout: 1", "common/base.yaml:18: model.dropout …"),
    BadManifest("symbols: 4", "symbols: 1", "common/base.yaml:4: task.symbols …"),
    BadManifest("segment_length: 8", "segment_length: 0", "common/base.yaml:6: task.segment_length …"),
    BadManifest(
      "batch: 8", "batch: 0",
      "common/base.yaml:32: training.batch is 0; it must be from 1 to 1048576."),
    BadManifest(
      "warm_up: 0.1", "warm_up: 1",
      "common/base.yaml:35: training.warm_up is 1.0; it must be at least 0 and below 1."),
    // The grid.
    BadManifest(
      "  model.memory: [none, long-term]\n  seed: [1, 2]\n", "",
      "sorting.yaml:5: the grid is empty; list at least one key in it, or remove “grid:” for a"
        + " single run."),
    BadManifest(
      "grid:\n  model.memory: [none, long-term]\n  seed: [1, 2]\n", "grid: {}\n",
      "sorting.yaml:5: the grid is empty; list at least one key in it, or remove “grid:” for a"
        + " single run."),
    BadManifest(
      "seed: [1, 2]", "seed: []",
      "sorting.yaml:7: seed is an empty list, so there would be no run; give at least one value."),
    BadManifest(
      "seed: [1, 2]", "seed: [1, 1]",
      "sorting.yaml:6: run 1 (model.memory=none seed=1) and run 2 (model.memory=none seed=1) are the"
        + " same run, c5e20dbc7110; each run is listed once."),
    BadManifest(
      "seed: [1, 2]", "seed: [1, 2]\n  task.segments: [4, 8]",
      "sorting.yaml:8: task.segments is derived and cannot be set; set task.length, from which it"
        + " follows (tables may use task.segments)."),
    BadManifest(
      "seed: [1, 2]", "seed: [1, 2]\nseed: 3",
      "sorting.yaml:7: seed is listed in the grid and set in sorting.yaml:8; remove one of them."),
    BadManifest(
      "seed: [1, 2]", "seed: [1, 2]\nexclude: [{seed: 3}]",
      "sorting.yaml:8: this rule excludes nothing; remove it, or mend its keys and values."),
    BadManifest(
      "seed: [1, 2]", "seed: [1, 2]\nexclude: [{seed: [1, 2]}]",
      "sorting.yaml:8: every combination is excluded, so there is no run."),
    BadManifest(
      "seed: [1, 2]", "seed: [1, 2]\nexclude: {seed: 1}",
      "sorting.yaml:8: exclude is a group of keys; expected a list of groups of keys."),
    BadManifest(
      "seed: [1, 2]", "seed: [1, 2]\nexclude: []",
      "sorting.yaml:8: exclude is empty; expected at least one group of keys."),
    BadManifest(
      "seed: [1, 2]", "seed: [1, 2]\nzip: [{task.data_seed: [1, 2], task.length: [35]}]",
      "sorting.yaml:8: task.length has 1 value and task.data_seed has 2; lists that are zipped are"
        + " equally long."),
    BadManifest(
      "seed: [1, 2]", "seed: [1, 2]\nzip: [{seed: [3, 4]}]",
      "sorting.yaml:8: seed is set twice, first in sorting.yaml:7; remove one of them."),
    BadManifest(
      "seed: [1, 2]", "seed: [1, 2]\ninclude: [{model.memory: none, seed: 1}]",
      "sorting.yaml:8: run 1 (model.memory=none seed=1) and run 5 (model.memory=none seed=1) are the"
        + " same run, c5e20dbc7110; each run is listed once."),
    BadManifest(
      "seed: [1, 2]", "seed: [1, 2]\ninclude: [{model.kind: transformer, model.memory: none, seed: 1}]",
      "sorting.yaml:8: model.memory is a key of the model memoria, and a run"
        + " here is of transformer, which does not have it; set it beside model.kind memoria only, under"
        + " include for example."),
    BadManifest(
      "kind: memoria", "kind: transformer",
      "sorting.yaml:6: model.memory is a key of the model memoria, and a run here is of transformer…"),
    BadManifest(
      "seed: [1, 2]", "seed: [1]\n  model.kind: [transformer, memoria]",
      "sorting.yaml:6: run 1 (model.memory=none seed=1 model.kind=transformer) and run 3"
        + " (model.memory=long-term seed=1 model.kind=transformer) are the same run…"),
    BadManifest(
      "seed: [1, 2]", "seed: [1, 2]\n  training.lr: [1]",
      "sorting.yaml:8: training.lr is not a key; did you mean training.clip?"),
    // Tables.
    BadManifest("rows: model.memory", "rows: model.memry", "sorting.yaml:9: table t asks for model.memry…"),
    BadManifest(
      "rows: model.memory", "row: model.memory",
      "sorting.yaml:9: tables.t.row is not a key; did you mean tables.t.rows?"),
    BadManifest("rows: model.memory, ", "", "sorting.yaml:9: table t has no rows…"),
    BadManifest(
      "rows: model.memory", "rows: Model.Memory",
      "sorting.yaml:9: tables.t.rows is “Model.Memory”; expected a key such as task.segments."),
    BadManifest("rows: model.memory", "rows: seed", "sorting.yaml:9: table t names seed twice…"),
    BadManifest("over: seed, ", "", "sorting.yaml:9: table t, cell model.memory=…"),
    BadManifest(
      "cell: test.accuracy, ", "",
      "sorting.yaml:9: the table does not say tables.t.cell: the number in a cell, such as"
        + " test.accuracy."),
    BadManifest(
      "cell: test.accuracy", "cell: accuracy",
      "sorting.yaml:9: tables.t.cell is accuracy; expected a metric or cost: a key that begins with"
        + " one of cost, test, train, validation."),
    BadManifest(
      "cell: test.accuracy", "cell: cost.peek_bytes",
      "sorting.yaml:9: tables.t.cell is cost.peek_bytes, which is not a cost that is kept. Known:"
        + " cost.seconds, cost.cpu_seconds, cost.training_seconds, cost.evaluation_seconds, cost.steps,"
        + " cost.seconds_per_step, cost.peak_bytes, cost.state_bytes, cost.association_bytes, cost.attempts;"
        + " did you mean cost.peak_bytes?"),
    BadManifest(
      "cell: test.accuracy", "cell: [cost.seconds, test.accuracy, cost.seconds]",
      "sorting.yaml:9: table t names cost.seconds twice…"),
    BadManifest(
      "show: mean±std", "show: mean+std",
      "sorting.yaml:9: tables.t.show is “mean+std”, which is not one of its values. Known: mean±std,"
        + " mean, median; did you mean mean±std?"),
    BadManifest(
      "show: mean±std", "show: mean±std, reference: paper/t.csv",
      "sorting.yaml:9: tables.t.reference is “paper/t.csv”, and there is no such file."),
    BadManifest(
      "show: mean±std", "show: mean±std, reference: common/base.yaml",
      "sorting.yaml:9: the reference is no table of published numbers:"
        + " Experiments/common/base.yaml:1: …"),
    BadManifest(
      "show: mean±std", "show: mean±std, reference: ../../../t.csv",
      "sorting.yaml:9: tables.t.reference is “../../../t.csv”, which leaves the project; paths stay"
        + " under the folder “project”."),
    BadManifest(
      "  t: {rows", "  T 1: {rows",
      "sorting.yaml:9: a table is called “T 1”; expected a name of a–z, 0–9, - and _."),
    // Resources.
    BadManifest(
      "threads: 1", "threads: 0",
      "sorting.yaml:10: resources.threads is 0; expected a whole number from 1 to 1024."),
    BadManifest(
      "threads: 1", "thread: 1",
      "sorting.yaml:10: resources.thread is not a key; did you mean resources.threads?"),
    BadManifest(
      "timeout: 30m", "timeout: 30",
      "sorting.yaml:10: resources.timeout is “30”; expected a time such as 90s, 30m or 2h."),
    BadManifest(
      "timeout: 30m", "memory: 2GB",
      "sorting.yaml:10: resources.memory is “2GB”; expected an amount such as 512MiB or 2GiB."),
    BadManifest(
      "timeout: 30m", "slots: 2",
      "sorting.yaml:10: resources.slots is “2”; expected names with numbers, such as {gpu: 1}."),
    BadManifest(
      "timeout: 30m", "slots: {gpu: 0}",
      "sorting.yaml:10: resources.slots.gpu is 0; expected a whole number from 1 to 1024."),
    BadManifest(
      "timeout: 30m", "slots: {GPU: 1}",
      "sorting.yaml:10: a name in resources.slots is “GPU”; expected lower-case letters, digits and underscores."
    ),
    BadManifest(
      "resources: {threads: 1, timeout: 30m}", "resources: 3",
      "sorting.yaml:10: resources is “3”; expected keys with values."),
    // Bases.
    BadManifest(
      "base: common/base.yaml", "base: common/bass.yaml",
      "sorting.yaml:4: base is “common/bass.yaml”, and there is no such file;"
        + " did you mean common/base.yaml?"),
    BadManifest(
      "base: common/base.yaml", "base: common",
      "sorting.yaml:4: base is “common”, and there is no such file."),
    BadManifest(
      "base: common/base.yaml", "base: sorting.yaml",
      "sorting.yaml:4: base leads in a circle: sorting.yaml → sorting.yaml; remove one of them."),
    BadManifest(
      "base: common/base.yaml", "base: ../../base.yaml",
      "sorting.yaml:4: base is “../../base.yaml”, which leaves the project; paths stay under the"
        + " folder “project”."),
    BadManifest(
      "base: common/base.yaml", "base: /etc/passwd",
      "sorting.yaml:4: base is “/etc/passwd”; a path is relative to the file that names it, so that"
        + " a project can be moved."),
    BadManifest(
      "base: common/base.yaml", "base: [a]",
      "sorting.yaml:4: base is a list; expected the path of a file."),
  ]

  @Test(arguments: cases) func `each gets one sentence with file and line`(_ bad: BadManifest) throws {
    let complaint = try Sample.project(bad.found, bad.replacement).complaint()
    if bad.message.hasSuffix("…") {
      #expect(complaint.hasPrefix(bad.message.dropLast()))
    } else {
      #expect(complaint == bad.message)
    }
  }
}
