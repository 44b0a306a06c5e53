"""Django's formats for English, as the rest of the console writes them: 3 Mar 2026, 14:05 UTC."""

DATE_FORMAT = "j M Y"
DATETIME_FORMAT = "j M Y, H:i e"
SHORT_DATE_FORMAT = "j M Y"
SHORT_DATETIME_FORMAT = "j M Y, H:i e"
MONTH_DAY_FORMAT = "j M"
YEAR_MONTH_FORMAT = "M Y"
