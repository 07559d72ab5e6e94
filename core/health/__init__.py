"""How a source fares: what its documents betray (signs), its state (states), what admins hear of it (told)."""
