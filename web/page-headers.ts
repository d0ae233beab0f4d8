/** Headers of every answer with a file of the page, on one machine and on AWS. */

type PageHeaders = Readonly<
  Record<
    'content-security-policy' | 'x-content-type-options' | 'referrer-policy' | 'cross-origin-resource-policy',
    string
  >
>;

/** No script, style or image from elsewhere, none in the page itself, and no other site may frame it or read it. */
export const PAGE_HEADERS: PageHeaders = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
};

/** Other sites may show the badges of a page that everybody reads. */
export function pageHeaders(isPublic: boolean): PageHeaders {
  return isPublic ? { ...PAGE_HEADERS, 'cross-origin-resource-policy': 'cross-origin' } : PAGE_HEADERS;
}

/**
 * Scripts of other sites may read a public page, as they may a public page of Statuspage; cookies and passwords are not sent with
 * their requests.
 */
export const READ_BY_OTHER_SITES = { 'access-control-allow-origin': '*' } as const;
