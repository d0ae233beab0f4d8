/** A request and its answer, without sockets: a server on one machine and the function URL on AWS make one and send the other. */

export interface HttpRequest {
  /** In capitals. */
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  /** By names in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** As it was received: signatures are made over these octets. */
  readonly body: Uint8Array;
  /** Address of the client. */
  readonly source: string;
}

export interface HttpResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Octets of a body. PagerDuty guarantees the delivery of up to 55 KB. */
export const MOST_BODY = 64 * 1024;

/** Nothing is kept, framed, fetched from elsewhere, or told to the page that a link leads to. */
const HEADERS = {
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
  'content-security-policy': "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
} as const;

/** What a refusal says. It tells nobody which check failed. */
const WORDS: Readonly<Record<number, string>> = {
  200: '',
  204: '',
  400: 'Bad request.\n',
  401: 'Not accepted.\n',
  404: 'Not found.\n',
  405: 'Method not allowed.\n',
  413: 'Too large.\n',
  421: 'Not for this host.\n',
  429: 'Too many requests.\n',
  503: 'Not available. Try again.\n',
};

export function plainAnswer(status: number, headers: Readonly<Record<string, string>> = {}): HttpResponse {
  const type = { 'content-type': 'text/plain; charset=utf-8' };
  return { status, headers: { ...HEADERS, ...type, ...headers }, body: WORDS[status] ?? '' };
}

/** @param policy the Content-Security-Policy of the page */
export function pageAnswer(status: number, markup: string, policy: string): HttpResponse {
  const own = {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': policy,
    'x-robots-tag': 'noindex',
  };
  return { status, headers: { ...HEADERS, ...own }, body: markup };
}
