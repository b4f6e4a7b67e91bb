"""What holds for all tests."""

import signal

# Tests that run in the background of a shell would pass its deafness to Ctrl-C on to the commands that they interrupt.
signal.signal(signal.SIGINT, signal.default_int_handler)
