import Foundation
import Harness
import Records
import Subprocess
import SystemPackage
import Testing

/// Completion as people have it: keys typed into a shell on a terminal.
@Suite struct InteractiveShellTests {
  /// Types lines into an interactive bash and has it print the words that it would have run: where a tab was typed,
  /// completed ones. Keys are read one after the other, so nothing waits for a screen.
  private static let typist = #"""
    import os, pty, re, select, sys, time
    program, folder, lines = sys.argv[1], sys.argv[2], sys.argv[3:]
    child, terminal = pty.fork()
    if child == 0:
        os.chdir(folder)
        os.environ.update(PATH=os.path.dirname(program) + ':' + os.environ['PATH'], TERM='dumb', INPUTRC='/dev/null',
                          PS1='', HISTFILE='/dev/null')
        os.execv('/bin/bash', ['bash', '--norc', '--noprofile', '-i'])
    seen, end = '', time.time() + 30
    def wait_for(mark):
        global seen
        while not re.search(mark, seen):
            if time.time() > end: sys.exit('no %s in %r' % (mark, seen))
            if select.select([terminal], [], [], 0.1)[0]: seen += os.read(terminal, 65536).decode()
        seen, before = re.split(mark, seen, maxsplit=1)[1], seen
        return before
    def type(keys): os.write(terminal, keys.encode())
    type("bind 'set enable-bracketed-paste off'; source <(mneme completion bash); echo rea''dy\r")
    wait_for(r'ready\r\n')
    for line in lines:
        type("mneme " + line + "\x05; echo do''ne\x01printf '<%s>\\n' \r")
        print(' '.join(re.findall(r'^<(.*)>\r$', wait_for(r'done\r\n'), flags=re.M)))
    type('exit\r')
    """#

  private static func typed(_ lines: [String], in shelf: Shelf) async throws -> [String] {
    let result = try await Subprocess.run(
      .path("/usr/bin/python3"),
      arguments: Arguments(["-c", typist, Workbench.program, shelf.folder] + lines),
      input: .none, output: .string(limit: 1 << 20), error: .string(limit: 1 << 20))
    #expect(result.terminationStatus == .exited(0), "\(result.standardError)")
    return result.standardOutput.split(separator: "\n").map(String.init)
  }

  @Test func `tabs in a real bash complete what was begun, and put a space where the word is whole`()
    async throws
  {
    let shelf = try Shelf()
    try shelf.publish(0)
    try shelf.keepManifest()
    let run = shelf.runs()[0].run
    // Folders are offered for files alone.
    for name in ["table", "scaling", "exit-status"] {
      try FileManager.default.createDirectory(
        atPath: "\(shelf.folder)/\(name)", withIntermediateDirectories: true)
    }
    let lines = [
      ("tab\tExp\tso\t--form\tmark\tx", "table Experiments/sorting.yaml --format markdown x"),
      ("ls --where model.ki\tmemo\tx", "ls --where model.kind=memoria x"),
      ("ls --where 'seed=1 status=fai\tx", "ls --where seed=1 status=failed x"),
      ("table --format=la\tx", "table --format=latex x"),
      ("run a.yaml --set=model.ki\tmemo\tx", "run a.yaml --set=model.kind=memoria x"),
      ("logs \tx", "logs \(run.short) x"),
      ("show \(run.hex.prefix(14))\tx", "show \(run.hex) x"),
      ("table --rows model.kind,task.segm\t", "table --rows model.kind,task.segment"),
      ("help exi\tx", "help exit-status x"), ("bench sc\t--verb\tx", "bench scaling --verbose x"),
    ]
    let words = try await Self.typed(lines.map(\.0), in: shelf)
    #expect(words == lines.map { "mneme " + $0.1 })
  }

  /// What a terminal of fifty columns shows of a command.
  private static func shown(_ words: [String], _ environment: [String], in shelf: Shelf) async throws
    -> String
  {
    let result = try await Subprocess.run(
      .path("/usr/bin/env"),
      arguments: Arguments(
        ["-u", "NO_COLOR", "TERM=xterm", "COLUMNS=50"] + environment + [
          "/usr/bin/python3", "-c",
          "import os, pty, sys; sys.exit(os.waitstatus_to_exitcode(pty.spawn(sys.argv[1:])))",
          Workbench.program,
        ] + words + ["--store", shelf.store]), input: .none, output: .string(limit: 1 << 20),
      error: .string(limit: 1 << 20))
    #expect(result.terminationStatus == .exited(0), "\(result.standardError)")
    return result.standardOutput
  }

  @Test func `a terminal gets lines that it can show, and colour unless NO_COLOR is set`() async throws {
    let shelf = try Shelf.complete()
    let escape = "\u{1B}["
    let list = try await Self.shown(["ls"], [], in: shelf)
    #expect(list.split(whereSeparator: \.isNewline).count > 24)
    for line in list.split(whereSeparator: \.isNewline) { #expect(line.columns <= 50, "\(line)") }
    let (table, plain) = (
      try await Self.shown(["table", shelf.manifest], [], in: shelf),
      try await Self.shown(["table", shelf.manifest], ["NO_COLOR=1"], in: shelf)
    )
    #expect(table.contains(escape) && !plain.contains(escape))
    #expect(plain.split(whereSeparator: \.isNewline).count > 10)
    for line in plain.split(whereSeparator: \.isNewline) { #expect(line.columns <= 50, "\(line)") }
  }
}
