# pleats_folder(NAME SEES folder... LINKS library... WITHOUT file...): src/NAME
# but for some files as its own library.  Headers are looked up in a folder of
# their own under the build tree, and a target gets only the include paths of
# itself and of what it sees, so that an include in the wrong direction does not
# compile.  The objects are those of the installed libraries, too (Libraries.cmake).
function(pleats_folder NAME)
  cmake_parse_arguments(ARG "" "" "SEES;LINKS;WITHOUT" ${ARGN})
  set(dir ${PROJECT_SOURCE_DIR}/src/${NAME})
  set(view ${PROJECT_BINARY_DIR}/view/${NAME})
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${dir}/*.c)
  list(TRANSFORM ARG_WITHOUT PREPEND ${dir}/)
  list(REMOVE_ITEM sources ${ARG_WITHOUT})
  file(MAKE_DIRECTORY ${view})
  if(NOT EXISTS ${view}/${NAME})
    file(CREATE_LINK ${dir} ${view}/${NAME} SYMBOLIC)
  endif()
  add_library(pleats_${NAME} STATIC ${sources})
  pleats_private_code(pleats_${NAME})
  target_include_directories(pleats_${NAME} PUBLIC ${view}
                             ${PROJECT_SOURCE_DIR}/include
                             ${PROJECT_BINARY_DIR}/include)
  foreach(other ${ARG_SEES})
    target_link_libraries(pleats_${NAME} PUBLIC pleats_${other})
  endforeach()
  target_link_libraries(pleats_${NAME} PUBLIC ${ARG_LINKS})
endfunction()
