"""What we owe people and share with them: promises, tasks, appointments and thanks."""
