# What the sources take for granted (README.md, "Where it builds"), said in one line
# before a compiler stumbles over it.
include(CheckCSourceCompiles)
include(CheckSymbolExists)

if(NOT CMAKE_C_COMPILER_ID MATCHES "GNU|Clang")
  message(FATAL_ERROR "pleats needs GCC or Clang, not ${CMAKE_C_COMPILER_ID}: it "
                      "uses their vectors and 128-bit integers")
endif()
check_c_source_compiles(
  "_Static_assert(sizeof(long) == 8 && sizeof(void *) == 8 && sizeof(int) == 4,
                  \"LP64\");
   __extension__ typedef __int128 wide;
   _Static_assert(sizeof(wide) == 16, \"128 bits\");
   int main(void) { return 0; }" PLEATS_HAS_LP64)
if(NOT PLEATS_HAS_LP64)
  message(FATAL_ERROR "pleats needs a 64-bit system of the LP64 kind (long and "
                      "pointers of 8 bytes) with __int128")
endif()
check_c_source_compiles(
  "#include <float.h>
   _Static_assert(FLT_RADIX == 2 && DBL_MANT_DIG == 53 && DBL_MAX_EXP == 1024 &&
                  FLT_EVAL_METHOD == 0, \"doubles\");
   #ifdef __FAST_MATH__
   #error -ffast-math
   #endif
   int main(void) { return 0; }" PLEATS_HAS_DOUBLES)
if(NOT PLEATS_HAS_DOUBLES)
  message(FATAL_ERROR "pleats needs IEEE doubles whose operations round to double "
                      "(FLT_EVAL_METHOD 0), and no -ffast-math: its error bounds "
                      "are proved for these")
endif()
if(PLEATS_PROGRAM)
  set(CMAKE_REQUIRED_DEFINITIONS -D_GNU_SOURCE)
  check_symbol_exists(argp_parse argp.h PLEATS_HAS_ARGP)
  unset(CMAKE_REQUIRED_DEFINITIONS)
  if(NOT PLEATS_HAS_ARGP)
    message(FATAL_ERROR "the program needs argp, which is part of glibc; elsewhere "
                        "build the library alone: -DPLEATS_PROGRAM=OFF")
  endif()
endif()
