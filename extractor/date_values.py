"""What the forms of data/dates.toml mean: for each `means` of a row the function that computes the EDTF value."""

from __future__ import annotations

from extractor import date_days as days
from extractor import date_relative as relative
from extractor import date_spans as spans
from extractor import date_times as times
from extractor.date_reader import Meaning

MEANINGS: dict[str, Meaning] = {
    "ago": relative.ago,
    "bank_holiday": days.bank_holiday,
    "clock": times.clock,
    "clock_range": times.clock_range,
    "day_month": days.day_month,
    "day_range": days.day_range,
    "days_repeated": times.days_repeated,
    "decade": days.decade,
    "dom_alone": relative.dom_alone,
    "duration": spans.duration,
    "easter_weekend": days.easter_weekend,
    "feast": days.feast,
    "figures": days.figures,
    "figures_range": days.figures_range,
    "fiscal": days.fiscal,
    "following_day": relative.following_day,
    "following_part": times.following_part,
    "following_period": relative.following_period,
    "inner": relative.inner,
    "later": relative.later,
    "month": days.month,
    "month_range": days.month_range,
    "moving_feast": days.moving_feast,
    "part_alone": times.part_alone,
    "part_of_day": times.part_of_day,
    "part_of_day_of": times.part_of_day_of,
    "part_of_feast": days.part_of_feast,
    "part_repeated": times.part_repeated,
    "parts_of_days": times.parts_of_days,
    "period": relative.period,
    "range": times.range_of,
    "relative_day": relative.relative_day,
    "relative_month_name": relative.relative_month_name,
    "repeated": times.repeated,
    "same_period": relative.same_period,
    "season": days.season,
    "set": spans.set_of,
    "that_weekday": relative.that_weekday,
    "time_on_day": times.time_on_day,
    "week_commencing": relative.week_commencing,
    "weekday": relative.weekday,
    "weekday_dom": relative.weekday_dom,
    "weekday_range": relative.weekday_range,
    "year": days.year,
    "year_range": days.year_range,
    "year_repeated": times.year_repeated,
    "year_to": relative.year_to,
}
