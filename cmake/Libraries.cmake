# The libraries that are installed, of the objects of all folders.

# pleats_private_code(TARGET): only what PLEATS_API stands before is seen from
# outside, and what is seen need not be replaceable by the host.
function(pleats_private_code TARGET)
  set_target_properties(${TARGET} PROPERTIES POSITION_INDEPENDENT_CODE ON
                                             C_VISIBILITY_PRESET hidden)
  target_compile_options(${TARGET} PRIVATE -fno-semantic-interposition)
  set_property(GLOBAL APPEND PROPERTY PLEATS_CODE ${TARGET})
endfunction()

# pleats_join(OUT object...): the command that joins objects to one in which the
# private symbols are local.  An archive of it is linked whole or not at all.
function(pleats_join OUT)
  set(list ${CMAKE_CURRENT_BINARY_DIR}/objects.txt)
  file(GENERATE OUTPUT ${list} CONTENT "$<JOIN:${ARGN},\n>\n")
  add_custom_command(
    OUTPUT ${OUT}
    COMMAND ${CMAKE_LINKER} -r -o ${OUT} @${list}
    COMMAND ${CMAKE_OBJCOPY} --localize-hidden ${OUT}
    DEPENDS ${ARGN} ${list} VERBATIM)
endfunction()

# pleats_library(TARGET): what both libraries have in common.
function(pleats_library TARGET)
  set_target_properties(${TARGET} PROPERTIES OUTPUT_NAME pleats
                                             LINKER_LANGUAGE C)
  target_include_directories(
    ${TARGET}
    INTERFACE $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/include>
              $<BUILD_INTERFACE:${PROJECT_BINARY_DIR}/include>
              $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>)
  target_link_libraries(${TARGET} PRIVATE PkgConfig::PLEATS_PRIVATE
                                          Threads::Threads m)
endfunction()

# pleats_libraries(): libpleats.so and libpleats.a.
function(pleats_libraries)
  get_property(folders GLOBAL PROPERTY PLEATS_CODE)
  list(TRANSFORM folders REPLACE "(.+)" "$<TARGET_OBJECTS:\\1>" OUTPUT_VARIABLE
                                                               objects)
  add_library(pleats SHARED ${objects})
  add_library(pleats::pleats ALIAS pleats)
  pleats_library(pleats)
  set_target_properties(pleats PROPERTIES VERSION ${PROJECT_VERSION}
                                          SOVERSION 0)
  target_link_options(pleats PRIVATE -Wl,-Bsymbolic-functions -Wl,--as-needed)

  # Sanitizers keep lists of globals that joining and hiding would spoil.
  if(NOT PLEATS_IS_INSTRUMENTED AND CMAKE_OBJCOPY)
    set(joined ${CMAKE_CURRENT_BINARY_DIR}/joined${CMAKE_C_OUTPUT_EXTENSION})
    pleats_join(${joined} ${objects})
    set_source_files_properties(${joined} PROPERTIES EXTERNAL_OBJECT ON
                                                     GENERATED ON)
    set(objects ${joined})
  endif()
  add_library(pleats_static STATIC ${objects})
  add_library(pleats::static ALIAS pleats_static)
  pleats_library(pleats_static)
  set_target_properties(pleats_static PROPERTIES EXPORT_NAME static)
endfunction()
