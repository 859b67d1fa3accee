"""How early an outcome can be told: indicators, tellers judged on worlds they have not seen, walls, public figures by date."""
