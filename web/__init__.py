"""The archive page: server-rendered, readable without scripts, nothing loaded from elsewhere. Starlette stays here."""
