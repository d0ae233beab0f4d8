/** The code of the socket's error, which `fetch` wraps in "fetch failed". Messages may contain the URL. */
export function connectionFailure(error: unknown): string {
  const cause = error instanceof Error ? (error.cause ?? error) : error;
  if (!(cause instanceof Error)) return 'no connection';
  if ('code' in cause && typeof cause.code === 'string') return cause.code;
  // https://fetch.spec.whatwg.org/#port-blocking
  return cause.message === 'bad port' ? 'HTTP clients do not use this port' : cause.name;
}
