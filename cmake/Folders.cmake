# pleats_folder(NAME SEES folder... LINKS library...): src/NAME as its own
# object library.  Headers are copied to a folder of their own under the build
# tree, and a target gets only the include paths of itself and of what it sees,
# so that an include in the wrong direction does not compile.
function(pleats_folder NAME)
  cmake_parse_arguments(ARG "" "" "SEES;LINKS" ${ARGN})
  set(dir ${CMAKE_SOURCE_DIR}/src/${NAME})
  set(view ${CMAKE_BINARY_DIR}/view/${NAME})
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${dir}/*.c)
  file(MAKE_DIRECTORY ${view})
  if(NOT EXISTS ${view}/${NAME})
    file(CREATE_LINK ${dir} ${view}/${NAME} SYMBOLIC)
  endif()
  add_library(pleats_${NAME} STATIC ${sources})
  target_include_directories(pleats_${NAME} PUBLIC ${view}
                             ${CMAKE_SOURCE_DIR}/include
                             ${CMAKE_BINARY_DIR}/include)
  foreach(other ${ARG_SEES})
    target_link_libraries(pleats_${NAME} PUBLIC pleats_${other})
  endforeach()
  target_link_libraries(pleats_${NAME} PUBLIC ${ARG_LINKS})
endfunction()
