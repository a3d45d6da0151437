"""Statistics and reports: functions of plain data, no server, no database."""
