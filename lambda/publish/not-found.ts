/** What CloudFront answers with if there is no such file. */
export const NOT_FOUND = {
  path: 'not-found.txt',
  file: { type: 'text/plain; charset=utf-8', body: 'Not found.\n' },
} as const;
