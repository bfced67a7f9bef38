# SPDX-License-Identifier: Apache-2.0
# Runs cxr-train (PROGRAM) as a person would and judges exit status and output. FOLDER is made for what it writes.
set(folder ${FOLDER})
file(MAKE_DIRECTORY ${folder})

function(expect status pattern)
  execute_process(COMMAND ${PROGRAM} ${ARGN} RESULT_VARIABLE result OUTPUT_VARIABLE output ERROR_VARIABLE output)
  if(NOT result EQUAL ${status} OR NOT output MATCHES "${pattern}")
    message(FATAL_ERROR "cxr-train ${ARGN}: status ${result}, expected ${status}; output, expected \"${pattern}\":\n${output}")
  endif()
endfunction()

expect(0 "cxr-train [0-9]+\\.[0-9]+\\.[0-9]+" --version)
expect(0 "train.*evaluate" --help)
expect(0 "--fine-tune-epochs" train --help)
expect(0 "--model" evaluate --help)
expect(0 "--overlays" explain --help)
expect(0 "--accepted" fit-ood --help)
expect(2 "subcommand" )
expect(2 "--data is required" train)
expect(2 "multiple of 32" train --data a --backbone none --out b --image-size 100)
expect(2 "expected KEY=TEXT" train --data a --backbone none --out b --about nonsense)
expect(2 "class-balance" train --data a --backbone none --out b --class-balance unheard-of)
expect(1 "nowhere/BACTERIA" train --data ${folder}/nowhere --backbone none --out ${folder}/run)
expect(1 "nowhere/BACTERIA" evaluate --model ${folder} --data ${folder}/nowhere --out ${folder}/run)
expect(1 "nowhere/BACTERIA" explain --model ${folder} --data ${folder}/nowhere --out ${folder}/run)
expect(1 "nowhere/BACTERIA" fit-ood --model ${folder} --data ${folder}/nowhere)

# Options of a command stand in its section of a configuration file; the command line goes before the file.
file(WRITE ${folder}/options.toml "[train]\ndata = \"${folder}/from-file\"\nbackbone = \"none\"\nout = \"${folder}/run\"\n")
expect(1 "from-file/BACTERIA" --config ${folder}/options.toml train)
expect(1 "from-file/BACTERIA" train --config ${folder}/options.toml)
expect(1 "typed/BACTERIA" train --config ${folder}/options.toml --data ${folder}/typed)
# What a run writes as its configuration starts the same run again.
expect(1 "from-file/BACTERIA" train --config ${folder}/run/config.toml --data ${folder}/from-file)
