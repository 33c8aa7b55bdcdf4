# SPDX-License-Identifier: Apache-2.0
# fish completion for pchatctl: asks the program for candidates. Either source this file or install
# it as pchatctl.fish in a directory of $fish_complete_path.
function __pchatctl_complete
    set -l before (commandline -opc)
    set -l current (commandline -ct)
    # Paths keep the `--flag=` that stands before them in the same word.
    set -l start (string match -r '^--[^=]*=' -- "$current")
    set -l path (string replace -- "$start" '' "$current")
    for line in (env PCHATCTL_COMPLETE=(count $before) $before "$current" 2>/dev/null)
        switch $line
            case ':files'
                string replace -r '^' -- "$start" (__fish_complete_path "$path")
            case ':directories'
                string replace -r '^' -- "$start" (__fish_complete_directories "$path")
            case '*'
                echo $line
        end
    end
end
complete -c pchatctl -f -a '(__pchatctl_complete)'
