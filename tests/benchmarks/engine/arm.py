"""The side of a reference that talks to the benchmark: one JSON request a line in, one JSON reply a line out.

Only replies go to the real standard output; whatever a library prints is sent to standard error.
"""

import json
import os
import resource
import sys
import traceback


def serve(handlers):
    """handlers: task name -> function(request dict) -> (seconds, amount). Returns when standard input ends."""
    replies = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)

    def reply(message):
        replies.write(json.dumps(message) + "\n")
        replies.flush()

    reply({"ready": True})
    for line in sys.stdin:
        request = json.loads(line)
        try:
            seconds, amount = handlers[request["task"]](request)
            # Linux counts ru_maxrss in units of 1024 bytes.
            peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6
            reply({"seconds": seconds, "amount": amount, "peakMegabytes": peak})
        except Exception:  # the benchmark says which arm failed and goes on
            reply({"error": traceback.format_exc(limit=3).strip().splitlines()[-1]})
            traceback.print_exc()
