//! British Summer Time, and days that systems write when there is no date.

use crate::text::Date;

/// First and last day of British Summer Time in a year since 1996, in days since 1970-01-01: the last Sundays of March and October
/// (Summer Time Order 2002).
pub fn summer_time(year: i32) -> Option<(i64, i64)> {
    let last_sunday = |month| Date::new(year, month, 31).map(|d| d.days() - i64::from(d.weekday() % 7));
    last_sunday(3).zip(last_sunday(10))
}

/// Whether a day since 1996 lies in British Summer Time, the days on which the clocks change included.
pub fn is_summer_time(day: Date) -> Option<bool> {
    summer_time(day.year()).map(|(from, to)| (from..=to).contains(&day.days()))
}

/// Whether midnight of a day is in summer time. Before 1996 orders differed by year; from April to 22 October lies inside the dates
/// of every year since 1972.
pub fn is_summer_midnight(day: Date) -> bool {
    match day.year() {
        // On the first day summer time begins at one in the morning, on the last it ends at two.
        1996.. => summer_time(day.year()).is_some_and(|(from, to)| (from + 1..=to).contains(&day.days())),
        1972.. => ((4, 1)..=(10, 22)).contains(&(day.month_number(), day.day())),
        _ => false,
    }
}

/// Whether a day, `YYYY-MM-DD`, is one that systems write when there is no date.
pub fn is_sentinel(day: &str) -> bool {
    const SENTINELS: &[&str] =
        &["1900-01-01", "1800-01-01", "1970-01-01", "9999-12-31", "1753-01-01", "0001-01-01", "1899-12-30"];
    SENTINELS.contains(&day)
}
