"""Keeping an index in step with folders, feeds, sitemaps and pages."""
