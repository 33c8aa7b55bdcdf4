# SPDX-License-Identifier: Apache-2.0
# pchat_man_pages(PROGRAM <target> FILES <hand-written page>...)
#
# Puts the manual under <build>/man/man<section>/, compressed as Debian wants it: the pages that the
# program writes about itself and those of man/. Run as a script (cmake -P) this file does the work.
function(pchat_man_pages)
    cmake_parse_arguments(arg "" "PROGRAM" "FILES" ${ARGN})
    set(out ${PROJECT_BINARY_DIR}/man)
    string(REPLACE ";" "," pages "${arg_FILES}")
    add_custom_command(
        OUTPUT ${out}.stamp
        COMMAND ${CMAKE_COMMAND} -D PROGRAM=$<TARGET_FILE:${arg_PROGRAM}> -D OUT=${out} -D PAGES=${pages}
            -P ${PROJECT_SOURCE_DIR}/cmake/ManPages.cmake
        COMMAND ${CMAKE_COMMAND} -E touch ${out}.stamp
        DEPENDS ${arg_PROGRAM} ${arg_FILES} ${PROJECT_SOURCE_DIR}/cmake/ManPages.cmake
        COMMENT "Writing the manual"
        VERBATIM)
    add_custom_target(man_pages ALL DEPENDS ${out}.stamp)
    install(DIRECTORY ${out}/ DESTINATION ${CMAKE_INSTALL_MANDIR} COMPONENT pchatctl)
endfunction()

if(NOT CMAKE_SCRIPT_MODE_FILE STREQUAL CMAKE_CURRENT_LIST_FILE)
    return()
endif()

string(REPLACE "," ";" pages "${PAGES}")
file(REMOVE_RECURSE ${OUT} ${OUT}.new)
file(MAKE_DIRECTORY ${OUT}.new)
execute_process(COMMAND ${PROGRAM} __docs man ${OUT}.new --quiet COMMAND_ERROR_IS_FATAL ANY OUTPUT_QUIET)
if(pages)
    file(COPY ${pages} DESTINATION ${OUT}.new)
endif()
file(GLOB_RECURSE written ${OUT}.new/*)
foreach(page IN LISTS written)
    get_filename_component(name ${page} NAME)
    string(REGEX REPLACE ".*\\.([1-9])$" "\\1" section ${name})
    file(MAKE_DIRECTORY ${OUT}/man${section})
    file(RENAME ${page} ${OUT}/man${section}/${name})
    # -n leaves name and time out, so that two builds give the same bytes.
    execute_process(COMMAND gzip -9n ${OUT}/man${section}/${name} COMMAND_ERROR_IS_FATAL ANY)
endforeach()
file(REMOVE_RECURSE ${OUT}.new)
