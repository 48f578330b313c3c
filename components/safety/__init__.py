"""Operator duties: notices, age, contact, complaints, alarms."""
