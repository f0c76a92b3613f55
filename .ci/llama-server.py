"""llama.cpp's HTTP server, from the package that ships it as a library: llama-server.py GGUF PORT [SLOTS [CONTEXT_TOKENS]]

The same C++ server as the `llama-server` program, with `--parallel SLOTS -c CONTEXT_TOKENS --metrics --alias NAME`.
"""

import os
import signal
import sys

import xllamacpp

gguf, port = sys.argv[1], int(sys.argv[2])
params = xllamacpp.CommonParams()
params.model.path = gguf
params.model_alias = {"smollm2-135m-instruct"}
params.hostnames = ["127.0.0.1"]
params.port = port
params.n_parallel = int(sys.argv[3]) if len(sys.argv) > 3 else 4
params.n_ctx = int(sys.argv[4]) if len(sys.argv) > 4 else 8192
params.endpoint_metrics = True
# Its threads spin while they wait for each other: one core is left to whoever measures it.
threads = max(1, (os.cpu_count() or 2) - 1)
params.cpuparams.n_threads = threads
params.cpuparams_batch.n_threads = threads

# Before the server's threads exist, so that they inherit the mask and the signal reaches sigwait.
signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM})
server = xllamacpp.Server(params)
print(f"listening on {server.listening_address}", flush=True)
signal.sigwait({signal.SIGINT, signal.SIGTERM})
