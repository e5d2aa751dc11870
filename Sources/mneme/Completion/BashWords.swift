/// What bash needs beside the parser's script: it ends words at `=` and `:`, and puts a space behind what it completed.
///
/// So `--where model.kind=me` comes as four words, of which none is the option's value. They are joined as they were typed
/// before the parser's function sees them, and what stands before the last sign is taken off what it offers, because bash
/// puts that behind the sign. What holds a sign is offered as no file's name, whose signs bash would put backslashes before.
enum BashWords {
  /// - Parameter topics: what `mneme help` explains besides commands.
  static func script(topics: [String]) -> String { script + helped(topics) }

  /// The parser's own `help` offers nothing.
  private static func helped(_ words: [String]) -> String {
    """
    _mneme_help() {
        COMPREPLY=($(compgen -W '\(words.joined(separator: " "))' -- "${cur}"))
    }

    """
  }

  private static let script = #"""
    _mneme_joined() {
        local -a words=("${COMP_WORDS[0]}")
        local -i place last=0
        COMPREPLY=()
        local word head='' line="${COMP_LINE:0:COMP_POINT}"
        line="${line#*"${COMP_WORDS[0]}"}"
        for ((place = 1; place <= COMP_CWORD; place++)); do
            word="${COMP_WORDS[place]}"
            if [[ -z "${line}" || "${line}" == [[:space:]]* ]]; then
                words+=("${word}")
                head=''
            elif [[ "${word}" == '=' && "${words[last]}" == --* ]]; then
                words+=('')
                head=''
            else
                words[last]+="${word}"
                if [[ "${word}" == [=:]* ]]; then head="${words[last]}"; fi
            fi
            last=$((${#words[@]} - 1))
            line="${line#"${line%%[![:space:]]*}"}"
            line="${line#"${word}"}"
        done
        local COMP_WORDS=("${words[@]}") COMP_CWORD="${last}"
        local COMP_LINE="${words[*]}"
        local COMP_POINT="${#COMP_LINE}"
        _mneme "${1}" "${words[last]#[\'\"]}" "${words[last - 1]}"
        COMPREPLY=("${COMPREPLY[@]#"${head}"}")
        if [[ ${#COMPREPLY[@]} -eq 1 && "${COMPREPLY[0]}" == *[=/] ]]; then compopt -o nospace 2>/dev/null; fi
        # A folder may be called as a command or a setting is.
        case "${words[1]}" in bench|completion|help|selftest) place=2 ;; *) place=1 ;; esac
        if [[ "${COMPREPLY[*]}" == *=* || ${last} -le ${place} ]]; then compopt +o filenames 2>/dev/null; fi
    }
    complete -o filenames -F _mneme_joined mneme

    """#
}
