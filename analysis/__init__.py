"""Questions asked of the simulator, through its front door only."""
