/** A file of the status page, as a server sends it. */
export interface SiteFile {
  readonly type: string;
  readonly body: string;
}

const TYPES = {
  html: 'text/html; charset=utf-8',
  css: 'text/css; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  json: 'application/json',
  atom: 'application/atom+xml; charset=utf-8',
  svg: 'image/svg+xml',
  metrics: 'text/plain; version=0.0.4; charset=utf-8',
} as const;

export function siteFile(type: keyof typeof TYPES, body: string): SiteFile {
  return { type: TYPES[type], body };
}
