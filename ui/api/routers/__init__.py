"""The routes, one file per thing they are about; each is made for one engine."""
