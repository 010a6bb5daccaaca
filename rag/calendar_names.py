"""The names of months and weekdays, in lower case."""

import calendar

MONTHS = {
    name: number
    for number in range(1, 13)
    for name in (calendar.month_name[number].lower(), calendar.month_abbr[number].lower())
} | {"sept": 9}
"""The number of each month, by its name and by its abbreviations."""

MONTH = "|".join(calendar.month_name[1:])
"""The full names with their capitals, as a pattern."""

WEEKDAYS = {calendar.day_name[number].lower(): number for number in range(7)}
"""The number of each weekday; Monday is 0."""
