# relay_library(NAME SOURCES... LIBRARIES...): a library of the relay, waypost_relay_NAME. Sources
# include each other from the top of the project.
function(relay_library name)
  cmake_parse_arguments(ROOM "" "" "SOURCES;LIBRARIES;PRIVATE_LIBRARIES" ${ARGN})
  add_library(waypost_relay_${name} STATIC ${ROOM_SOURCES})
  target_include_directories(waypost_relay_${name} PUBLIC ${PROJECT_SOURCE_DIR})
  target_compile_features(waypost_relay_${name} PUBLIC cxx_std_20)
  target_link_libraries(
    waypost_relay_${name}
    PUBLIC waypost::core ${ROOM_LIBRARIES}
    PRIVATE waypost_warnings ${ROOM_PRIVATE_LIBRARIES})
endfunction()
