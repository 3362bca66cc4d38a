# WAYPOST_SANITIZE is what -fsanitize= takes ("address,undefined", "thread"); presets set it.
add_library(waypost_sanitizers INTERFACE)
if(WAYPOST_SANITIZE)
  target_compile_options(
    waypost_sanitizers INTERFACE -fsanitize=${WAYPOST_SANITIZE} -fno-omit-frame-pointer
                                 -fno-sanitize-recover=all)
  target_link_options(waypost_sanitizers INTERFACE -fsanitize=${WAYPOST_SANITIZE})
endif()
