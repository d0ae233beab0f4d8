import type { PageLogo } from '../lambda/config/page/status-page.ts';

/** A file of the status page, as a server sends it. */
export interface SiteFile {
  readonly type: string;
  readonly body: string;
  /** The body is octets in base64. */
  readonly isBase64?: true;
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

/** What is sent. */
export function bodyOf({ body, isBase64 }: SiteFile): string | Uint8Array {
  return isBase64 ? Buffer.from(body, 'base64') : body;
}

/** The logo of the config under its path; none if there is none. */
export function logoFiles(logo: PageLogo | null): readonly (readonly [path: string, file: SiteFile])[] {
  return logo === null ? [] : [[logo.name, { type: logo.type, body: logo.base64, isBase64: true }]];
}

export function siteFile(type: keyof typeof TYPES, body: string): SiteFile {
  return { type: TYPES[type], body };
}
