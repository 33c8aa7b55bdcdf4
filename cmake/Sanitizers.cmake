# SPDX-License-Identifier: Apache-2.0
add_library(pchat_sanitizers INTERFACE)
if(PCHAT_SANITIZE)
    set(pchat_sanitize_flags -fsanitize=${PCHAT_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
    target_compile_options(pchat_sanitizers INTERFACE ${pchat_sanitize_flags})
    target_link_options(pchat_sanitizers INTERFACE ${pchat_sanitize_flags})
endif()

# SOCI's library keeps the type information of its own classes to itself, and UBSan's check of virtual
# calls asks for it: what includes its headers links this last and does without that one check.
add_library(pchat_uses_soci INTERFACE)
if(PCHAT_SANITIZE MATCHES "undefined")
    target_compile_options(pchat_uses_soci INTERFACE -fno-sanitize=vptr)
endif()
