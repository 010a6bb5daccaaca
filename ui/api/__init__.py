"""The HTTP API: `create_app(engine)`, and `serve(engine, host, port)` which adds the page."""
