#compdef pchatctl
# SPDX-License-Identifier: Apache-2.0
# zsh completion for pchatctl: asks the program for candidates. Either source this file after compinit
# or install it as _pchatctl in a directory of $fpath.
_pchatctl() {
    local line directive=""
    local -a candidates shown
    while IFS= read -r line; do
        case $line in
            :*) directive=$line ;;
            *)
                candidates+=("${line%%$'\t'*}")
                shown+=("${line/$'\t'/  -- }")
                ;;
        esac
    done < <(PCHATCTL_COMPLETE=$((CURRENT - 1)) "${words[@]:0:$CURRENT}" 2>/dev/null)
    (($#candidates)) && compadd -l -d shown -a candidates
    [[ $PREFIX == --*=* ]] && compset -P '*='
    case $directive in
        :files) _files ;;
        :directories) _files -/ ;;
    esac
    (($#candidates)) || [[ -n $directive ]]
}
if [[ $funcstack[1] == _pchatctl ]]; then _pchatctl "$@"; else compdef _pchatctl pchatctl; fi
