# Asks PROGRAM for its manual page and completions; FOLDER gets those that it prints, as share/ has
# them.
function(ask file)
    execute_process(COMMAND ${PROGRAM} ${ARGN} OUTPUT_VARIABLE text RESULT_VARIABLE failed
                    ERROR_QUIET)
    if(failed OR text STREQUAL "")
        message(STATUS "not installed, the program does not print it: ${file}")
    else()
        file(WRITE ${FOLDER}/${file} "${text}")
    endif()
endfunction()

file(REMOVE_RECURSE ${FOLDER})
file(MAKE_DIRECTORY ${FOLDER})
ask(man/man1/vertex-relay.1 man)
ask(bash-completion/completions/vertex-relay completion bash)
ask(zsh/vendor-completions/_vertex-relay completion zsh)
ask(fish/vendor_completions.d/vertex-relay.fish completion fish)
