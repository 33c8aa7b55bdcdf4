# SPDX-License-Identifier: Apache-2.0
# What a deployment puts on nodes: cmake --build build/release --target bundle
# The script does it all, so that it can be read, and run, without CMake.
add_custom_target(bundle
    COMMAND ${PROJECT_SOURCE_DIR}/scripts/bundle ${PROJECT_VERSION} ${CMAKE_RUNTIME_OUTPUT_DIRECTORY}
        ${PROJECT_BINARY_DIR}/bundle
    DEPENDS pchatd pchatctl
    USES_TERMINAL
    VERBATIM)
