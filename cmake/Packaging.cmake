# SPDX-License-Identifier: Apache-2.0
# What goes where, and the Debian package: cpack --config build/release/CPackConfig.cmake
file(GLOB man_pages CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/man/*.[1-9])
pchat_man_pages(PROGRAM pchatctl FILES ${man_pages})

set(doc_dir ${CMAKE_INSTALL_DATADIR}/doc/pchatctl)
install(FILES completions/pchatctl.bash COMPONENT pchatctl
    DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions RENAME pchatctl)
install(FILES completions/pchatctl.zsh COMPONENT pchatctl
    DESTINATION ${CMAKE_INSTALL_DATADIR}/zsh/vendor-completions RENAME _pchatctl)
install(FILES completions/pchatctl.fish COMPONENT pchatctl
    DESTINATION ${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d)
install(FILES schemas/topology.v1.schema.json schemas/pchatd.v1.schema.json COMPONENT pchatctl
    DESTINATION ${CMAKE_INSTALL_DATADIR}/pchat/schemas)
install(DIRECTORY examples/ COMPONENT pchatctl DESTINATION ${doc_dir}/examples
    FILES_MATCHING PATTERN "*.yaml")
install(FILES cmake/debian/copyright COMPONENT pchatctl DESTINATION ${doc_dir})

set(changelog ${PROJECT_BINARY_DIR}/changelog.Debian.gz)
add_custom_command(OUTPUT ${changelog}
    COMMAND sh -c "gzip -9nc '${PROJECT_SOURCE_DIR}/cmake/debian/changelog' > '${changelog}'"
    DEPENDS cmake/debian/changelog VERBATIM)
add_custom_target(debian_changelog ALL DEPENDS ${changelog})
install(FILES ${changelog} COMPONENT pchatctl DESTINATION ${doc_dir})

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME pchat)
set(CPACK_PACKAGE_VENDOR pchat)
set(CPACK_PACKAGE_CONTACT "pchat maintainers <maintainers@pchat.invalid>")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_COMPONENTS_ALL pchatctl)
set(CPACK_DEB_COMPONENT_INSTALL ON)
# Without this the umask of whoever builds ends up in the package.
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS
    OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)
set(CPACK_DEBIAN_PACKAGE_RELEASE 1)
set(CPACK_DEBIAN_PACKAGE_SECTION net)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
set(CPACK_DEBIAN_PCHATCTL_PACKAGE_NAME pchatctl)
set(CPACK_DEBIAN_PCHATCTL_FILE_NAME DEB-DEFAULT)
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "command line of a persistent chat deployment")
set(CPACK_COMPONENT_PCHATCTL_DESCRIPTION
"Plans and checks the topology of a persistent chat deployment: sites, pools,
front ends, databases and file stores are described in one YAML file, and every
rule that it breaks is shown with its place, its reason and the way out.")
include(CPack)
