"""Why a product dies and until when it could be saved: shares of gates, what broke first, one more user, the point of no return."""
