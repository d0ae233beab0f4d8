/**
 * Shapes of values that came out of the table: any program may have written them. These checks are written by hand, because a judge reads
 * thousands a minute and every byte of a function's bundle is loaded when it starts.
 */
export type Fields = Readonly<Record<string, unknown>>;

export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function isText(value: unknown): value is string {
  return typeof value === 'string';
}

export function isTextOrNull(value: unknown): value is string | null {
  return value === null || typeof value === 'string';
}

export function isListOf<Value>(value: unknown, is: (each: unknown) => each is Value): value is readonly Value[] {
  return Array.isArray(value) && value.every(is);
}

export function isMapOf<Value>(
  value: unknown,
  is: (each: unknown) => each is Value,
): value is Readonly<Record<string, Value>> {
  return isFields(value) && Object.values(value).every(is);
}

export function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0;
}

export function isNumber(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}

/** ISO 8601 UTC, from the year 1000 on. */
const timePattern = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/;

export function isTime(value: unknown): value is string {
  return isText(value) && timePattern.test(value) && !Number.isNaN(Date.parse(value));
}

/** A name of a round begins with its time, to the second. */
export function isRoundName(value: unknown): value is string {
  return isText(value) && isTime(`${value.slice(0, 19)}Z`);
}

/** `2026-11-22T05` */
export function isHour(value: unknown): value is string {
  return isText(value) && value.length === 13 && isTime(`${value}:00:00Z`);
}

/** `2026-11-22` */
export function isDate(value: unknown): value is string {
  return isText(value) && value.length === 10 && isTime(`${value}T00:00:00Z`);
}
