/// What the parser of YAML complains of, in words that say what to mend: its own are about tokens.
enum YAMLProblem {
  /// The sentence for what the parser says; what it says, where there is no better one.
  static func sentence(_ problem: String) -> String { sentences[problem] ?? problem }

  private static let sentences = [
    "mapping values are not allowed in this context":
      "a “:” stands where no key can; write one “key: value” a line, and text that holds “: ” in quotes",
    "could not find expected ':'": "a key without “:”; write “key: value”",
    "did not find expected key":
      "no key follows here; check indentation, quotes and brackets on this line and the one before",
    "did not find expected ',' or ']'":
      "a list that begins with “[” is not closed with “]”, or lacks a comma",
    "did not find expected ',' or '}'":
      "a group that begins with “{” is not closed with “}”, or lacks a comma",
    "did not find expected '-' indicator": "a list goes on without “-”; check the indentation",
    "did not find expected <document start>":
      "text follows after the end; check the indentation of this line",
    "did not find expected node content": "a value is missing here",
    "found character that cannot start any token":
      "a value begins with a tab or a sign that YAML keeps for itself; indent with spaces, put text in quotes",
    "found a tab character that violates indentation": "a tab indents this line; use spaces",
    "found a tab character where an indentation space is expected": "a tab indents this line; use spaces",
    "found unexpected end of stream": "a quote that was opened is not closed",
    "found undefined alias": "no “&name” comes before this “*name”",
    "but found another document": "a second document begins here; a manifest is one",
    "block sequence entries are not allowed in this context":
      "a “-” stands where no list can; begin it on a new line",
  ]
}
