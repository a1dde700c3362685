# pleats_python_test(NAME SCRIPT argument...): a test that runs SCRIPT with the
# program under test and the arguments.  It needs Debian's python3, and some
# scripts python3-numpy.
find_program(PLEATS_PYTHON python3 PATHS /usr/bin NO_DEFAULT_PATH REQUIRED)

function(pleats_python_test NAME SCRIPT)
  if(PLEATS_SANITIZE)
    set(options --no-memory-limit)
  endif()
  add_test(NAME ${NAME} COMMAND ${PLEATS_PYTHON} -B ${SCRIPT}
           $<TARGET_FILE:pleats_cli> ${ARGN} ${options})
  set_tests_properties(${NAME} PROPERTIES TIMEOUT 300)
  if(PLEATS_PERTURB)
    set_tests_properties(${NAME} PROPERTIES TIMEOUT 3600 ENVIRONMENT
                                            PLEATS_TEST_PERTURBED=1)
  endif()
endfunction()
