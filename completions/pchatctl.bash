# SPDX-License-Identifier: Apache-2.0
# bash completion for pchatctl: asks the program for candidates. Either source this file or install
# it as /usr/share/bash-completion/completions/pchatctl.
_pchatctl() {
    local word line index=0 cut=0 directive="" i
    local -a words=("${COMP_WORDS[0]}")
    # Bash takes words apart at = and :, so put them together again.
    for ((i = 1; i <= COMP_CWORD; i++)); do
        word=${COMP_WORDS[i]}
        if ((i > 1)) && [[ $word == [=:]* || ${COMP_WORDS[i - 1]} == *[=:] ]]; then
            words[index]+=$word
        else
            words[++index]=$word
        fi
    done
    word=${words[index]-}
    local current=${COMP_WORDS[COMP_CWORD]}
    [[ $current == [=:]* ]] && current=""
    cut=$((${#word} - ${#current}))
    COMPREPLY=()
    while IFS= read -r line; do
        case $line in
            :*) directive=$line ;;
            *) COMPREPLY+=("${line%%$'\t'*}") ;;
        esac
    done < <(PCHATCTL_COMPLETE=$index "${words[@]}" 2>/dev/null)
    for i in "${!COMPREPLY[@]}"; do COMPREPLY[i]=${COMPREPLY[i]:cut}; done
    if [[ -z $directive ]]; then
        # Names come out of a document, and may hold what the shell would act on.
        for i in "${!COMPREPLY[@]}"; do
            [[ -z ${COMPREPLY[i]} ]] || COMPREPLY[i]=$(printf %q "${COMPREPLY[i]}")
        done
        return 0
    fi
    compopt -o filenames 2>/dev/null
    local kind=-f
    [[ $directive == :directories ]] && kind=-d
    while IFS= read -r line; do COMPREPLY+=("$line"); done < <(compgen "$kind" -- "$current")
}
complete -F _pchatctl pchatctl
