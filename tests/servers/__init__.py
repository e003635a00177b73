"""Real model servers, with models that the tests make themselves."""
