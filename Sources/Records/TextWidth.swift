extension StringProtocol {
  /// Columns of a terminal that the text takes: two for a wide East Asian character or an emoji, none for what combines with
  /// the character before it.
  ///
  /// Control characters count as none; a text that holds some is not laid out by anybody.
  package var columns: Int {
    if utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7F }) { return utf8.count }
    return reduce(0) { $0 + $1.columns }
  }
}

extension Character {
  /// Columns of a terminal: 0, 1 or 2.
  package var columns: Int {
    var widest = 0
    if unicodeScalars.count > 1, unicodeScalars.first?.isHalfOfFlag == true { return 2 }
    for scalar in unicodeScalars {
      // U+FE0F asks for the picture where there is a letter, too.
      if scalar.isWide || scalar == "\u{FE0F}" && widest > 0 { return 2 }
      if !scalar.isWithoutWidth { widest = 1 }
    }
    return widest
  }
}

extension Unicode.Scalar {
  /// Marks that stand over or under another character, joiners, controls.
  fileprivate var isWithoutWidth: Bool {
    switch properties.generalCategory {
    case .nonspacingMark, .enclosingMark, .control, .format: value != 0xAD
    default: (0x1160...0x11FF).contains(value)
    }
  }

  /// One of the letters of which two make a flag: alone it is narrow.
  fileprivate var isHalfOfFlag: Bool { (0x1F1E6...0x1F1FF).contains(value) }

  /// Wide or full width, after EastAsianWidth.txt of Unicode 14 (UAX #11).
  fileprivate var isWide: Bool {
    if properties.isEmojiPresentation { return !isHalfOfFlag }
    guard value >= 0x1100 else { return false }
    return Unicode.Scalar.wide.contains { $0.contains(value) }
  }

  /// Whole blocks where nothing in them is narrow: what is not assigned in them counts as wide, too.
  private static let wide: [ClosedRange<UInt32>] = [
    0x1100...0x115F, 0x2329...0x232A, 0x2E80...0x303E, 0x3041...0x3247, 0x3250...0x4DBF, 0x4E00...0xA4CF,
    0xA960...0xA97F, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE10...0xFE19, 0xFE30...0xFE6F, 0xFF01...0xFF60,
    0xFFE0...0xFFE6, 0x16FE0...0x18CFF, 0x18D00...0x18D8F, 0x1AFF0...0x1B2FF, 0x1F200...0x1F265,
    0x20000...0x2FFFD, 0x30000...0x3FFFD,
  ]
}
