# One interface target for everything we compile; users of the source are not forced to -Werror.
add_library(waypost_warnings INTERFACE)
target_compile_options(
  waypost_warnings
  INTERFACE -Wall
            -Wextra
            -Wpedantic
            -Wshadow
            -Wconversion
            -Wsign-conversion
            -Wnon-virtual-dtor
            -Wold-style-cast
            -Woverloaded-virtual
            # GCC 12 sees overlaps in std::string's own operator+ (GCC bug 105651).
            $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict>
            $<$<BOOL:${WAYPOST_WERROR}>:-Werror>)
