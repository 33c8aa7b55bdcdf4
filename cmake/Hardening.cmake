# SPDX-License-Identifier: Apache-2.0
# Cheap run-time checks everywhere; the flags of a distribution package in optimised builds.
# _FORTIFY_SOURCE needs optimisation and disturbs the sanitizers' own interceptors.
add_library(pchat_hardening INTERFACE)
target_compile_definitions(pchat_hardening INTERFACE _GLIBCXX_ASSERTIONS)
target_link_options(pchat_hardening INTERFACE -Wl,--as-needed)

include(CheckPIESupported)
check_pie_supported(LANGUAGES CXX)

if(NOT PCHAT_SANITIZE)
    target_compile_options(pchat_hardening INTERFACE
        $<$<NOT:$<CONFIG:Debug>>:-fstack-protector-strong;-fstack-clash-protection>)
    target_compile_definitions(pchat_hardening INTERFACE
        $<$<NOT:$<CONFIG:Debug>>:_FORTIFY_SOURCE=2>)
    target_link_options(pchat_hardening INTERFACE $<$<NOT:$<CONFIG:Debug>>:-Wl,-z,relro;-Wl,-z,now>)
endif()
