# Writes pleats.pc for the prefix of this installation.  Install.cmake sets the
# folders libdir and includedir, the version and the modules.
foreach(folder libdir includedir)
  cmake_path(ABSOLUTE_PATH ${folder} BASE_DIRECTORY ${CMAKE_INSTALL_PREFIX})
endforeach()
set(file ${libdir}/pkgconfig/pleats.pc)
message(STATUS "Installing: $ENV{DESTDIR}${file}")
configure_file(${CMAKE_CURRENT_LIST_DIR}/pleats.pc.in $ENV{DESTDIR}${file}
               @ONLY)
list(APPEND CMAKE_INSTALL_MANIFEST_FILES ${file})
