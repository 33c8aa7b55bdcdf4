# SPDX-License-Identifier: Apache-2.0
# Debian's libsoci-dev has neither a CMake nor a pkg-config file.
# Targets: SOCI::core, SOCI::odbc, SOCI::sqlite3.
find_path(SOCI_INCLUDE_DIR soci/soci.h)
find_library(SOCI_core_LIBRARY soci_core)
find_library(SOCI_odbc_LIBRARY soci_odbc)
find_library(SOCI_sqlite3_LIBRARY soci_sqlite3)

include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(SOCI
    REQUIRED_VARS SOCI_core_LIBRARY SOCI_odbc_LIBRARY SOCI_sqlite3_LIBRARY SOCI_INCLUDE_DIR)

if(SOCI_FOUND AND NOT TARGET SOCI::core)
    foreach(part IN ITEMS core odbc sqlite3)
        add_library(SOCI::${part} UNKNOWN IMPORTED)
        # Its headers include each other as <soci-config.h>; SYSTEM keeps their warnings out.
        set_target_properties(SOCI::${part} PROPERTIES
            IMPORTED_LOCATION ${SOCI_${part}_LIBRARY}
            INTERFACE_INCLUDE_DIRECTORIES "${SOCI_INCLUDE_DIR};${SOCI_INCLUDE_DIR}/soci"
            INTERFACE_SYSTEM_INCLUDE_DIRECTORIES "${SOCI_INCLUDE_DIR};${SOCI_INCLUDE_DIR}/soci")
    endforeach()
    set_property(TARGET SOCI::odbc APPEND PROPERTY INTERFACE_LINK_LIBRARIES SOCI::core odbc)
    set_property(TARGET SOCI::sqlite3 APPEND PROPERTY INTERFACE_LINK_LIBRARIES SOCI::core)
endif()
