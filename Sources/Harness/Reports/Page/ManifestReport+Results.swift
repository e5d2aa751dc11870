import Records
import Tables

/// What came out: tables, pictures, and both beside what was published.
extension ManifestReport {
  var tableSection: HTMLPage.Section {
    guard let tables else {
      return HTMLPage.Section("tables", "Tables", [.paragraph("The manifest declares no tables.")])
    }
    let content = tables.sheets.flatMap { sheet in
      [.element("h3", [:], Markup(sheet.specification.name)), sheet.markup]
    }
    return HTMLPage.Section("tables", "Tables", content)
  }

  /// - Parameter drawings: nil where pictures are left out.
  func figureSection(_ drawings: [String: String]?) throws -> HTMLPage.Section {
    guard let drawings else {
      return HTMLPage.Section("figures", "Figures", [.paragraph("Pictures were left out, as was asked.")])
    }
    var content: [Markup] = []
    if manifest.figures.isEmpty { content.append(.paragraph("The manifest declares no figures.")) }
    for figure in manifest.figures where !pictures.contains(where: { $0.name == figure.specification.name }) {
      content.append(
        .paragraph("\(figure.specification.name): nothing to draw yet, as no run is finished."))
    }
    for picture in pictures {
      guard let drawing = drawings[picture.name] else { continue }
      let isCurves = picture.name == curves.picture?.name
      let caption = picture.caption + (isCurves ? curves.notes : [])
      let svg = try InlineSVG(
        drawing, name: "picture-\(picture.name)", title: "\(picture.name): \(picture.caption.first ?? "")")
      content += [
        .element("h3", [:], Markup(isCurves ? "Loss while training" : picture.name)),
        .element(
          "figure", [:],
          .element(
            "div", ["class": "scroll", "role": "region", "tabindex": "0", "aria-label": picture.name],
            svg.markup),
          .element("figcaption", [:], caption.map { .paragraph($0, class: "facts") })),
      ]
    }
    if curves.picture == nil { content.append(.paragraph("No run has a history of its training loss yet.")) }
    return HTMLPage.Section("figures", "Figures", content)
  }

  /// What was measured, held against what was published.
  var paperSection: HTMLPage.Section {
    guard let comparison, let verification else {
      return HTMLPage.Section(
        "paper", "Beside the paper", [.paragraph("No table of the manifest names published numbers.")])
    }
    var content: [Markup] = []
    if let tier = verification.verifications.first(where: \.mixesTiers)?.published.tier {
      content.append(
        .paragraph(
          "Measured and published numbers are of different tiers, \(manifest.tier.rawValue) beside \(tier): no value here "
            + "repeats the published experiment.", class: "warning"))
    }
    content.append(.element("h3", [:], Markup("What is reproduced")))
    for one in verification.verifications { content.append(one.markup) }
    content += sentences(verification.notes)
    content.append(.element("h3", [:], Markup("Differences, cell by cell")))
    for part in comparison.parts { content.append(part.difference.markup) }
    content += sentences(comparison.notes)
    return HTMLPage.Section("paper", "Beside the paper", content)
  }

  private func sentences(_ lines: String) -> [Markup] {
    lines.split(separator: "\n").map { .paragraph(String($0), class: "facts") }
  }
}
