"""Looking at the world without touching it: metrics, the recorder, cohort counts."""
