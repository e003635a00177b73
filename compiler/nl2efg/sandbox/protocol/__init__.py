"""What passes between the application and the processes that run generated code."""
