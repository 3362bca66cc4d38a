# What a server exposed to bad input is compiled with besides its product flags.
add_library(waypost_hardening INTERFACE)
if(NOT EMSCRIPTEN)
  target_compile_options(
    waypost_hardening
    INTERFACE -fstack-protector-strong
              -fcf-protection=full
              $<$<CONFIG:Release,RelWithDebInfo>:-U_FORTIFY_SOURCE>
              $<$<CONFIG:Release,RelWithDebInfo>:-D_FORTIFY_SOURCE=3>)
  target_compile_definitions(waypost_hardening INTERFACE _GLIBCXX_ASSERTIONS)
  target_link_options(waypost_hardening INTERFACE -Wl,-z,relro,-z,now)
endif()
