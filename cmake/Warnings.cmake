# Set for the folders of this project alone: a project around it keeps its own.

# The rounding of every machine the same: no fused operations by choice of the
# compiler.
add_compile_options(-ffp-contract=off)
add_compile_options(-Wall -Wextra -Wpedantic -Wshadow -Wconversion
                    -Wstrict-prototypes -Wvla)
if(PLEATS_WERROR)
  add_compile_options(-Werror)
endif()
if(PLEATS_SANITIZE)
  add_compile_options(-fsanitize=address,undefined -fno-sanitize-recover=all
                      -fno-omit-frame-pointer -g)
  add_link_options(-fsanitize=address,undefined)
endif()
if(PLEATS_SANITIZE_THREADS)
  add_compile_options(-fsanitize=thread -fno-omit-frame-pointer -g)
  add_link_options(-fsanitize=thread)
endif()
if(PLEATS_FUZZ)
  add_compile_options(-fsanitize=fuzzer-no-link,address,undefined -g)
  add_link_options(-fsanitize=address,undefined)
endif()
if(PLEATS_COVERAGE)
  add_compile_options(--coverage -fprofile-update=atomic)
  add_link_options(--coverage)
endif()
set(PLEATS_IS_INSTRUMENTED OFF)
if(PLEATS_SANITIZE OR PLEATS_SANITIZE_THREADS OR PLEATS_FUZZ OR PLEATS_COVERAGE)
  set(PLEATS_IS_INSTRUMENTED ON)
endif()
if(PLEATS_PERTURB)
  add_compile_definitions(PLEATS_PERTURB=1)
endif()
