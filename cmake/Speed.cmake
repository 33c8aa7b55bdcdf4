# SPDX-License-Identifier: Apache-2.0
# A compiler cache and a fast linker are used where they are installed and never required.
find_program(PCHAT_CCACHE ccache)
if(PCHAT_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
    # What it asks for before it believes in headers that were read before.
    set(CMAKE_CXX_COMPILER_LAUNCHER env CCACHE_SLOPPINESS=pch_defines,time_macros ${PCHAT_CCACHE})
endif()

find_program(PCHAT_MOLD mold)
find_program(PCHAT_LLD ld.lld)
if(PCHAT_MOLD)
    add_link_options(-fuse-ld=mold)
elseif(PCHAT_LLD)
    add_link_options(-fuse-ld=lld)
endif()

# With PCHAT_PCH the headers that nearly all files include are read once for the libraries and once
# for the programs, which are tests: reading them is two thirds of what a file costs. Builds without
# it (dev, release, tidy, fuzz) find the include that somebody forgot.
function(pchat_read_headers_once)
    set(std <algorithm> <array> <atomic> <charconv> <chrono> <condition_variable> <cstdint> <filesystem>
        <functional> <map> <memory> <mutex> <optional> <set> <span> <sstream> <string> <string_view> <thread>
        <unordered_map> <unordered_set> <utility> <variant> <vector> <fmt/format.h> <tl/expected.hpp>)
    file(CONFIGURE OUTPUT ${PROJECT_BINARY_DIR}/generated/nothing.cpp CONTENT "int main() {}\n" @ONLY)
    add_library(pchat_read_library OBJECT ${PROJECT_BINARY_DIR}/generated/nothing.cpp)
    target_link_libraries(pchat_read_library PRIVATE pchat_settings tl::expected fmt::fmt)
    target_precompile_headers(pchat_read_library PRIVATE ${std})
    add_executable(pchat_read_program EXCLUDE_FROM_ALL ${PROJECT_BINARY_DIR}/generated/nothing.cpp)
    target_link_libraries(pchat_read_program PRIVATE pchat_settings pchat_test_basics)
    target_precompile_headers(pchat_read_program PRIVATE ${std} ${PROJECT_SOURCE_DIR}/tests/support/catch.h)
    pchat_targets_below(${PROJECT_SOURCE_DIR} targets)
    foreach(target IN LISTS targets)
        get_target_property(kind ${target} TYPE)
        if(target MATCHES "^pchat_read_")
            continue()
        elseif(kind STREQUAL EXECUTABLE)
            target_precompile_headers(${target} REUSE_FROM pchat_read_program)
        elseif(kind MATCHES "^(STATIC|OBJECT)_LIBRARY$")
            target_precompile_headers(${target} REUSE_FROM pchat_read_library)
        endif()
    endforeach()
endfunction()

function(pchat_targets_below folder out)
    get_property(found DIRECTORY ${folder} PROPERTY BUILDSYSTEM_TARGETS)
    get_property(folders DIRECTORY ${folder} PROPERTY SUBDIRECTORIES)
    foreach(one IN LISTS folders)
        pchat_targets_below(${one} more)
        list(APPEND found ${more})
    endforeach()
    set(${out} ${found} PARENT_SCOPE)
endfunction()
