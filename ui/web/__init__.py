"""The chat page: `ui.web.page.build_demo(engine)`, and `ui.web.mount.mount_page(app, engine)`."""
