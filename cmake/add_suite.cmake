# add_suite(NAME SOURCES... LIBRARIES...): one Boost.Test executable, known to ctest as NAME. Test
# files may use exceptions even where the library under test may not.
function(add_suite name)
  cmake_parse_arguments(SUITE "" "" "SOURCES;LIBRARIES" ${ARGN})
  add_executable(${name} ${SUITE_SOURCES})
  target_link_libraries(${name} PRIVATE ${SUITE_LIBRARIES} waypost_sanitizers)
  target_include_directories(${name} PRIVATE ${PROJECT_SOURCE_DIR}/tests)
  target_compile_definitions(
    ${name} PRIVATE WAYPOST_TESTS_FOLDER="${PROJECT_SOURCE_DIR}/tests")
  if(EMSCRIPTEN)
    waypost_node_program(${name})
  endif()
  # tests/run counts test cases by this report.
  add_test(NAME ${name} COMMAND ${name} --log_level=error --report_level=short)
endfunction()
