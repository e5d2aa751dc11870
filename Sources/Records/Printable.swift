extension Unicode.Scalar {
  /// Whether a terminal does something else with it than show it: moves its cursor, breaks a line, or turns the direction
  /// of writing, which makes a hash look like another one.
  package var isCommand: Bool {
    switch value {
    case 0..<0x20, 0x7F...0x9F, 0x202A...0x202E, 0x2066...0x2069: true
    default: false
    }
  }
}

/// Foreign text as a part of one line: each command in it is replaced by U+FFFD.
package func printable(_ text: String) -> String {
  guard text.unicodeScalars.contains(where: \.isCommand) else { return text }
  var result = String.UnicodeScalarView()
  for scalar in text.unicodeScalars { result.append(scalar.isCommand ? "\u{FFFD}" : scalar) }
  return String(result)
}
