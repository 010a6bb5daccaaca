import signal


def pytest_configure():
    """Let Ctrl-C reach the processes that tests start, also where the suite runs in the background.

    A shell has what it starts with `&` ignore SIGINT, and what is ignored is inherited.
    """
    signal.signal(signal.SIGINT, signal.default_int_handler)
