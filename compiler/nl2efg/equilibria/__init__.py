"""What an equilibrium is: profiles, beliefs, and the certificates that show it."""
