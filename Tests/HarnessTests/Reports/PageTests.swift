import Testing

@testable import Harness

/// What the environment says of a page: no-color.org, and the older CLICOLOR.
@Suite struct PageTests {
  @Test(arguments: [
    ([:], true, false), (["NO_COLOR": "1"], false, false), (["NO_COLOR": ""], true, false),
    (["TERM": "dumb"], false, false), (["CLICOLOR": "0"], false, false),
    (["CLICOLOR_FORCE": "1"], true, true),
    (["CLICOLOR_FORCE": "0"], true, false), (["CLICOLOR_FORCE": "1", "NO_COLOR": "1"], false, false),
    (["CLICOLOR_FORCE": "1", "TERM": "dumb"], true, true),
  ])
  func `colour is for terminals, as the environment asks`(
    environment: [String: String], onTerminal: Bool, inPipe: Bool
  ) {
    #expect(Page(terminal: 80, environment: environment).isColoured == onTerminal)
    #expect(Page(terminal: nil, environment: environment).isColoured == inPipe)
  }

  @Test func `COLUMNS counts before what a terminal says, and never in a pipe`() {
    #expect(Page(terminal: 80, environment: [:]).width == 80)
    #expect(Page(terminal: 80, environment: ["COLUMNS": "44"]).width == 44)
    for nonsense in ["", "0", "-3", "wide", "99999999"] {
      #expect(Page(terminal: 80, environment: ["COLUMNS": nonsense]).width == 80)
    }
    #expect(Page(terminal: nil, environment: ["COLUMNS": "44"]) == .plain)
  }
}
