"""What operators who serve others have to show: notices, age, contact, complaints, alarms."""
