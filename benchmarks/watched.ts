// How much there is to watch in the rows about `telltale watch`, which whoever shows it has to know as well.
export const TARGETS = 50;
export const SERIES_PER_TARGET = 2000;
