# SPDX-License-Identifier: Apache-2.0
# A compiler cache and a fast linker are used where they are installed and never required.
find_program(PCHAT_CCACHE ccache)
if(PCHAT_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
    set(CMAKE_CXX_COMPILER_LAUNCHER ${PCHAT_CCACHE})
endif()

find_program(PCHAT_MOLD mold)
find_program(PCHAT_LLD ld.lld)
if(PCHAT_MOLD)
    add_link_options(-fuse-ld=mold)
elseif(PCHAT_LLD)
    add_link_options(-fuse-ld=lld)
endif()
