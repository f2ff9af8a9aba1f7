"""What Alembic runs: the migrations, on the connection and inside the transaction that `open_journal` has opened."""

from alembic import context

config = context.config
context.configure(connection=config.attributes["connection"], **config.attributes["version_table"])
context.run_migrations()
