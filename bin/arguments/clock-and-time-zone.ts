/** How times are shown to people. Machine formats are always ISO 8601 UTC, and have no clock. */
export interface Clock {
  /** Epoch milliseconds. */
  readonly now: number;
  /** UTC instead of the local time zone. */
  readonly utc: boolean;
}
