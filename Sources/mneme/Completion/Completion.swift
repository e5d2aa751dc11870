import ArgumentParser
import Harness

/// `mneme completion`: what a shell needs to complete command lines of this program.
struct CompletionCommand: Speaking {
  static let configuration = CommandConfiguration(
    commandName: "completion",
    abstract: "Print the script with which bash, zsh or fish completes commands of mneme.",
    discussion: """
      Completed are commands, options and their choices, manifests, hashes of the store, keys and values of --where and \
      --set, and tags. To have it in every new shell:

        mneme completion bash > ~/.local/share/bash-completion/completions/mneme
        mneme completion zsh > ~/.zfunc/_mneme    where ~/.zshrc has fpath+=~/.zfunc before compinit
        mneme completion fish > ~/.config/fish/completions/mneme.fish

      In this shell alone, for bash and for zsh after compinit:

        source <(mneme completion bash)
      """)

  enum Shell: String, ExpressibleByArgument, CaseIterable { case bash, zsh, fish }

  @Argument(help: ArgumentHelp("bash, zsh or fish.", valueName: "shell"))
  var shell: Shell

  @OptionGroup var voice: VoiceOptions

  /// What `mneme help` has an answer for.
  private var topics: [String] {
    let shown = Mneme.configuration.subcommands.map { $0.configuration }.filter(\.shouldDisplay)
    return shown.compactMap(\.commandName) + HelpTopic.all.map(\.name) + ["--man"]
  }

  func perform(_ surroundings: Surroundings) async throws -> ExitStatus {
    let shell: CompletionShell =
      switch shell {
      case .bash: .bash
      case .zsh: .zsh
      case .fish: .fish
      }
    surroundings.output(
      Mneme.completionScript(for: shell) + "\n"
        + (self.shell == .bash ? BashWords.script(topics: topics) : ""))
    return .done
  }
}
