# What `cmake --install` puts where, and the .deb (cpack). With prefix /usr the configuration is in
# /etc, where the program looks for it.
#
# OpenSSL, libc and libstdc++ are always the system's: it keeps them patched.

include(GNUInstallDirs)
set(relay_etc ${CMAKE_INSTALL_SYSCONFDIR}/vertex-relay)
if(CMAKE_INSTALL_PREFIX STREQUAL "/usr")
    set(relay_etc /etc/vertex-relay)
endif()

# The release tarball has beside the program the libraries that other systems lack; an installed
# program has no such path.
set_target_properties(vertex-relay PROPERTIES BUILD_RPATH "$ORIGIN/../lib/vertex-relay")

install(TARGETS vertex-relay RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
install(FILES config/config.toml DESTINATION ${relay_etc})
install(FILES README.md CHANGELOG.md LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR})
install(FILES config/systemd/sysusers.conf DESTINATION lib/sysusers.d RENAME vertex-relay.conf)

foreach(unit system/vertex-relay.service system/vertex-relay.socket
             user/vertex-relay@.service user/vertex-relay@.socket)
    get_filename_component(whose ${unit} DIRECTORY)
    file(READ config/systemd/${unit} text)
    string(REPLACE "/usr/bin/" "${CMAKE_INSTALL_FULL_BINDIR}/" text "${text}")
    file(CONFIGURE OUTPUT ${PROJECT_BINARY_DIR}/systemd/${unit} CONTENT "${text}" @ONLY)
    install(FILES ${PROJECT_BINARY_DIR}/systemd/${unit} DESTINATION lib/systemd/${whose})
endforeach()

# The manual page and the completions are what the program prints.
set(printed ${PROJECT_BINARY_DIR}/printed)
install(CODE "execute_process(COMMAND ${CMAKE_COMMAND} -D PROGRAM=$<TARGET_FILE:vertex-relay>
                              -D FOLDER=${printed}
                              -P ${PROJECT_SOURCE_DIR}/cmake/printed_files.cmake
                              COMMAND_ERROR_IS_FATAL ANY)")
install(DIRECTORY ${printed}/ DESTINATION ${CMAKE_INSTALL_DATADIR})

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME vertex-relay)
set(CPACK_PACKAGE_CONTACT "The vertex-relay authors <vertex-relay@users.noreply.github.com>")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION net)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_DEPENDS "ca-certificates, passwd")
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
set(CPACK_DEBIAN_PACKAGE_CONTROL_EXTRA
    ${PROJECT_SOURCE_DIR}/cmake/debian/conffiles ${PROJECT_SOURCE_DIR}/cmake/debian/postinst
    ${PROJECT_SOURCE_DIR}/cmake/debian/prerm ${PROJECT_SOURCE_DIR}/cmake/debian/postrm)
include(CPack)
