# SPDX-License-Identifier: Apache-2.0
add_library(pchat_warnings INTERFACE)
target_compile_options(pchat_warnings INTERFACE
    -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wnon-virtual-dtor
    -Wold-style-cast -Woverloaded-virtual -Wformat=2
    $<$<CXX_COMPILER_ID:GNU>:-Wduplicated-cond;-Wlogical-op>
    # gcc 12 warns of copies that cannot happen where a literal is put before a string (its bug 105651).
    $<$<AND:$<CXX_COMPILER_ID:GNU>,$<VERSION_LESS:$<CXX_COMPILER_VERSION>,13>>:-Wno-restrict>
    # Never only a warning: each of these is a bug.
    -Werror=return-type -Werror=switch -Werror=unused-result
    $<$<BOOL:${PCHAT_WERROR}>:-Werror>)
