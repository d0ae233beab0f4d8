/** What the server needs of a file to answer: computed at most once for each file, and only if somebody asks. */

import { createHash } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { bodyOf, type SiteFile } from '../../web/site-file.ts';

export interface PreparedFile {
  /** Weak, because the octets differ with their coding. */
  readonly etag: string;
  /** What is sent without coding. One for all readers: of a text, each that does not read would hold a copy. */
  readonly octets: Uint8Array;
  /** Null for a small file, and for a picture, which is compressed already. */
  readonly compress: () => Promise<Buffer | null>;
}

/** Octets below which a file fits into a packet anyway. */
const LEAST = 1_400;

const gzipText = promisify(gzip);

/** Files are forgotten with the publication that they are of. */
export function openPreparedFiles(): (file: SiteFile) => PreparedFile {
  const prepared = new WeakMap<SiteFile, PreparedFile>();
  return (file) => {
    const known = prepared.get(file) ?? prepare(file);
    prepared.set(file, known);
    return known;
  };
}

function prepare(file: SiteFile): PreparedFile {
  const body = bodyOf(file);
  const octets = typeof body === 'string' ? Buffer.from(body) : body;
  const etag = `W/"${createHash('sha256').update(octets).digest('base64url').slice(0, 16)}"`;
  let compressed: Promise<Buffer | null> | null = null;
  return {
    etag,
    octets,
    // In a thread of its own: probes go on meanwhile.
    compress: () => {
      compressed ??= file.isBase64 || octets.length < LEAST ? Promise.resolve(null) : gzipText(octets);
      return compressed;
    },
  };
}

/** Whether the client has the file: by the weak comparison of RFC 9110, 13.1.2. A proxy sends the tags of all its copies. */
export function isTagKnown(etag: string, { 'if-none-match': known = '' }: IncomingHttpHeaders): boolean {
  const opaque = etag.replace(/^W\//, '');
  return known.trim() === '*' || [...known.matchAll(/"[^"]*"/g)].some(([tag]) => tag === opaque);
}

/** Browsers and Prometheus do. */
export function takesGzip(headers: IncomingHttpHeaders): boolean {
  const codings = String(headers['accept-encoding'] ?? '').split(',');
  return codings.some((coding) => /^\s*gzip\s*(?:;\s*q=(?!0(?:\.0*)?\s*$).*)?$/i.test(coding));
}
