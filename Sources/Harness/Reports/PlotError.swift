import Records

/// Why nothing can be drawn.
package enum PlotError: Error, CustomStringConvertible, Equatable {
  case noFigures(manifest: String)
  case unknownFigure(String, owner: String, known: [String])
  case severalFigures(owner: String, known: [String])
  case nothingFinished(manifest: String)
  case isRun(String)
  case tooManyWords([String])
  case unknownMetric(String, known: [String])
  case noMetric([String])
  case unknownAxis(String)
  case noHistory([String])
  case tooManyRuns(Int, limit: Int)
  case noGnuplot(script: String)
  case gnuplotFailed(script: String, reason: String)
  case otherEnding(String)
  case noGnuplotForPage
  case noPicture(String, reason: String)

  package var description: String {
    switch self {
    case .noFigures(let manifest):
      "\(manifest) declares no figures; add a group `figures` to the manifest, or draw a history: "
        + "`mneme plot HASH --y train.loss`."
    case .unknownFigure(let name, let owner, let known):
      "\(owner) has no figure \(name); "
        + (nearest(name, among: known).map { "did you mean \($0)?" }
          ?? "it has \(known.joined(separator: ", ")).")
    case .severalFigures(let owner, let known):
      "\(owner) has \(known.count) figures, and a file holds one; name one of \(known.joined(separator: ", "))."
    case .nothingFinished(let manifest):
      "no run of \(manifest) is finished, and nothing was published, so there is nothing to draw; "
        + "`mneme status` tells how far the runs are."
    case .isRun(let word):
      "\(word) is a run, which has no figures; `mneme plot \(word) --y train.loss` draws what it measured."
    case .tooManyWords(let words):
      "\(words.joined(separator: " ")) is too much: without --y, one manifest and at most one figure are named."
    case .unknownMetric(let name, let known):
      "no history is called \(name); the runs have \(known.joined(separator: ", "))"
        + (nearest(name, among: known).map { "; did you mean \($0)?" } ?? ".")
    case .noMetric(let lists):
      "--y \(lists.joined(separator: " --y ")) names no metric; name one with a history, such as train.loss."
    case .unknownAxis(let name): "--x is \(name); histories are drawn over step."
    case .noHistory(let reasons):
      "there is no history to draw: \(reasons.prefix(4).joined(separator: "; "))"
        + (reasons.count > 4 ? "; and \(reasons.count - 4) more" : "") + "."
    case .tooManyRuns(let count, let limit):
      "\(count) runs are more curves than look different from each other; choose fewer, at most \(limit)."
    case .noGnuplot(let script):
      "gnuplot, which draws pictures, is not installed; type `apt-get install gnuplot-nox` as root. Script and data "
        + "are written: `gnuplot \(script)` draws them then."
    case .gnuplotFailed(let script, let reason):
      "gnuplot could not draw \(script): \(reason) Script and data are written; older pictures are left as they were."
    case .noGnuplotForPage:
      "gnuplot, which draws the pictures of a page, is not installed; type `apt-get install gnuplot-nox` as root, or leave "
        + "them out by --without-pictures. Nothing is written."
    case .noPicture(let name, let reason):
      "gnuplot could not draw \(name): \(reason) --without-pictures leaves pictures out. Nothing is written."
    case .otherEnding(let file): "\(file) is no name for a picture; end it in .svg or .png."
    }
  }
}
