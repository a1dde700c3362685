# cmake -DOUT=FOLDER -P bundle.cmake: joins the page's files to one that needs no
# other, cuts it where the JSON object goes, and writes FOLDER/page_text.c with the
# two halves, and the halves as they are (page_head.html, page_tail.html).
cmake_minimum_required(VERSION 3.20)
set(here ${CMAKE_CURRENT_LIST_DIR})

set(js "")
foreach(part scene colour search paint view input svg panel page)
  file(READ ${here}/${part}.js text)
  string(APPEND js "${text}")
endforeach()
file(READ ${here}/page.css css)
file(READ ${here}/page.html html)
string(REPLACE "{css}" "${css}" html "${html}")
string(REPLACE "{js}" "${js}" html "${html}")

string(FIND "${html}" "{json}" cut)
string(SUBSTRING "${html}" 0 ${cut} head)
math(EXPR cut "${cut} + 6")
string(SUBSTRING "${html}" ${cut} -1 tail)

# Bytes, because a compiler need not take strings of more than 4095.
set(code "#include \"draw/page/page_text.h\"\n")
foreach(half head tail)
  file(WRITE ${OUT}/page_${half}.html "${${half}}")
  file(READ ${OUT}/page_${half}.html bytes HEX)
  string(REGEX REPLACE "(..)" "0x\\1," bytes "${bytes}")
  if(bytes MATCHES "x[89a-f]")
    message(FATAL_ERROR "the page is to be written in ASCII")
  endif()
  string(APPEND code "const char pleats_page_${half}[] = {${bytes}0};\n")
endforeach()
file(WRITE ${OUT}/page_text.c "${code}")
