# cmake --install: headers, both libraries, the program, what finds them
# (pkg-config, CMake), licences.
include(CMakePackageConfigHelpers)

set(package ${CMAKE_INSTALL_LIBDIR}/cmake/pleats)
install(DIRECTORY include/pleats ${PROJECT_BINARY_DIR}/include/pleats
        DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} FILES_MATCHING PATTERN *.h)
# Of two export sets, so that who links the shared library does not need what
# the other one is made with.
install(TARGETS pleats EXPORT pleats DESTINATION ${CMAKE_INSTALL_LIBDIR})
install(TARGETS pleats_static EXPORT pleats_static
        DESTINATION ${CMAKE_INSTALL_LIBDIR})
install(EXPORT pleats NAMESPACE pleats:: DESTINATION ${package}
        FILE pleats-shared.cmake)
install(EXPORT pleats_static NAMESPACE pleats:: DESTINATION ${package}
        FILE pleats-static.cmake)
if(PLEATS_PROGRAM)
  install(TARGETS pleats_program DESTINATION ${CMAKE_INSTALL_BINDIR})
endif()

list(JOIN PLEATS_MODULES " " modules)
configure_file(cmake/pleats-config.cmake.in
               ${PROJECT_BINARY_DIR}/package/pleats-config.cmake @ONLY)
write_basic_package_version_file(
  ${PROJECT_BINARY_DIR}/package/pleats-config-version.cmake
  COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/package/pleats-config.cmake
              ${PROJECT_BINARY_DIR}/package/pleats-config-version.cmake
        DESTINATION ${package})

# Written when the prefix is known: cmake --install --prefix may change it.
install(CODE "set(libdir \"${CMAKE_INSTALL_LIBDIR}\")
set(includedir \"${CMAKE_INSTALL_INCLUDEDIR}\")
set(version \"${PROJECT_VERSION}\")
set(modules \"${modules}\")")
install(SCRIPT cmake/install_pc.cmake)

install(FILES LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR})
install(FILES third_party/onnx/LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR}
        RENAME LICENSE.onnx)
