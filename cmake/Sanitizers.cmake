# SPDX-License-Identifier: Apache-2.0
add_library(pchat_sanitizers INTERFACE)
if(PCHAT_SANITIZE)
    set(pchat_sanitize_flags -fsanitize=${PCHAT_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
    target_compile_options(pchat_sanitizers INTERFACE ${pchat_sanitize_flags})
    target_link_options(pchat_sanitizers INTERFACE ${pchat_sanitize_flags})
endif()
